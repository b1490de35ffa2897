"""What the API takes and answers. The records are those of the draw protocol, field by field."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from accounts.api.schemas import Input, Text
from ballots.api.paging import PLAIN, IsoDate
from ballots.models import LARGEST_NUMBER, Ballot, BallotBox, DrawnBallot, Place
from lotteries.bounds import MOST_BALLOTS_EACH, MOST_CLAIM_DAYS, MOST_PLACES
from lotteries.models import Lottery

Hex = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


def number_of_column(least: int, most: int, description: str) -> Any:
    """A number that its column reads: one is refused in the same words at every door."""
    number = {"type": "integer", "minimum": least, "maximum": most}
    schema: dict[str, Any] = {"anyOf": [number, {"type": "null"}]}
    return Field(None, description=description, examples=[least + 1], json_schema_extra=schema)


class LotteryIn(Input):
    """What is left out, or null, is as the settings of the site say. An empty text is an answer."""

    closure_date: IsoDate = Field(description="Today or later, and not taken.")
    name: Text | None = Field(
        None,
        min_length=1,
        description="1 to 100 characters. Made up if left out.",
        examples=["tan octopus lottery"],
    )
    prize: str | None = Field(
        None,
        description="What can be won, in plain text. The first line is shown where the lottery is "
        "named.",
        examples=["A bicycle"],
    )
    terms: str | None = Field(
        None,
        description="Who may win, and how it goes, in plain text.",
        examples=["Whoever is 18 or older may win."],
    )
    places: Any = number_of_column(1, MOST_PLACES, "How many people win.")
    ballots_each: Any = number_of_column(
        0, MOST_BALLOTS_EACH, "The most ballots of one participant; 0: no limit."
    )
    claim_days: Any = number_of_column(
        0, MOST_CLAIM_DAYS, "How many days a winner has to claim; 0: no deadline."
    )


class NoteIn(Input):
    text: str = Field(
        description="1 to 2000 characters. Everybody can read it, for good.",
        examples=["The bicycle is a blue one."],
    )


class NoteOut(Schema):
    """A public note. It clarifies, and changes nothing that was promised."""

    text: str
    noted_at: datetime


class LotteryOut(Schema):
    id: UUID
    name: str = Field(examples=["tan octopus lottery"])
    closure_date: IsoDate
    is_closed: bool = Field(description="Whether it takes no more ballots.")
    created_at: datetime
    winning_ballot_id: UUID | None = Field(
        description="That of place 1. Null until the draw, and where nobody holds it."
    )
    prize: str
    terms: str
    places: int
    ballots_each: Count = Field(description="The most ballots of one participant; 0: no limit.")
    claim_days: Count = Field(description="How many days a winner has to claim; 0: no deadline.")
    announcement: Hex = Field(description="The hash of all that is promised.")
    notes: list[NoteOut] = Field(description="Added since, the oldest first.")

    @classmethod
    def from_box(cls, box: BallotBox, at: datetime) -> "LotteryOut":
        lottery, winner = box.lottery, box.winner
        return cls(
            id=lottery.pk,
            name=lottery.name,
            closure_date=lottery.closure_date,
            is_closed=not box.is_open(at),
            created_at=lottery.announced_at,
            winning_ballot_id=winner.ballot_id if winner else None,
            prize=lottery.prize,
            terms=lottery.terms,
            places=lottery.places,
            ballots_each=lottery.ballots_each,
            claim_days=lottery.claim_days,
            announcement=lottery.announcement,
            notes=[NoteOut(text=note.text, noted_at=note.noted_at) for note in lottery.notes.all()],
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
    def from_drawn(cls, drawn: DrawnBallot, lottery: Lottery) -> "WinningBallot":
        return cls(
            id=drawn.ballot_id,
            user=PublicUser(id=drawn.participant_id, username=drawn.shown_as),
            lottery=LotteryName.from_lottery(lottery),
            submitted_at=drawn.ballot.submission.submitted_at,
        )


class PlaceOut(Schema):
    place: int
    winner: WinningBallot | None = Field(description="Null where nobody holds it.")
    handed_over_at: datetime | None = Field(description="Null until its holder got the prize.")

    @classmethod
    def from_place(cls, place: Place, lottery: Lottery) -> "PlaceOut":
        holder = place.holder
        winner = WinningBallot.from_drawn(holder, lottery) if holder else None
        handed_over_at = holder.holding.handed_over_at if holder else None
        return cls(place=place.number, winner=winner, handed_over_at=handed_over_at)


class Result(Schema):
    lottery: LotteryName
    ballot_count: Count
    winner: WinningBallot | None = Field(description="That of place 1; null where nobody holds it.")
    places: list[PlaceOut]

    @classmethod
    def from_box(cls, box: BallotBox) -> "Result":
        places = [PlaceOut.from_place(place, box.lottery) for place in box.draw.places]
        return cls(
            lottery=LotteryName.from_lottery(box.lottery),
            ballot_count=box.ballot_count,
            winner=places[0].winner,
            places=places,
        )


class HandOver(Input):
    number: Annotated[int, Field(ge=1, le=LARGEST_NUMBER), PLAIN] = Field(
        description="Of the ballot that holds a place: a repeated request meets nobody else.",
        examples=[7],
    )


class PassOver(HandOver):
    ground: Literal["ineligible", "declined", "unreached"] = Field(
        description="Who is not eligible under the terms; who declined by word or letter; or who "
        "could not be reached, once there is no time left to claim.",
        examples=["ineligible"],
    )
    reason: Text = Field(
        description="10 to 300 characters. Everybody can read it, for good.",
        examples=["an employee of the organiser"],
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
    version: Literal[2] = 2
    lottery: UUID


class ReceiptHead(Schema):
    ballot_count: Count
    root: Hex


class Receipt(Version):
    closure_date: IsoDate
    announcement: Hex
    number: Count
    ballot: UUID
    participant: UUID
    head: ReceiptHead
    checkpoint: str | None


class Submitted(BallotOut):
    """The first ballot of the submission, and the receipts of all of them if asked for."""

    receipts: list[Receipt] | None = None


class Drawn(Schema):
    number: Count
    ballot: UUID
    participant: UUID
    username: str | None
    place: int | None = Field(description="Null for a repeat, which holds nothing.")
    passed_over: str | None
    proof: list[Hex]


class RecordOut(Version):
    name: str
    prize: str
    terms: str
    closure_date: IsoDate
    time_zone: str = Field(examples=["Europe/Amsterdam"])
    closes_at: int = Field(description="Unix seconds, like all moments here.")
    announced_at: int
    places: int
    ballots_each: Count
    claim_days: Count
    seed_commitment: Hex
    beacon: str = Field(examples=["none"])
    announcement: Hex
    sealed_at: int | None
    ballot_count: Count | None
    participant_count: Count | None
    root: Hex | None
    seed: Hex | None
    drawn_at: int | None
    beacon_signature: str | None
    drawn: list[Drawn] | None
    sealed_evidence: None


class Head(Version):
    ballot_count: Count
    root: Hex
    sealed: bool
    checkpoint: str | None


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
