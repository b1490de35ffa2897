"""The site's addresses with the site's own handlers, and some that fail or refuse as asked."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.shared.refusals import Refusal
from lottery_site.urls import handler400, handler500

__all__ = ["handler400", "handler500", "urlpatterns"]


class TooManySteps(Refusal):
    status = HTTPStatus.TOO_MANY_REQUESTS
    sentence = "Too many steps: wait {seconds} seconds."


def refuse(request: HttpRequest) -> HttpResponse:
    raise TooManySteps(seconds=5)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as asked")


urlpatterns = [
    path("api/fail", fail),
    path("fail/", fail),
    path("refuse/", refuse),
    path("", include("lottery_site.urls")),
]
