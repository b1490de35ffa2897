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
from lottery_site.api import PREFIX
from lottery_site.views import not_allowed

logger = logging.getLogger(__name__)


class RefusalMiddleware:
    """Shows the refusals that a view lets through; the API answers its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = not request.path_info.startswith(PREFIX)
        if is_page and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (*DAMAGES, NoReverseMatch)) and BallotBox.objects.has_damage():
            logger.error("Damaged rows cannot be shown.", exc_info=error)
            error = SomeDataDamaged()
        if not isinstance(error, Refusal):
            return None
        response = render(request, error.template, {"refusal": error}, status=error.status)
        for name, value in error.headers.items():
            response[name] = value
        return response
