"""The pages of the lotteries. What may be done, and when, is decided in life.py."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.shared.numbers import is_plain
from accounts.shared.refusals import Refusal
from ballots import life
from ballots.forms import DateForm, SubmissionForm
from ballots.health import what_is_wrong
from ballots.models import Ballot, BallotBox, Entry, Submission
from ballots.paging import PAGE_SIZE, first_page
from ballots.public.receipts import receipt as make_receipt
from ballots.refusals import NoLotteryOnDate, TokenUsedForAnotherQuantity
from lotteries.dates import parse_date
from lotteries.models import Lottery

View = Callable[..., HttpResponse]
LONGEST_QUANTITY = 5  # digits: the largest setting has so many


def owners_page(view: View) -> View:
    """A page that only its owner sees, and that no shared cache keeps."""
    return login_required(require_safe(cache_control(private=True)(view)))


def read_date(text: str) -> date:
    """A date out of a query string; one that is not in the calendar is no page."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise Http404("There is no such date.") from error


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    boxes = BallotBox.objects.with_results()
    box = boxes.open(at).order_by("lottery__closes_at").first()
    context = {
        "at": at,
        "box": box,
        # That of the lottery on this page; without one, that of the next to be announced.
        "has_beacon": box.lottery.has_beacon if box else settings.DRAW_BEACON == "drand",
        "drawn": boxes.drawn().order_by("-lottery__closure_date")[:5],
    }
    return render(request, "ballots/home.html", context)


@require_safe
def open_lotteries(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    boxes = BallotBox.objects.open(at).select_related("lottery").order_by("lottery__closure_date")
    if after := request.GET.get("after"):
        boxes = boxes.filter(lottery__closure_date__gt=read_date(after))
    page, last = first_page(boxes, PAGE_SIZE)
    context = {"at": at, "boxes": page, "last": last, "after": after}
    return render(request, "ballots/open_lotteries.html", context)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    if asked := request.GET.get("date"):
        return redirect("ballots:lottery", read_date(asked))
    boxes = BallotBox.objects.with_results().drawn().order_by("-lottery__closure_date")
    if before := request.GET.get("before"):
        boxes = boxes.filter(lottery__closure_date__lt=read_date(before))
    page, last = first_page(boxes, PAGE_SIZE)
    context = {"boxes": page, "last": last, "before": before, "form": DateForm()}
    return render(request, "ballots/results.html", context)


@require_safe
def lottery(request: HttpRequest, closure_date: date) -> HttpResponse:
    try:
        box = BallotBox.objects.on(closure_date)
    except NoLotteryOnDate:
        context = {
            "closure_date": closure_date,
            "nearest": Lottery.objects.nearest(closure_date),
            "form": DateForm(),
        }
        return render(request, "ballots/no_lottery.html", context, status=HTTPStatus.NOT_FOUND)
    return lottery_page(request, box, SubmissionForm(initial=read_quantity(request.GET)))


def lottery_page(
    request: HttpRequest,
    box: BallotBox,
    form: SubmissionForm,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    context |= {"at": timezone.now(), "box": box, "form": form}
    return render(request, "ballots/lottery.html", context, status=status)


def read_quantity(query: QueryDict) -> dict[str, str]:
    """The number of ballots that somebody had typed before they were led away; {} if none."""
    quantity = query.get("quantity", "")
    is_typed = is_plain(quantity) and len(quantity) <= LONGEST_QUANTITY
    return {"quantity": quantity} if is_typed else {}


def form_again(closure_date: date, query: QueryDict) -> str:
    """The address of the lottery's page with the form as it was filled in."""
    return reverse("ballots:lottery", args=[closure_date], query=read_quantity(query))


@require_http_methods(["GET", "HEAD", "POST"])
def submit_ballots(request: HttpRequest, closure_date: date) -> HttpResponse:
    if request.method != "POST":
        return redirect(form_again(closure_date, request.GET))
    box = BallotBox.objects.on(closure_date)
    if not request.user.is_authenticated:
        messages.info(request, "Nothing was submitted: sign in, and then press “Submit ballots”.")
        return redirect_to_login(form_again(closure_date, request.POST))
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return lottery_page(request, box, form.renew(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        submission, is_new = life.submit_ballots(
            lottery=box.lottery, participant=request.user, **form.cleaned_data
        )
    except TokenUsedForAnotherQuantity as refusal:
        earlier = box.submissions.of(request.user).get(token=form.cleaned_data["token"])
        return lottery_page(request, box, form.renew(), refusal.status, earlier=earlier)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        page = lottery_page(request, box, form.renew(), refusal.status)
        for name, value in refusal.headers.items():
            page[name] = value
        return page
    if not is_new:
        messages.info(
            request,
            "This form had been sent before: these are the ballots from that time, "
            "and no new ones were made.",
        )
    return redirect("ballots:submission", closure_date, submission.first_number)


@owners_page
def submission(request: HttpRequest, closure_date: date, first_number: int) -> HttpResponse:
    submission = get_object_or_404(
        Submission.objects.of(request.user).select_related("box__lottery"),
        box__lottery__closure_date=closure_date,
        first_number=first_number,
    )
    context = {"at": timezone.now(), "submission": submission, "box": submission.box}
    return render(request, "ballots/submission.html", context)


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


def find_own_ballot(request: HttpRequest, closure_date: date, number: int) -> Ballot:
    return get_object_or_404(
        Ballot.objects.of(request.user).with_receipts().select_related("box__draw"),
        box__lottery__closure_date=closure_date,
        number=number,
    )


@owners_page
def receipt(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    ballot = find_own_ballot(request, closure_date, number)
    context = {"ballot": ballot, "receipt": make_receipt(ballot)}
    return render(request, "ballots/receipt.html", context)


@owners_page
def receipts(request: HttpRequest, closure_date: date) -> HttpResponse:
    """My receipts as JSON, newest submission first, one submission at a time."""
    entry = get_object_or_404(
        Entry.objects.of(request.user), box__lottery__closure_date=closure_date
    )
    submission = list_submissions(entry, request.GET.get("before", "")).first()
    ballots = Ballot.objects.filter(submission=submission).with_receipts().order_by("-number")
    return JsonResponse(
        {
            "receipts": [make_receipt(ballot) for ballot in ballots],
            "before": submission.first_number if submission else None,
        }
    )


@owners_page
def receipt_json(request: HttpRequest, closure_date: date, number: int) -> HttpResponse:
    made = make_receipt(find_own_ballot(request, closure_date, number))
    disposition = f'attachment; filename="receipt-{closure_date}-{number}.json"'
    return JsonResponse(
        made, json_dumps_params={"indent": 1}, headers={"Content-Disposition": disposition}
    )


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and draws are made in time, else 503 with the reason."""
    if reason := what_is_wrong(timezone.now()):
        answer = {"status": "failing", "reason": reason}
        return JsonResponse(answer, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ok"})
