"""A process of the site, asked as the server asks it."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from accounts.models import User
from conftest import browser_of
from lottery_site.keeping import SiteHandler

SECRET = "s3cret" * 5 + "xy"
TOKENS = r'(?:csrfmiddlewaretoken|token)" value="([^"]+)"'


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


def cookie_of(user: User, csrf: str = f"; csrftoken={SECRET}") -> str:
    """Of a browser where they are signed in, and which has been shown a form."""
    return f"sessionid={browser_of(user).cookies['sessionid'].value}{csrf}"


def ask(process: Process, address: str, cookie: str, method: str = "GET") -> HttpResponse:
    return process.ask(method, address, headers={"Cookie": cookie})


def ask_view(address: str, cookie: str, method: str = "GET") -> HttpResponse:
    """A process that has kept nothing, on a condition that is left to the view."""
    return Process().ask(method, address, headers={"Cookie": cookie, "If-Match": '"x"'})


def show(answer: HttpResponse) -> tuple[Any, ...]:
    """All of it but the tokens and the moment, which differ each time, and the space of blanks."""
    text = re.sub(TOKENS, "", answer.content.decode())
    text = re.sub(r'data-countdown="\d{10}"', "", text)
    headers = {**answer.headers, "Set-Cookie": ""}
    return answer.status_code, answer.reason_phrase, headers, text
