"""The pages of the lotteries and of their results, which everybody sees."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.shared.numbers import is_plain
from ballots.editions.keeping import form_token_of, keep
from ballots.editions.versions import (
    closings_version,
    lottery_version,
    open_boxes_version,
    open_lottery_version,
    site_version,
)
from ballots.forms import DateForm, SubmissionForm
from ballots.models import BallotBox
from ballots.paging import PAGE_SIZE, first_page, read_date
from ballots.refusals import NoLotteryOnDate
from lotteries.models import Lottery

LONGEST_QUANTITY = 5  # digits: the largest setting has so many


@keep(closings_version, of_participants=closings_version)
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


@keep(open_boxes_version, of_participants=open_boxes_version)
@require_safe
def open_lotteries(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    boxes = BallotBox.objects.open(at).select_related("lottery").order_by("lottery__closure_date")
    if after := request.GET.get("after"):
        boxes = boxes.filter(lottery__closure_date__gt=read_date(after))
    page, last = first_page(boxes, PAGE_SIZE)
    context = {"at": at, "boxes": page, "last": last, "after": after}
    return render(request, "ballots/open_lotteries.html", context)


@keep(site_version, of_participants=site_version)
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


@keep(lottery_version, of_participants=open_lottery_version)
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
    return lottery_page(request, box, first_form(request))


def lottery_page(
    request: HttpRequest,
    box: BallotBox,
    form: SubmissionForm,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    allowance = box.allowance(request.user) if request.user.is_authenticated else None
    if allowance:
        form.limit(allowance.left)
    context |= {"at": timezone.now(), "box": box, "form": form, "allowance": allowance}
    context["notes"] = list(box.lottery.notes.all())
    return render(request, "ballots/lottery.html", context, status=status)


def first_form(request: HttpRequest) -> SubmissionForm:
    token = {"token": form_token_of(request)}
    return SubmissionForm(initial=read_quantity(request.GET) | token)


def read_quantity(query: QueryDict) -> dict[str, str]:
    """The number of ballots that somebody had typed before they were led away; {} if none."""
    quantity = query.get("quantity", "")
    is_typed = is_plain(quantity) and len(quantity) <= LONGEST_QUANTITY
    return {"quantity": quantity} if is_typed else {}
