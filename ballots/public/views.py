"""The public record of each lottery, its proofs, and the tools to check them."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.shared.known_names import what_is_unclear
from accounts.shared.problems import problem
from accounts.shared.refusals import Refusal
from ballots.checkers import verify_draw, witness
from ballots.editions.keeping import keep
from ballots.editions.versions import lottery_version, site_version
from ballots.forms import ConsistencyForm, InclusionForm
from ballots.models import BallotBox
from ballots.public import records
from ballots.public.caching import View, let_caches_keep, publish, publish_json

# The very files that the tests run.
SCRIPT = Path(verify_draw.__file__)
WITNESS = Path(witness.__file__)


def give_box(*known: str) -> Callable[[View], View]:
    """Gives the view the box of the date in the address, or says that there is none.

    A question with parameters other than the known ones is refused.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def serve(request: HttpRequest, closure_date: date) -> HttpResponseBase:
            if wrong := what_is_unclear(request.GET, known):
                return problem(HTTPStatus.BAD_REQUEST, wrong)
            try:
                return view(request, BallotBox.objects.on(closure_date))
            except Refusal as refusal:
                return problem(refusal.status, str(refusal))

        return publish(serve)

    return decorate


@keep(lottery_version)
@give_box()
def record(request: HttpRequest, box: BallotBox) -> HttpResponse:
    # Never final: a winner may be passed over, and people may get another username.
    return publish_json(records.record(box), is_final=False)


@keep(lottery_version)
@give_box()
def head(request: HttpRequest, box: BallotBox) -> HttpResponse:
    return publish_json(records.head(box), is_final=box.sealed_at is not None)


@give_box("number", "size")
def proof(request: HttpRequest, box: BallotBox) -> HttpResponse:
    form = InclusionForm(request.GET, box=box)
    if not form.is_valid():
        return problem(HTTPStatus.BAD_REQUEST, form.what_is_wrong)
    number, size = form.cleaned_data["number"], form.cleaned_data["size"]
    return publish_json(records.inclusion(box, number, size), is_final=box.sealed_at is not None)


@give_box("from", "to")
def consistency(request: HttpRequest, box: BallotBox) -> HttpResponse:
    form = ConsistencyForm(request.GET, box=box)
    if not form.is_valid():
        return problem(HTTPStatus.BAD_REQUEST, form.what_is_wrong)
    first, second = form.cleaned_data["from"], form.cleaned_data["to"]
    return publish_json(records.consistency(box, first, second), is_final=box.sealed_at is not None)


@publish
def script(request: HttpRequest) -> HttpResponse:
    """verify_draw.py: checks one record, by anyone."""
    return serve_program(SCRIPT)


@publish
def witness_script(request: HttpRequest) -> HttpResponse:
    """witness.py: watches a site from outside; it needs verify_draw.py beside it."""
    return serve_program(WITNESS)


def serve_program(file: Path) -> HttpResponse:
    response = HttpResponse(file.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return let_caches_keep(response, is_final=False)


@keep(site_version)
@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    has_beacon = settings.DRAW_BEACON == "drand"
    return render(request, "ballots/fairness.html", {"has_beacon": has_beacon})
