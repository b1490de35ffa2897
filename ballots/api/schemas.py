"""What the API takes and answers. The records are those of the draw protocol, field by field."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from accounts.api.schemas import Input, Text
from ballots.api.paging import PLAIN, IsoDate
from ballots.models import Ballot, BallotBox
from lotteries.models import Lottery

Hex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class LotteryIn(Input):
    closure_date: IsoDate = Field(description="Today or later, and not taken.")
    name: Text | None = Field(
        None,
        min_length=1,
        description="1 to 100 characters. Made up if left out.",
        examples=["tan octopus lottery"],
    )


class LotteryOut(Schema):
    id: UUID
    name: str = Field(examples=["tan octopus lottery"])
    closure_date: IsoDate
    is_closed: bool = Field(description="Whether it takes no more ballots.")
    created_at: datetime
    winning_ballot_id: UUID | None = Field(description="Null until the draw, and without ballots.")

    @classmethod
    def from_box(cls, box: BallotBox, at: datetime) -> "LotteryOut":
        lottery, winner = box.lottery, box.winning_ballot
        return cls(
            id=lottery.pk,
            name=lottery.name,
            closure_date=lottery.closure_date,
            is_closed=not box.is_open(at),
            created_at=lottery.created_at,
            winning_ballot_id=winner.pk if winner else None,
        )


class PublicUser(Schema):
    id: UUID
    username: str = Field(examples=["carol"])


class LotteryName(Schema):
    id: UUID
    name: str = Field(examples=["tan octopus lottery"])
    closure_date: IsoDate

    @classmethod
    def from_lottery(cls, lottery: Lottery) -> "LotteryName":
        return cls(id=lottery.pk, name=lottery.name, closure_date=lottery.closure_date)


class WinningBallot(Schema):
    id: UUID
    user: PublicUser
    lottery: LotteryName
    submitted_at: datetime

    @classmethod
    def from_ballot(cls, ballot: Ballot, lottery: Lottery) -> "WinningBallot":
        participant = ballot.participant
        return cls(
            id=ballot.pk,
            user=PublicUser(id=participant.pk, username=participant.username),
            lottery=LotteryName.from_lottery(lottery),
            submitted_at=ballot.submission.submitted_at,
        )


class Result(Schema):
    lottery: LotteryName
    ballot_count: Count
    winner: WinningBallot | None = Field(description="Null where there were no ballots.")

    @classmethod
    def from_box(cls, box: BallotBox) -> "Result":
        ballot = box.winning_ballot
        return cls(
            lottery=LotteryName.from_lottery(box.lottery),
            ballot_count=box.ballot_count,
            winner=WinningBallot.from_ballot(ballot, box.lottery) if ballot else None,
        )


class PassOver(Input):
    number: Annotated[int, Field(ge=1, le=2**31 - 1), PLAIN] = Field(
        description="Of the winning ballot: a repeated request passes over nobody else.",
        examples=[7],
    )
    reason: Text = Field(
        description="1 to 300 characters. Everybody can read it, for good.",
        examples=["could not be reached"],
    )


class BallotOut(Schema):
    id: UUID
    user_id: UUID
    lottery_id: UUID
    submitted_at: datetime

    @classmethod
    def from_ballot(cls, ballot: Ballot) -> "BallotOut":
        return cls(
            id=ballot.pk,
            user_id=ballot.submission.participant_id,
            lottery_id=ballot.box_id,
            submitted_at=ballot.submission.submitted_at,
        )


# --- The draw protocol


class Version(Schema):
    version: Literal[1] = 1
    lottery: UUID


class ReceiptHead(Schema):
    ballot_count: Count
    root: Hex


class Receipt(Version):
    closure_date: IsoDate
    number: Count
    ballot: UUID
    participant: UUID
    leaf: Hex
    head: ReceiptHead
    seed_commitment: Hex
    beacon_round: int | None


class Submitted(BallotOut):
    """The first ballot of the submission, and the receipts of all of them if asked for."""

    receipts: list[Receipt] | None = None


class Winner(Schema):
    number: Count
    ballot: UUID
    participant: UUID
    username: str
    passed_over: str | None
    proof: list[Hex]


class RecordOut(Version):
    name: str
    closure_date: IsoDate
    time_zone: str = Field(examples=["Europe/Amsterdam"])
    closes_at: int = Field(description="Unix seconds.")
    sealed_at: str | None = Field(description="ISO 8601, UTC, with microseconds.")
    drawn_at: str | None
    closed_early: bool | None
    sealed_late: bool | None
    ballot_count: Count | None
    participant_count: Count | None
    root: Hex | None
    seed: Hex | None
    seed_commitment: Hex
    beacon: str = Field(examples=["none"])
    beacon_delay: int | None
    beacon_signature: str | None
    winners: list[Winner] | None


class Head(Version):
    ballot_count: Count
    root: Hex
    sealed: bool


class Inclusion(Version):
    number: Count
    ballot_count: Count
    root: Hex
    leaf: Hex
    proof: list[Hex]


class Consistency(Version):
    from_: Count = Field(alias="from")
    from_root: Hex
    to: Count
    to_root: Hex
    proof: list[Hex]
