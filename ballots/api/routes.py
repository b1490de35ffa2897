"""The API of lotteries and ballots. It calls the same verbs as the pages and adds no rules."""

from typing import Any, Literal, cast
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Header, Query, Router, Schema, Status
from ninja.errors import HttpError

from accounts.api.bearer import AdminToken, Token
from accounts.models import User
from accounts.shared.problems import problems
from accounts.throttles import AccountThrottle
from ballots.api.paging import IsoDate, Page, page_of_ballots, page_of_boxes
from ballots.api.schemas import (
    BallotOut,
    Consistency,
    Head,
    Inclusion,
    LotteryIn,
    LotteryOut,
    PassOver,
    Receipt,
    RecordOut,
    Result,
    Submitted,
    WinningBallot,
)
from ballots.forms import ConsistencyForm, InclusionForm, ProofForm
from ballots.health import what_is_wrong
from ballots.life import (
    close_lottery,
    open_lottery,
    pass_over,
    submit_ballots,
    withdraw_lottery,
)
from ballots.models import Ballot, BallotBox, Submission
from ballots.public import records
from ballots.public.receipts import receipt
from ballots.refusals import LotteryAlreadyClosed, LotteryNotClosed, NoWinner, NoWinnerYet
from lotteries.models import Lottery

lotteries = Router(tags=["lotteries"])
results = Router(tags=["lotteries"])
ballots = Router(tags=["ballots"])
site = Router(tags=["site"])


def find_box(closure_date: IsoDate) -> BallotBox:
    """The box of the lottery of this date, with its result. Raises NoLotteryOnDate."""
    return BallotBox.objects.with_results().on(closure_date)


class Range(Page):
    from_: IsoDate | None = Field(None, alias="from", description="The first closure date.")
    to: IsoDate | None = Field(None, description="The last closure date.")

    def select(self, boxes: Any) -> Any:
        if self.from_:
            boxes = boxes.filter(lottery__closure_date__gte=self.from_)
        return boxes.filter(lottery__closure_date__lte=self.to) if self.to else boxes


class LotteryList(Range):
    state: Literal["open", "closed", "drawn", "all"] = Field(
        "open", description="Closed ones are those that take no more ballots, drawn or not."
    )


# --- Lotteries


@lotteries.get("", response={200: list[LotteryOut], **problems(422)})
def list_lotteries(
    request: HttpRequest, response: HttpResponse, asked: Query[LotteryList]
) -> list[LotteryOut]:
    """The open lotteries or, by state, others; the latest closure date first."""
    at = timezone.now()
    boxes = asked.select(BallotBox.objects.with_results())
    if asked.state == "open":
        boxes = boxes.open(at)
    elif asked.state == "closed":
        boxes = boxes.closed(at)
    elif asked.state == "drawn":
        boxes = boxes.drawn()
    return [LotteryOut.from_box(box, at) for box in page_of_boxes(request, response, boxes, asked)]


@lotteries.post("", auth=AdminToken(), response={201: LotteryOut, **problems(400, 401, 403, 422)})
def create_lottery(request: HttpRequest, lottery: LotteryIn) -> Status[Any]:
    """Announces a lottery: from here on, what is public of it never changes."""
    at = timezone.now()
    made = Lottery(closure_date=lottery.closure_date, name=lottery.name or "")
    return Status(201, LotteryOut.from_box(open_lottery(made, at=at), at))


@lotteries.post(
    "/close_and_draw",
    auth=AdminToken(),
    response={200: LotteryOut, **problems(400, 401, 403, 404, 422)},
)
def close_and_draw(request: HttpRequest, lottery_date: IsoDate) -> LotteryOut:
    """Closes a lottery, also before its time, and draws its winner.

    With a beacon the winning ballot stays null until the announced round is out.
    """
    box = find_box(lottery_date)
    _, is_first = close_lottery(box.lottery, early=True)
    if not is_first:
        raise LotteryAlreadyClosed
    return LotteryOut.from_box(find_box(lottery_date), timezone.now())


@lotteries.post(
    "/pass_over",
    auth=AdminToken(),
    response={200: Result, **problems(400, 401, 403, 404, 422)},
)
def pass_over_winner(request: HttpRequest, lottery_date: IsoDate, passing_over: PassOver) -> Result:
    """Passes over a winner, for a public reason: the next number of the same order wins."""
    box = find_box(lottery_date)
    admin = cast(User, request.user)
    return Result.from_box(pass_over(box.lottery, admin=admin, **passing_over.dict()))


@lotteries.delete(
    "/{closure_date}",
    auth=AdminToken(),
    response={204: None, **problems(400, 401, 403, 404, 422)},
)
def withdraw(request: HttpRequest, closure_date: IsoDate) -> Status[Any]:
    """Removes a lottery announced by mistake: an open one that has no ballots."""
    box = find_box(closure_date)
    withdraw_lottery(box.lottery)
    return Status(204, None)


@lotteries.get("/{closure_date}", response={200: LotteryOut, **problems(404, 422)})
def get_lottery(request: HttpRequest, closure_date: IsoDate) -> LotteryOut:
    """One lottery."""
    return LotteryOut.from_box(find_box(closure_date), timezone.now())


@lotteries.get("/{closure_date}/winner", response={200: WinningBallot, **problems(400, 404, 422)})
def get_winner(request: HttpRequest, closure_date: IsoDate) -> WinningBallot:
    """The ballot that won."""
    box = find_box(closure_date)
    if box.winning_ballot:
        return WinningBallot.from_ballot(box.winning_ballot, box.lottery)
    if box.is_drawn:
        raise NoWinner
    raise LotteryNotClosed if box.is_open(timezone.now()) else NoWinnerYet


@lotteries.get("/{closure_date}/record", response={200: RecordOut, **problems(404, 422)})
def get_record(request: HttpRequest, closure_date: IsoDate) -> dict[str, Any]:
    """The public record; what is not public yet is null."""
    return records.record(find_box(closure_date))


@lotteries.get("/{closure_date}/head", response={200: Head, **problems(404, 422)})
def get_head(request: HttpRequest, closure_date: IsoDate) -> dict[str, Any]:
    """The head of the ballot box: its size and the root of its Merkle tree."""
    return records.head(find_box(closure_date))


@lotteries.get("/{closure_date}/proof", response={200: Inclusion, **problems(404, 422)})
def get_proof(
    request: HttpRequest,
    closure_date: IsoDate,
    number: int = Query(..., ge=1, description="Of the ballot."),
    size: int | None = Query(None, ge=1, description="Of the box; its current size if left out."),
) -> dict[str, Any]:
    """The proof that a ballot is in the box (RFC 9162, section 2.1.3)."""
    box = find_box(closure_date)
    asked = read_question(InclusionForm({"number": number, "size": size}, box=box))
    return records.inclusion(box, asked["number"], asked["size"])


@lotteries.get(
    "/{closure_date}/consistency",
    response={200: Consistency, **problems(404, 422)},
    by_alias=True,
)
def get_consistency(
    request: HttpRequest,
    closure_date: IsoDate,
    from_: int = Query(..., alias="from", ge=1, description="The smaller size."),
    to: int | None = Query(None, ge=1, description="The larger; the current one if left out."),
) -> dict[str, Any]:
    """The proof that the box only grew in between (RFC 9162, section 2.1.4)."""
    box = find_box(closure_date)
    asked = read_question(ConsistencyForm({"from": from_, "to": to}, box=box))
    return records.consistency(box, asked["from"], asked["to"])


def read_question(form: ProofForm) -> dict[str, int]:
    if not form.is_valid():
        raise HttpError(422, form.what_is_wrong)
    return cast(dict[str, int], form.cleaned_data)


@results.get("", response={200: list[Result], **problems(422)})
def list_results(request: HttpRequest, response: HttpResponse, asked: Query[Range]) -> list[Result]:
    """The drawn lotteries with their winners; the latest closure date first."""
    boxes = asked.select(BallotBox.objects.with_results().drawn())
    return [Result.from_box(box) for box in page_of_boxes(request, response, boxes, asked)]


# --- Ballots


@ballots.post(
    "",
    auth=Token(),
    response={201: Submitted, **problems(400, 401, 403, 404, 422, 429)},
    throttle=AccountThrottle("SUBMISSION_RATE"),
    exclude_unset=True,
)
def submit(
    request: HttpRequest,
    response: HttpResponse,
    lottery_date: IsoDate,
    quantity: int | None = Query(None, ge=1, description="How many ballots; 1 if left out."),
    idempotency_key: str | None = Header(
        None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A repeated request with the same key makes no new ballots.",
    ),
) -> Status[Any]:
    """Submits ballots. With a quantity or a key, the answer has a receipt for each."""
    submission, is_new = submit_ballots(
        lottery=BallotBox.objects.on(lottery_date).lottery,
        participant=cast(User, request.user),
        quantity=quantity or 1,
        token=uuid5(NAMESPACE_URL, idempotency_key) if idempotency_key else uuid4(),
    )
    if not is_new:
        response["Idempotent-Replayed"] = "true"
    return Status(
        201, describe_submission(submission, with_receipts=bool(quantity or idempotency_key))
    )


def describe_submission(submission: Submission, *, with_receipts: bool) -> Submitted:
    rows = Ballot.objects.filter(submission=submission).order_by("number")
    found = list(rows.select_related("box__lottery", "submission") if with_receipts else rows[:1])
    made = Submitted(
        id=found[0].pk,
        user_id=submission.participant_id,
        lottery_id=submission.box_id,
        submitted_at=submission.submitted_at,
    )
    if with_receipts:
        made.receipts = [Receipt(**receipt(ballot)) for ballot in found]
    return made


@ballots.get("/mine", auth=Token(), response={200: list[BallotOut], **problems(401, 422)})
def list_my_ballots(
    request: HttpRequest, response: HttpResponse, page: Query[Page]
) -> list[BallotOut]:
    """My ballots in all lotteries, newest first."""
    user = cast(User, request.user)
    return list(
        map(BallotOut.from_ballot, page_of_ballots(request, response, page, participant=user))
    )


@ballots.get(
    "/{ballot_id}/receipt", auth=Token(), response={200: Receipt, **problems(401, 404, 422)}
)
def get_receipt(request: HttpRequest, ballot_id: UUID) -> dict[str, Any]:
    """The receipt of a ballot of mine."""
    mine = Ballot.objects.filter(submission__participant=request.user.pk, pk=ballot_id)
    if ballot := mine.select_related("box__lottery", "submission").first():
        return receipt(ballot)
    raise HttpError(404, "You have no such ballot.")


@ballots.get(
    "/lottery/{closure_date}",
    auth=AdminToken(),
    response={200: list[BallotOut], **problems(401, 403, 404, 422)},
)
def list_ballots_of_lottery(
    request: HttpRequest, response: HttpResponse, closure_date: IsoDate, page: Query[Page]
) -> list[BallotOut]:
    """All ballots of a lottery, newest first."""
    box = find_box(closure_date)
    return list(map(BallotOut.from_ballot, page_of_ballots(request, response, page, box=box)))


# --- The site


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
