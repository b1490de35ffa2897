"""The page of a place that somebody won: its holder claims it there, or declines it."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import User
from accounts.pages.owner import OwnerRequest, owner_form
from accounts.shared.refusals import Refusal
from ballots import claiming
from ballots.forms import ClaimForm
from ballots.models import DrawnBallot


def find_own_place(request: OwnerRequest, closure_date: date) -> DrawnBallot:
    """What holds or held a place for whoever asks; nobody else finds it."""
    places = DrawnBallot.objects.holders().of(request.user)
    places = places.select_related("draw__box__lottery")
    return get_object_or_404(places, draw__box__lottery__closure_date=closure_date)


@owner_form
def claim(request: OwnerRequest, closure_date: date) -> HttpResponse:
    drawn = find_own_place(request, closure_date)
    if request.method != "POST":
        return claim_page(request, drawn, ClaimForm(initial=say_again(request.user, drawn)))
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return claim_page(request, drawn, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        claiming.claim(drawn.draw.box.lottery, request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return claim_page(request, drawn, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return claim_page(request, find_own_place(request, closure_date), form, refusal.status)
    messages.success(request, "You claimed your place, and the organiser can read what you wrote.")
    return redirect("ballots:claim", closure_date)


def say_again(user: User, drawn: DrawnBallot) -> dict[str, str]:
    """What the form has to begin with: the words of before, or the account's address."""
    holding = drawn.holding
    if holding.is_claimed:
        return {"contact": holding.contact, "message": holding.message}
    return {"contact": user.readable_email}


def claim_page(
    request: OwnerRequest, drawn: DrawnBallot, form: ClaimForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "drawn": drawn,
        "holding": drawn.holding,
        "box": drawn.draw.box,
        "form": form,
        "refusal": find_refusal(drawn),
        "is_unconfirmed": claiming.is_confirmation_missing(request.user),
        "days_kept": settings.CLAIM_MESSAGE_DAYS,
    }
    return render(request, "ballots/claim.html", context, status=status)


def find_refusal(drawn: DrawnBallot) -> Refusal | None:
    """Why the holder can't answer now; None where they can."""
    try:
        drawn.holding.admit_answer(at=timezone.now())
    except Refusal as refusal:
        return refusal
    return None


@owner_form
def decline(request: OwnerRequest, closure_date: date) -> HttpResponse:
    """Asks once more before the place goes to somebody else."""
    drawn = find_own_place(request, closure_date)
    if request.method == "POST":
        claiming.decline(drawn.draw.box.lottery, request.user)
        messages.success(request, "You declined your place.")
        return redirect("ballots:claim", closure_date)
    if find_refusal(drawn):
        return redirect("ballots:claim", closure_date)  # which says why
    context: dict[str, Any] = {"drawn": drawn, "box": drawn.draw.box}
    return render(request, "ballots/decline.html", context)
