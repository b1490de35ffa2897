"""What somebody has put in a box, as a list of theirs has it, and one of it."""

from datetime import date, datetime
from html import escape
from typing import NamedTuple
from uuid import UUID

from django.http import Http404
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone

from accounts.shared.page_texts import show_moment, split_address
from accounts.shared.prepared import PreparedQuery
from ballots.models import LARGEST_NUMBER, Anybody, Submission
from ballots.paging import PAGE_SIZE


class OwnSubmission(NamedTuple):
    first_number: int
    last_number: int
    submitted_at: datetime | None  # None where SQLite has a text that is no moment

    @property
    def name(self) -> str:
        if self.first_number == self.last_number:
            return f"Number {self.first_number}"
        return f"Numbers {self.first_number} to {self.last_number}"


def list_submissions(user: Anybody, box: UUID, *, before: int | None) -> list[OwnSubmission]:
    """Those with lower numbers, the latest first; before is None for all of them."""
    limit = LARGEST_NUMBER + 1 if before is None else min(before, LARGEST_NUMBER + 1)
    rows = read_submissions(user.pk, box, limit)
    return [OwnSubmission(*row) for row in rows]


def show_submissions(submissions: list[OwnSubmission], closure_date: date) -> str:
    """The items of a list, in HTML."""
    before, behind = split_address("ballots:submission", closure_date)
    zone = get_current_timezone()
    items = (
        f'<li><a href="{before}{each.first_number:d}{behind}">{escape(each.name)}</a>, '
        f"submitted on {show_moment(each.submitted_at, zone)}</li>\n"
        for each in submissions
    )
    return mark_safe("".join(items))  # noqa: S308  escaped, but for numbers and moments


read_submissions = PreparedQuery(
    lambda user, box, before: (
        Submission.objects.filter(participant=user, box=box, first_number__lt=before)
        .order_by("-first_number")
        .values_list("first_number", "last_number", "submitted_at")[: PAGE_SIZE + 1]
    ),
    "user",
    "box",
    "before",
)


# --- One of them


def find_submission(user: Anybody, closure_date: date, first_number: int) -> Submission:
    """With its box, its lottery and its draw. Raises Http404."""
    number = min(first_number, LARGEST_NUMBER + 1)  # which no submission has
    submission = read_submission.first(user.pk, closure_date, number)
    if submission is None:
        raise Http404("You have no such ballots.")
    return submission


read_submission = PreparedQuery(
    lambda user, day, number: Submission.objects.filter(
        participant=user, box__lottery__closure_date=day, first_number=number
    ).select_related("box__lottery", "box__draw"),
    "user",
    "day",
    "number",
)
