"""The page that checks a draw in the visitor's browser, and whether a number is in the box."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.checkers import verify_draw
from ballots.forms import NumberForm
from ballots.models import BallotBox
from ballots.public import records


@require_safe
def check(request: HttpRequest, closure_date: date) -> HttpResponse:
    """Also of a box that is still open: the codes on printed receipts lead here at any time."""
    box = BallotBox.objects.on(closure_date)
    form = NumberForm(request.GET if "number" in request.GET else None, box=box)
    newest = box.submissions.of(request.user).order_by("-first_number").first()
    context: dict[str, Any] = {"box": box, "form": form, "newest": newest}
    if box.is_drawn:
        context["expected"] = expect_steps(box)
    if form.is_valid():
        context |= tell_number(box, form.cleaned_data["number"])
    status = HTTPStatus.NOT_FOUND if form.errors else HTTPStatus.OK
    return render(request, "ballots/check.html", context, status=status)


def tell_number(box: BallotBox, number: int) -> dict[str, Any]:
    """That the number is in the box, and what the draw made of it: nothing of whose it is."""
    context: dict[str, Any] = {"inclusion": records.inclusion(box, number, box.ballot_count)}
    if box.is_drawn:
        taken = box.draw.drawn.select_related("ballot")
        context["drawn"] = taken.filter(ballot__number=number).first()
    return context


def expect_steps(box: BallotBox) -> dict[str, Any]:
    """What the browser will most likely say: the page keeps room for it, and shows none of it."""
    made = records.record(box)
    try:
        steps = verify_draw.check_record(made)
    except verify_draw.Malformed:
        return {}
    return {"steps": steps, "outcome": verify_draw.tell_outcome(made, steps)}
