"""Public answers kept in memory as rendered, and asked each time whether they still hold.

A view names the version of its answers (ballots/editions/keeping.py). Each time one query asks
whether it is the same: nothing is shown because it was right a moment ago.

A stranger's answer is found before Django makes anything of the request (SiteHandler), and kept as
it leaves the middleware that all answers pass, with its headers (KeepMiddleware).
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from ballots.editions.keeping import Keeping
from ballots.editions.models import Edition
from lottery_site.memory import Memory, Reply, fill, make_answer
from lottery_site.own_pages import OwnPages
from lottery_site.questions import Environ, is_plain, is_strangers, what_is_asked

MEMORY = "lottery_site.memory"
Clock = Callable[[], datetime]


class SiteHandler(WSGIHandler):
    """Django's handler of requests, with a memory of its own."""

    def __init__(self, clock: Clock = timezone.now) -> None:
        super().__init__()
        self.clock, self.memory = clock, Memory()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        environ[MEMORY] = self.memory
        if is_plain(environ["REQUEST_METHOD"], environ) and is_strangers(environ):
            # What Django does as a request begins.
            connections[router.db_for_read(Edition)].close_if_unusable_or_obsolete()
            if reply := find_reply(self.memory, environ, self.clock()):
                start_response(reply.status_line, list(reply.headers.items()))
                return [reply.content]
        return super().__call__(environ, start_response)


class KeepMiddleware:
    """Keeps what a view lets the site keep, and answers what no handler has answered before."""

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase], clock: Clock = timezone.now
    ) -> None:
        self.get_response, self.clock = get_response, clock
        self.memory, self.own_pages = Memory(), OwnPages(clock)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_plain(request.method, request.META):
            return self.get_response(request)
        if not is_strangers(request.META):
            request.keeper = self.own_pages  # type: ignore[attr-defined]
            return self.get_response(request)
        memory, at = request.META.get(MEMORY, self.memory), self.clock()
        if reply := find_reply(memory, request.META, at):
            return respond(reply)
        asked, keeping = what_is_asked(request.META), Keeping(at)
        request.keeping = keeping  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not keeping.version or not isinstance(response, HttpResponse):
            return response
        if not is_whole(response):
            response.content = fill(response.content, at)
            return response
        answer = make_answer(keeping, response)
        memory.put(asked, answer)
        return respond(answer.reply(keeping.condition, at))


def find_reply(memory: Memory, environ: Environ, at: datetime) -> Reply | None:
    """What is kept for this request, if it still holds; what does not is forgotten."""
    asked = what_is_asked(environ)
    found = memory.find(asked)
    if found is None:
        return None
    if found.holds(at):
        return found.reply(environ.get("HTTP_IF_NONE_MATCH", ""), at)
    memory.drop(asked)
    return None


def respond(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.content, status=reply.status, headers=reply.headers)
    if "Content-Type" not in reply.headers:
        del response["Content-Type"]
    return response


def is_whole(response: HttpResponse) -> bool:
    """Whether it is the same for whoever asks: without a cookie for one of them."""
    return response.status_code == HTTPStatus.OK and not response.cookies
