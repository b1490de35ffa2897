"""Public answers kept in memory as rendered, and asked each time whether they still hold.

A view names the version of its answers (ballots/editions/keeping.py). Each time one query asks
whether it is the same: nothing is shown because it was right a moment ago.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from ballots.editions.keeping import Keeping
from ballots.editions.models import Edition
from lottery_site.memory import Memory, fill, make_answer
from lottery_site.own_pages import OwnPages


class KeepMiddleware:
    """Answers strangers from memory where it can, and keeps what a view lets it keep."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self.get_response, self.clock = get_response, clock
        self.memory, self.own_pages = Memory(), OwnPages(clock)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_plain(request) or is_in_transaction():
            return self.get_response(request)
        if not is_strangers(request):
            request.keeper = self.own_pages  # type: ignore[attr-defined]
            return self.get_response(request)
        asked, at = what_is_asked(request), self.clock()
        found = self.memory.find(asked)
        if found and found.holds(at):
            return found.respond(request.META.get("HTTP_IF_NONE_MATCH", ""), at)
        keeping = Keeping(at)
        request.keeping = keeping  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not keeping.version or not isinstance(response, HttpResponse):
            return response
        if not is_whole(response):
            response.content = fill(response.content, at)
            return response
        answer = make_answer(keeping, response)
        self.memory.put(asked, answer)
        return answer.respond(keeping.condition, at)


def is_plain(request: HttpRequest) -> bool:
    """Whether it only asks for the answer: with no body, which some refuse, and on no condition.

    But for If-None-Match: that is known here, too.
    """
    given = request.META
    has_body = given.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in given
    return request.method == "GET" and not has_body and "HTTP_IF_MATCH" not in given


def is_strangers(request: HttpRequest) -> bool:
    """Whether nobody is signed in, and nothing is to be told."""
    if "HTTP_COOKIE" not in request.META:
        return True
    return not {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name} & request.COOKIES.keys()


def is_in_transaction() -> bool:
    """Whether what is read here may be seen by nobody else, ever."""
    return connections[router.db_for_read(Edition)].in_atomic_block


def what_is_asked(request: HttpRequest) -> Hashable:
    """All of a stranger's request that an answer may follow from, as it came."""
    given = request.META
    host = given.get("HTTP_HOST"), given["SERVER_NAME"], given["SERVER_PORT"]
    scheme = given["wsgi.url_scheme"], given.get("HTTP_X_FORWARDED_PROTO")
    return (*scheme, *host, request.path, given["QUERY_STRING"])


def is_whole(response: HttpResponse) -> bool:
    """Whether it is the same for whoever asks: without a cookie for one of them."""
    return response.status_code == HTTPStatus.OK and not response.cookies
