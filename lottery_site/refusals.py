"""What the rules refuse, as a page: the sentence, the status and a way on."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch

from accounts.shared.refusals import Refusal
from ballots.damage import DAMAGES
from ballots.models import BallotBox
from ballots.refusals import SomeDataDamaged
from lottery_site.views import not_allowed

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Shows the refusals that a view lets through; the API shows its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = error if isinstance(error, Refusal) else find_damage_behind(error)
        if refusal is None:
            return None
        page = render(request, refusal.template, {"refusal": refusal}, status=refusal.status)
        for name, value in refusal.headers.items():
            page[name] = value
        return page


def find_damage_behind(error: Exception) -> SomeDataDamaged | None:
    """What to say of an error that damaged rows explain; None for an error of the site."""
    if not isinstance(error, (*DAMAGES, NoReverseMatch)) or not BallotBox.objects.has_damage():
        return None
    logger.error("Damaged rows cannot be shown.", exc_info=error)
    return SomeDataDamaged()
