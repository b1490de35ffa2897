"""Public answers kept in memory as rendered, and asked each time whether they still hold.

A view names the version of its answers (ballots/editions/keeping.py). Each time one query asks
whether it is the same: nothing is shown because it was right a moment ago.

What is kept is found before Django makes anything of the request (SiteHandler). It is kept as it
leaves the middleware that all answers pass, with its headers (KeepMiddleware).
"""

from collections.abc import Callable, Hashable
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

KEPT = "lottery_site.kept"
IN_VAIN = "lottery_site.kept_in_vain"  # looked for, and not found
Clock = Callable[[], datetime]


class Kept:
    """All that a process keeps: what strangers are shown, and what participants are."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.memory, self.own_pages = Memory(), OwnPages(clock)

    def find_reply(self, environ: Environ) -> Reply | None:
        """To a plain request; None where the view has to be asked."""
        asked, at = what_is_asked(environ), self.clock()
        if not is_strangers(environ):
            return self.own_pages.find_reply(environ, asked, at)
        found = self.memory.find_what_holds(asked, at)
        return found and found.reply(environ.get("HTTP_IF_NONE_MATCH", ""), at)


class SiteHandler(WSGIHandler):
    """Django's handler of requests, with a memory of its own."""

    def __init__(self, clock: Clock = timezone.now) -> None:
        super().__init__()
        self.kept = Kept(clock)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any:
        environ[KEPT] = self.kept
        if is_plain(environ["REQUEST_METHOD"], environ):
            # What Django does as a request begins.
            connections[router.db_for_read(Edition)].close_if_unusable_or_obsolete()
            if reply := self.kept.find_reply(environ):
                start_response(reply.status_line, list(reply.headers.items()))
                return [reply.content]
            environ[IN_VAIN] = True
        return super().__call__(environ, start_response)


class KeepMiddleware:
    """Keeps what a view lets the site keep, and answers what no handler has looked for before."""

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase], clock: Clock = timezone.now
    ) -> None:
        self.get_response, self.kept = get_response, Kept(clock)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_plain(request.method, request.META):
            return self.get_response(request)
        kept: Kept = request.META.get(KEPT, self.kept)
        if IN_VAIN not in request.META and (reply := kept.find_reply(request.META)):
            return respond(reply)
        asked = what_is_asked(request.META)  # before middleware changes it
        if is_strangers(request.META):
            return self.answer_stranger(request, asked, kept)
        request.keeper = kept.own_pages  # type: ignore[attr-defined]
        response = self.get_response(request)
        kept.own_pages.keep(asked, request, response)
        return response

    def answer_stranger(
        self, request: HttpRequest, asked: Hashable, kept: Kept
    ) -> HttpResponseBase:
        at = kept.clock()
        request.keeping = keeping = Keeping(at)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not keeping.version or not isinstance(response, HttpResponse):
            return response
        if not is_whole(response):
            response.content = fill(response.content, at)
            return response
        answer = make_answer(keeping, response)
        kept.memory.put(asked, answer)
        return respond(answer.reply(keeping.condition, at))


def respond(reply: Reply) -> HttpResponse:
    response = HttpResponse(reply.content, status=reply.status, headers=reply.headers)
    if "Content-Type" not in reply.headers:
        del response["Content-Type"]
    return response


def is_whole(response: HttpResponse) -> bool:
    """Whether it is the same for whoever asks: without a cookie for one of them."""
    return response.status_code == HTTPStatus.OK and not response.cookies
