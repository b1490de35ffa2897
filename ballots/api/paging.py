"""Lists of the API, a page at a time: each starts after the last item of the one before."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator, WithJsonSchema

from accounts.shared.numbers import is_plain
from ballots.models import Ballot, BallotBox, BallotBoxQuerySet, Submission
from ballots.paging import first_page
from lotteries.dates import parse_date

MOST = 1000


def read_date(value: Any) -> date:
    return value if isinstance(value, date) else parse_date(str(value))


# Pydantic alone would take numbers of seconds for dates, too.
IsoDate = Annotated[
    date,
    BeforeValidator(read_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-24"]}),
]


def refuse_odd_number(value: Any) -> Any:
    """A number below 0 passes: the operation refuses it in words of its own."""
    is_odd_text = isinstance(value, str) and not is_plain(value.removeprefix("-"))
    if is_odd_text or isinstance(value, bool):
        raise ValueError("Write a whole number in digits, for example 10")
    return value


# Pydantic alone would take 1_0 for 10, and true for 1.
PLAIN = BeforeValidator(refuse_odd_number)
WholeNumber = Annotated[int, PLAIN]


class Page(Schema):
    limit: WholeNumber = Field(100, ge=1, le=MOST, description="How many items at most.")
    after: UUID | None = Field(
        None, description="The id of the last item of the page before; the Link header has it."
    )


def link_next(request: HttpRequest, response: HttpResponse, last: UUID) -> None:
    """Says where the rest of the list is (RFC 8288)."""
    query = urlencode({**request.GET.dict(), "after": last})
    response["Link"] = f'<{settings.SITE_URL}{request.path}?{query}>; rel="next"'


def page_of_boxes(
    request: HttpRequest, response: HttpResponse, boxes: BallotBoxQuerySet, page: Page
) -> list[BallotBox]:
    """Newest closure date first. Raises HttpError 422 where after is no lottery."""
    if page.after:
        start = BallotBox.objects.filter(pk=page.after).values_list("lottery__closure_date")
        if not start:
            raise HttpError(422, "after: There is no such lottery.")
        boxes = boxes.filter(lottery__closure_date__lt=start[0][0])
    found, last = first_page(boxes.order_by("-lottery__closure_date"), page.limit)
    if last:
        link_next(request, response, last.pk)
    return found


def page_of_ballots(
    request: HttpRequest,
    response: HttpResponse,
    page: Page,
    submissions: "QuerySet[Submission]",
) -> list[Ballot]:
    """The ballots of these submissions, which are given newest first, and so are theirs.

    Raises HttpError 422 where after is none of them.
    """
    ballots = Ballot.objects.select_related("submission").order_by("-submission_id", "-number")
    listed = 0  # of the newest submission here, those on the pages before
    if page.after:
        last = Ballot.objects.filter(pk=page.after).select_related("submission").first()
        if last is None or not submissions.filter(pk=last.submission_id).exists():
            raise HttpError(422, "after: There is no such ballot.")
        submissions = submissions.filter(pk__lte=last.submission_id)
        ballots = ballots.exclude(submission=last.submission_id, number__gte=last.number)
        listed = last.submission.last_number - last.number + 1
    enough = take_submissions(submissions, listed + page.limit + 1)
    found, last = first_page(ballots.filter(submission__in=enough), page.limit)
    if last:
        link_next(request, response, last.pk)
    return found


def take_submissions(submissions: "QuerySet[Submission]", ballots: int) -> list[int]:
    """The keys of the first submissions that have so many ballots together."""
    keys: list[int] = []
    for submission in submissions[:ballots]:
        if ballots <= 0:
            break
        keys.append(submission.pk)
        ballots -= submission.quantity
    return keys
