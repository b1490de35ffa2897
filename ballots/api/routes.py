"""The API of lotteries and results. It calls the same verbs as the pages and adds no rules."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from accounts.api.bearer import AdminToken
from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.shared.problems import problems
from ballots.api.paging import IsoDate, Page, page_of_boxes
from ballots.api.schemas import (
    HandOver,
    LotteryIn,
    LotteryOut,
    NoteIn,
    NoteOut,
    PassOver,
    Result,
    WinningBallot,
)
from ballots.day_after import hand_over, pass_over
from ballots.editions.keeping import keep
from ballots.editions.versions import closings_version, lottery_version, site_version
from ballots.health import what_is_wrong
from ballots.life import close_lottery, open_lottery, withdraw_lottery
from ballots.models import BallotBox, BallotBoxQuerySet, Ground
from ballots.refusals import (
    LotteryAlreadyClosed,
    LotteryNotClosed,
    NoWinner,
    NoWinnerLeft,
    NoWinnerYet,
)
from lotteries.announcing import draft_lottery
from lotteries.noting import append_note

lotteries = Router(tags=["lotteries"])
results = Router(tags=["lotteries"])
site = Router(tags=["site"])


class Range(Page):
    from_: IsoDate | None = Field(None, alias="from", description="The first closure date.")
    to: IsoDate | None = Field(None, description="The last closure date.")

    def select(self, boxes: BallotBoxQuerySet) -> BallotBoxQuerySet:
        """Those with closure dates in the range, both ends included."""
        if self.from_:
            boxes = boxes.filter(lottery__closure_date__gte=self.from_)
        return boxes.filter(lottery__closure_date__lte=self.to) if self.to else boxes


class LotteryList(Range):
    state: Literal["open", "closed", "drawn", "all"] = Field(
        "open", description="Closed ones are those that take no more ballots, drawn or not."
    )


@lotteries.get("", response={200: list[LotteryOut]})
@keep(closings_version)
def list_lotteries(
    request: HttpRequest, response: HttpResponse, asked: Query[LotteryList]
) -> list[LotteryOut]:
    """The open lotteries or, by state, others; the latest closure date first."""
    at = timezone.now()
    boxes = asked.select(BallotBox.objects.with_results().prefetch_related("lottery__notes"))
    if asked.state == "open":
        boxes = boxes.open(at)
    elif asked.state == "closed":
        boxes = boxes.closed(at)
    elif asked.state == "drawn":
        boxes = boxes.drawn()
    return [LotteryOut.from_box(box, at) for box in page_of_boxes(request, response, boxes, asked)]


@lotteries.post("", auth=AdminToken(), response={201: LotteryOut, **problems(400, 401, 403)})
def create_lottery(request: HttpRequest, lottery: LotteryIn) -> Status[Any]:
    """Announces a lottery: from here on, what is public of it never changes."""
    at = timezone.now()
    made = draft_lottery(**lottery.dict())
    return Status(
        201,
        LotteryOut.from_box(open_lottery(made, by=actor_of_request(request, Door.API), at=at), at),
    )


@lotteries.post(
    "/close_and_draw",
    auth=AdminToken(),
    response={200: LotteryOut, **problems(400, 401, 403, 404)},
)
def close_and_draw(request: HttpRequest, lottery_date: IsoDate) -> LotteryOut:
    """Closes a lottery, also before its time, and draws its winner.

    With a beacon the winning ballot stays null until the announced round is out.
    """
    box = BallotBox.objects.on(lottery_date)
    _, is_first = close_lottery(box.lottery, early=True, by=actor_of_request(request, Door.API))
    if not is_first:
        raise LotteryAlreadyClosed
    return LotteryOut.from_box(BallotBox.objects.on(lottery_date), timezone.now())


@lotteries.post(
    "/pass_over",
    auth=AdminToken(),
    response={200: Result, **problems(400, 401, 403, 404)},
)
def pass_over_winner(request: HttpRequest, lottery_date: IsoDate, passing_over: PassOver) -> Result:
    """Passes over the holder of a place, for a public reason: the next person drawn gets it."""
    box = BallotBox.objects.on(lottery_date)
    by = actor_of_request(request, Door.API)
    asked = passing_over.dict() | {"ground": Ground(passing_over.ground)}
    return Result.from_box(pass_over(box.lottery, by=by, **asked))


@lotteries.post(
    "/hand_over",
    auth=AdminToken(),
    response={200: Result, **problems(400, 401, 403, 404)},
)
def hand_over_prize(request: HttpRequest, lottery_date: IsoDate, handing_over: HandOver) -> Result:
    """Closes a place for good: its holder got the prize, as everybody can read from then on."""
    box = BallotBox.objects.on(lottery_date)
    by = actor_of_request(request, Door.API)
    hand_over(box.lottery, number=handing_over.number, by=by)
    return Result.from_box(BallotBox.objects.on(lottery_date))


@lotteries.delete(
    "/{closure_date}",
    auth=AdminToken(),
    response={204: None, **problems(400, 401, 403, 404)},
)
def withdraw(request: HttpRequest, closure_date: IsoDate) -> Status[Any]:
    """Removes a lottery announced by mistake: an open one that has no ballots."""
    box = BallotBox.objects.on(closure_date)
    withdraw_lottery(box.lottery, by=actor_of_request(request, Door.API))
    return Status(204, None)


@lotteries.post(
    "/{closure_date}/notes",
    auth=AdminToken(),
    response={201: NoteOut, **problems(400, 401, 403, 404)},
)
def add_note(request: HttpRequest, closure_date: IsoDate, note: NoteIn) -> Status[Any]:
    """Appends a public note to a lottery, for good. It changes nothing that was promised."""
    lottery = BallotBox.objects.on(closure_date).lottery
    made = append_note(lottery, note.text, by=actor_of_request(request, Door.API))
    return Status(201, NoteOut(text=made.text, noted_at=made.noted_at))


@lotteries.get("/{closure_date}", response={200: LotteryOut, **problems(404)})
@keep(lottery_version)
def get_lottery(request: HttpRequest, closure_date: IsoDate) -> LotteryOut:
    """One lottery."""
    return LotteryOut.from_box(BallotBox.objects.on(closure_date), timezone.now())


@lotteries.get("/{closure_date}/winner", response={200: WinningBallot, **problems(400, 404)})
@keep(lottery_version)
def get_winner(request: HttpRequest, closure_date: IsoDate) -> WinningBallot:
    """The ballot that won: it holds place 1."""
    box = BallotBox.objects.on(closure_date)
    if box.winner:
        return WinningBallot.from_drawn(box.winner, box.lottery)
    if box.is_drawn:
        raise NoWinnerLeft if box.ballot_count else NoWinner
    raise LotteryNotClosed if box.is_open(timezone.now()) else NoWinnerYet


@results.get("", response={200: list[Result]})
@keep(site_version)
def list_results(request: HttpRequest, response: HttpResponse, asked: Query[Range]) -> list[Result]:
    """The drawn lotteries with their winners; the latest closure date first."""
    boxes = asked.select(BallotBox.objects.with_results().drawn())
    return [Result.from_box(box) for box in page_of_boxes(request, response, boxes, asked)]


class Answer(Schema):
    status: Literal["ok"] = "ok"


@site.get("/health", response={200: Answer, **problems(503)})
def health(request: HttpRequest) -> Answer:
    """Whether the database answers and draws are made in time."""
    if reason := what_is_wrong(timezone.now()):
        raise HttpError(503, reason)
    return Answer()


@site.get("/ping", response={200: Answer})
def ping(request: HttpRequest) -> Answer:
    """That the process answers, and nothing more."""
    return Answer()
