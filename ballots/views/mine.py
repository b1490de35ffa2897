"""The pages of somebody's own ballots."""

from collections.abc import Callable
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ballots.models import Entry, Submission
from ballots.paging import PAGE_SIZE, first_page, read_date

View = Callable[..., HttpResponse]


def owners_page(view: View) -> View:
    """A page that only its owner sees, and that no shared cache keeps."""
    return login_required(require_safe(cache_control(private=True)(view)))


@owners_page
def my_ballots(request: HttpRequest) -> HttpResponse:
    entries = Entry.objects.of(request.user).with_results()
    entries = entries.order_by("-box__lottery__closure_date")
    if before := request.GET.get("before"):
        entries = entries.filter(box__lottery__closure_date__lt=read_date(before))
    page, last = first_page(entries, PAGE_SIZE)
    context = {"at": timezone.now(), "entries": page, "last": last, "before": before}
    return render(request, "ballots/my_ballots.html", context)


@owners_page
def my_entry(request: HttpRequest, closure_date: date) -> HttpResponse:
    entries = Entry.objects.of(request.user).with_results()
    entry = get_object_or_404(entries, box__lottery__closure_date=closure_date)
    submissions = list_submissions(entry, request.GET.get("before", ""))
    page, last = first_page(submissions, PAGE_SIZE)
    context = {"at": timezone.now(), "entry": entry, "submissions": page, "last": last}
    return render(request, "ballots/my_entry.html", context)


def list_submissions(entry: Entry, before: str) -> QuerySet[Submission]:
    """Newest first, from the one before that with this first number, or from the newest."""
    submissions = entry.submissions.order_by("-first_number")
    if not before:
        return submissions
    if not before.isdecimal():
        raise Http404("There is no such number.")
    return submissions.filter(first_number__lt=int(before[:18]))


@owners_page
def submission(request: HttpRequest, closure_date: date, first_number: int) -> HttpResponse:
    submission = get_object_or_404(
        Submission.objects.of(request.user).select_related("box__lottery"),
        box__lottery__closure_date=closure_date,
        first_number=first_number,
    )
    context = {"at": timezone.now(), "submission": submission, "box": submission.box}
    return render(request, "ballots/submission.html", context)
