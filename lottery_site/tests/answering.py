"""A process of the site, asked as the server asks it."""

from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory

from lottery_site.keeping import SiteHandler


class Process:
    def __init__(self) -> None:
        self.handler = SiteHandler()

    def ask(self, method: str, address: str, **given: Any) -> HttpResponse:
        environ = RequestFactory().generic(method, address, **given).environ
        started: list[Any] = []
        body = self.handler(environ, lambda *start: started.append(start))
        (status, headers), content = started[0], b"".join(body)
        if hasattr(body, "close"):
            body.close()
        code, _, reason = status.partition(" ")
        return HttpResponse(content, status=int(code), reason=reason, headers=dict(headers))

    def get(self, address: str, **given: Any) -> HttpResponse:
        return self.ask("GET", address, **given)
