"""The API of ballots: submitting them, and who may list which."""

from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router
from ninja.errors import HttpError
from ninja.responses import Response
from pydantic import WithJsonSchema

from accounts.api.bearer import AdminToken, Token
from accounts.models import User
from accounts.shared.problems import problems
from ballots.api.paging import IsoDate, Page, WholeNumber, page_of_ballots
from ballots.api.schemas import BallotOut, Receipt, Submitted
from ballots.life import submit_ballots
from ballots.models import Ballot, BallotBox, Submission
from ballots.public.receipts import receipt, receipts

router = Router(tags=["ballots"])

JSON = "application/json; charset=utf-8"

# The minimum is in the description alone: the verb says what is wrong with others.
Quantity = Annotated[WholeNumber, WithJsonSchema({"type": "integer", "minimum": 1})]


@router.post(
    "",
    auth=Token(),
    response={201: Submitted, **problems(400, 401, 403, 404, 429)},
)
def submit(
    request: HttpRequest,
    lottery_date: IsoDate,
    quantity: Quantity | None = Query(
        None,
        description="How many ballots; 1 if left out.",
    ),
    idempotency_key: str | None = Header(
        None,
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A repeated request with the same key makes no new ballots.",
    ),
) -> HttpResponse:
    """Submits ballots. With a quantity or a key, the answer has a receipt for each."""
    submission, is_new = submit_ballots(
        closure_date=lottery_date,
        participant=cast(User, request.user),
        quantity=1 if quantity is None else quantity,
        token=uuid5(NAMESPACE_URL, idempotency_key) if idempotency_key else uuid4(),
    )
    made = describe_submission(submission, with_receipts=bool(quantity or idempotency_key))
    headers = {} if is_new else {"Idempotent-Replayed": "true"}
    return Response(made, status=HTTPStatus.CREATED, content_type=JSON, headers=headers)


def describe_submission(submission: Submission, *, with_receipts: bool) -> dict[str, Any]:
    """As Submitted has it. To validate receipts of the site's own would be most of the work."""
    made = {
        "id": submission.ballot_ids[0],
        "user_id": submission.participant_id,
        "lottery_id": submission.box_id,
        "submitted_at": submission.submitted_at,
    }
    return made | {"receipts": list(receipts(submission))} if with_receipts else made


@router.get("/mine", auth=Token(), response={200: list[BallotOut], **problems(401)})
def list_my_ballots(
    request: HttpRequest, response: HttpResponse, page: Query[Page]
) -> list[BallotOut]:
    """My ballots in all lotteries, newest first."""
    submissions = Submission.objects.of(request.user).order_by("-id")
    return list(map(BallotOut.from_ballot, page_of_ballots(request, response, page, submissions)))


@router.get("/{ballot_id}/receipt", auth=Token(), response={200: Receipt, **problems(401, 404)})
def get_receipt(request: HttpRequest, ballot_id: UUID) -> dict[str, Any]:
    """The receipt of a ballot of mine."""
    mine = Ballot.objects.of(request.user).with_receipts()
    if ballot := mine.filter(pk=ballot_id).first():
        return receipt(ballot)
    raise HttpError(404, "You have no such ballot.")


@router.get(
    "/lottery/{closure_date}",
    auth=AdminToken(),
    response={200: list[BallotOut], **problems(401, 403, 404)},
)
def list_ballots_of_lottery(
    request: HttpRequest, response: HttpResponse, closure_date: IsoDate, page: Query[Page]
) -> list[BallotOut]:
    """All ballots of a lottery, newest first."""
    # The same order as by id, and the one that has an index here.
    submissions = BallotBox.objects.on(closure_date).submissions.order_by("-first_number")
    return list(map(BallotOut.from_ballot, page_of_ballots(request, response, page, submissions)))


@router.get(
    "/lottery/{closure_date}/receipts",
    auth=Token(),
    response={200: list[Receipt], **problems(401, 404)},
)
def list_my_receipts(
    request: HttpRequest, response: HttpResponse, closure_date: IsoDate, page: Query[Page]
) -> list[dict[str, Any]]:
    """The receipts of my ballots in a lottery, newest first."""
    box = BallotBox.objects.on(closure_date)
    mine = box.submissions.of(request.user).order_by("-first_number")
    ballots = page_of_ballots(request, response, page, mine)
    for ballot in ballots:
        ballot.box = box
    return list(map(receipt, ballots))
