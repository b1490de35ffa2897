"""The pages of somebody's own ballots."""

from collections.abc import Callable
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ballots.own_entries import find_drawn, find_entry, list_entries
from ballots.own_submissions import find_submission, list_submissions
from ballots.paging import PAGE_SIZE, read_date, read_number, split_page

View = Callable[..., HttpResponseBase]


def owners_page(view: View) -> View:
    """A page that only its owner sees, and that no shared cache keeps."""
    return login_required(require_safe(cache_control(private=True)(view)))


@owners_page
def my_ballots(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before")
    day = read_date(before) if before else None
    page, last = split_page(list_entries(request.user, at=timezone.now(), before=day), PAGE_SIZE)
    context = {"entries": page, "last": last, "before": before}
    return render(request, "ballots/my_ballots.html", context)


@owners_page
def my_entry(request: HttpRequest, closure_date: date) -> HttpResponse:
    entry = find_entry(request.user, closure_date)
    before = request.GET.get("before")
    number = read_number(before) if before else None
    page, last = split_page(list_submissions(entry, before=number), PAGE_SIZE)
    context = {
        "at": timezone.now(),
        "entry": entry,
        "drawn": find_drawn(entry),
        "submissions": page,
        "last": last,
    }
    return render(request, "ballots/my_entry.html", context)


@owners_page
def submission(request: HttpRequest, closure_date: date, first_number: int) -> HttpResponse:
    submission = find_submission(request.user, closure_date, first_number)
    context = {"submission": submission, "box": submission.box}
    return render(request, "ballots/submission.html", context)
