"""The pages of somebody's own ballots."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ballots.editions.keeping import Part, answer_with_part
from ballots.models import Anybody
from ballots.own_entries import find_drawn, find_entry, list_entries
from ballots.own_submissions import find_submission, list_submissions
from ballots.paging import PAGE_SIZE, read_date, read_number, split_page

View = Callable[..., HttpResponseBase]


def owners_page(view: View) -> View:
    """A page that only its owner sees, and that no shared cache keeps."""
    return login_required(require_safe(cache_control(private=True)(view)))


def page_of_part(write: Callable[..., Part]) -> View:
    """An owner's page, of which all is kept but the part that is written for its owner."""

    @wraps(write)
    def show(request: HttpRequest, **of: Any) -> HttpResponse:
        return answer_with_part(request, write, of, show_page)

    return owners_page(show)


def show_page(request: HttpRequest, part: Part) -> HttpResponse:
    return render(request, "ballots/own_page.html", {"part": part})


@page_of_part
def my_ballots(user: Anybody, query: QueryDict, at: datetime) -> Part:
    before = query.get("before")
    day = read_date(before) if before else None
    found = list_entries(user, at=at, before=day)
    page, last = split_page(found.entries, PAGE_SIZE)
    context = {"user": user, "entries": page, "last": last, "before": before}
    content = render_to_string("ballots/my_ballots.html", context)
    return Part("My ballots", content, found.may_have_to_answer)


@page_of_part
def my_entry(user: Anybody, query: QueryDict, at: datetime, *, closure_date: date) -> Part:
    found = find_entry(user, closure_date, at=at)
    before = query.get("before")
    number = read_number(before) if before else None
    page, last = split_page(list_submissions(user, found.box, before=number), PAGE_SIZE)
    context = {
        "found": found,
        "entry": found.entry,
        "drawn": find_drawn(user, found),
        "submissions": page,
        "last": last,
    }
    content = render_to_string("ballots/my_entry.html", context)
    title = format_html("My ballots in {}", found.entry.name)
    return Part(title, content, found.has_to_answer)


@owners_page
def submission(request: HttpRequest, closure_date: date, first_number: int) -> HttpResponse:
    submission = find_submission(request.user, closure_date, first_number)
    context = {"submission": submission, "box": submission.box}
    return render(request, "ballots/submission.html", context)
