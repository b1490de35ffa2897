"""A process of the site, asked as the server asks it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from lottery_site.keeping import SiteHandler


class Handler(SiteHandler):
    is_early = False  # whether the last answer came before Django made anything of the request

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        self.is_early = False
        return super().get_response(request)


class Process:
    def __init__(self) -> None:
        self.handler = Handler()

    @property
    def is_early(self) -> bool:
        return self.handler.is_early

    def ask(self, method: str, address: str, **given: Any) -> HttpResponse:
        environ = RequestFactory().generic(method, address, **given).environ
        started: list[Any] = []
        self.handler.is_early = True
        body = self.handler(environ, lambda *start: started.append(start))
        (status, headers), content = started[0], b"".join(body)
        if hasattr(body, "close"):
            body.close()
        code, _, reason = status.partition(" ")
        return HttpResponse(content, status=int(code), reason=reason, headers=dict(headers))

    def get(self, address: str, **given: Any) -> HttpResponse:
        return self.ask("GET", address, **given)
