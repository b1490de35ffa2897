"""What the rules refuse, as a page: the sentence, the status and a way on."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.shared.refusals import Refusal
from lottery_site.api import PREFIX
from lottery_site.views import not_allowed


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
        if not isinstance(error, Refusal):
            return None
        response = render(request, error.template, {"refusal": error}, status=error.status)
        for name, value in error.headers.items():
            response[name] = value
        return response
