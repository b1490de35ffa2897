"""What became of the places of a box: what their holders were told, and when, and what they did."""

from collections.abc import Iterator
from datetime import timedelta

from ballots.models import Answer, BallotBox, Ground, Holding
from ballots.verification.scanning import SKEW


def check_holdings(box: BallotBox) -> Iterator[str]:
    held = Holding.objects.filter(drawn__draw=box.pk).select_related("drawn__ballot")
    for holding in held.order_by("drawn__position"):
        yield from check_moments(holding, box.lottery.claim_days)
        if holding.drawn.passed_over_at:
            yield from check_passing_over(holding, box.lottery.claim_days)


def check_moments(holding: Holding, claim_days: int) -> Iterator[str]:
    since, number = holding.drawn.taken_at - SKEW, holding.drawn.number
    moments = (holding.told_at, holding.answered_at, holding.handed_over_at)
    if any(moment and moment < since for moment in moments):
        yield f"Ballot {number} was answered for, or its holder told, before it was drawn."
    counts = holding.told_at and claim_days
    until = holding.told_at + timedelta(days=claim_days) if holding.told_at and counts else None
    if holding.claim_until != until:
        yield f"The time to claim for ballot {number} is another one than was announced."


def check_passing_over(holding: Holding, claim_days: int) -> Iterator[str]:
    """The ground is that of the reason, of what the holder did, and of who decided it."""
    drawn, number, answer = holding.drawn, holding.drawn.number, holding.answer
    ground, over_at, until = Ground(drawn.ground), drawn.passed_over_at, holding.claim_until
    is_in_time = not (until and over_at and over_at >= until - SKEW)
    is_early, is_claimed = bool(claim_days) and is_in_time, answer == Answer.CLAIMED
    if not drawn.reason.startswith(ground.words):
        yield f"The reason for passing over ballot {number} is not one for its ground."
    # Whoever declines by word or letter has an admin write it down, with more after the ground.
    is_own_word = drawn.reason == Ground.DECLINED.label
    if (is_own_word or ground == Ground.UNCLAIMED) and drawn.passed_over_by_id:
        yield f"Somebody is said to have decided what the holder of ballot {number} did."
    if is_own_word != (answer == Answer.DECLINED) or (ground == Ground.DECLINED and is_claimed):
        yield f"The holder of ballot {number} declined, or was passed over for it, and not both."
    if ground == Ground.UNCLAIMED and (answer or is_in_time):
        yield f"The holder of ballot {number} was passed over before their time to claim was over."
    if ground == Ground.UNREACHED and (answer or is_early):
        yield f"The holder of ballot {number} answered, or had a time to claim."
    if holding.handed_over_at:
        yield f"The prize of ballot {number} was handed over, and its place given to another."
