"""What a participant keeps of each ballot, to check later that it was in the draw."""

from typing import Any

from ballots.models import Ballot


def receipt(ballot: Ballot) -> dict[str, Any]:
    """The receipt of the ballot, as the draw protocol defines it ("The public record")."""
    submission, lottery = ballot.submission, ballot.box.lottery
    return {
        "version": 2,
        "lottery": str(lottery.id),
        "closure_date": lottery.closure_date.isoformat(),
        "announcement": lottery.announcement,
        "number": ballot.number,
        "ballot": str(ballot.id),
        "participant": str(submission.participant_id),
        "head": {"ballot_count": submission.last_number, "root": submission.root},
        "checkpoint": None,
    }
