"""Pages for participants, from memory, with what is theirs put in.

Each is rendered for a participant who does not exist, with blanks in place of a name and of
tokens: what is kept has nothing of anybody. What somebody won and has not answered is put in, too,
and of pages that are for their owner alone the part that is; whoever else is shown more than others
sees the view's own answer.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CSRF_SECRET_LENGTH, get_token
from django.template.loader import render_to_string
from django.utils.html import escape

from accounts.models import User
from accounts.sessions.store import SessionStore
from accounts.sessions.users import find_user
from ballots.damage import DAMAGES
from ballots.editions.keeping import (
    CONTENT,
    CSRF_TOKEN,
    FORM_TOKEN,
    TITLE,
    USERNAME,
    WON,
    Ask,
    Keeping,
    Part,
)
from ballots.editions.versions import edition_of
from ballots.own_places import list_places_to_answer
from lottery_site.memory import Answer, Memory, Reply, fill
from lottery_site.questions import ASKED, Environ

MOST = 2_000_000  # bytes in a process
MOST_PEOPLE = 5_000  # of whom is known what they are told, in a thousand bytes each at most


class Told(NamedTuple):
    """What a participant has won and has not answered, as a part of the page; "" for nothing."""

    text: str
    edition: frozenset[str]
    until: datetime | None  # None: as long as the edition is the same

    def holds(self, edition: frozenset[str], at: datetime) -> bool:
        """A place that is won changes the edition; time alone only ends what can be answered."""
        return self.edition == edition and (self.until is None or at < self.until)


class OwnPages:
    """Answers participants, for the views that let it (ballots/editions/keeping.py)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock, self.memory = clock, Memory(most=MOST)
        self.told: dict[UUID, Told] = {}

    def find_reply(self, environ: Environ, asked: Hashable, at: datetime) -> Reply | None:
        """What is kept, for whoever asks; None where Django has to look at it, or at the rows."""
        try:
            found = self.memory.find_what_holds(asked, at)
            request = found and recognize(environ)
            if not found or not request:
                return None
            content = self.fill_in(found, request, at)
        except (Error, Http404, *DAMAGES):
            return None
        headers = found.headers | {"Content-Length": str(len(content))}
        return Reply(HTTPStatus.OK, headers, content)

    def answer(
        self,
        request: Any,
        ask: Ask,
        render: Callable[[HttpRequest], HttpResponse],
        write_part: Callable[..., Part] | None = None,
    ) -> HttpResponse:
        """The view's answer; for participants from a page with blanks, which is then to be kept.

        A part that is for its owner alone is put in whenever the page is sent.
        """
        at, user = self.clock(), request.user
        if not user.is_authenticated or user.is_admin or len(get_messages(request)):
            return render(request)
        blank = request.blank = make_blank_answer(request, ask, render, at)
        if blank is None:
            return render(request)
        blank = request.blank = blank._replace(write_part=write_part)
        return HttpResponse(self.fill_in(blank, request, at), headers=blank.headers)

    def keep(self, asked: Hashable, request: HttpRequest, response: HttpResponseBase) -> None:
        """The page with blanks, with the headers that the answer has in the end.

        Cookies are not among them. The one against forged requests is valid for a year from the
        sign-in: it need not be renewed with each page, as no session lasts as long.
        """
        blank: Answer | None = getattr(request, "blank", None)
        if blank is None or response.status_code != HTTPStatus.OK:
            return
        if response.cookies.keys() <= {settings.CSRF_COOKIE_NAME}:
            self.memory.put(asked, blank._replace(headers=dict(response.items())))

    def fill_in(self, blank: Answer, request: Any, at: datetime) -> bytes:
        """The page of whoever asks.

        The name is last: what it may look like is not filled in again.
        """
        content = fill(blank.content, at)
        if blank.write_part:
            part = blank.write_part(request.user, at=at)
            content = content.replace(TITLE.encode(), part.title.encode())
            content = content.replace(CONTENT.encode(), part.content.encode())
            won = show_won(request) if part.may_have_to_answer else ""
        else:
            won = self.tell(request, edition_of(blank.version), at)
        content = content.replace(CSRF_TOKEN.encode(), get_token(request).encode())
        content = content.replace(FORM_TOKEN.encode(), str(uuid4()).encode())
        content = content.replace(WON.encode(), won.encode())
        return content.replace(USERNAME.encode(), escape(request.user.username).encode())

    def tell(self, request: Any, edition: frozenset[str], at: datetime) -> str:
        key = request.user.pk
        told = self.told.get(key)
        if told is None or not told.holds(edition, at):
            if len(self.told) >= MOST_PEOPLE:
                self.told.clear()
            told = self.told[key] = look_what_to_tell(request, edition)
        return told.text


def look_what_to_tell(request: Any, edition: frozenset[str]) -> Told:
    places = list_places_to_answer(request.user)
    if not places:
        return Told("", edition, None)
    return Told(show_won(request), edition, places[0].claim_until)


def show_won(request: HttpRequest) -> str:
    """What whoever asks has won and has not answered; "" where it is nothing."""
    return render_to_string("ballots/_won.html", request=request).strip()


def make_blank_answer(
    request: HttpRequest, ask: Ask, render: Callable[[HttpRequest], HttpResponse], at: datetime
) -> Answer | None:
    """None where the answer is not the same for all of them."""
    blank = make_blank_request(request, at)
    keeping: Keeping = blank.keeping
    keeping.start(blank, ask)
    if not keeping.version:
        return None
    response = render(blank)
    if response.status_code != HTTPStatus.OK or response.cookies:
        return None
    return Answer(ask, keeping.version, response.content, dict(response.items()))


def make_blank_request(request: HttpRequest, at: datetime) -> Any:
    """The same question of nobody: without the cookies, the session and the account."""
    asked = {name: request.META[name] for name in ASKED if name in request.META}
    blank: Any = WSGIRequest(asked | {"REQUEST_METHOD": "GET", "wsgi.input": BytesIO()})
    blank.session, blank.user = SessionStore(), User(username=USERNAME)
    blank.resolver_match, blank.keeping = request.resolver_match, Keeping(at)
    blank.is_of_nobody = True
    return blank


def recognize(environ: Environ) -> HttpRequest | None:
    """A participant's request, as the middleware leaves it; None where that would do more."""
    request: Any = WSGIRequest(dict(environ))
    cookies, secret = request.COOKIES, request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if CookieStorage.cookie_name in cookies or not is_whole_secret(secret):
        return None
    request.session = SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    request.user, request.META["CSRF_COOKIE"] = find_user(request.session), secret
    return request if request.user and not request.user.is_admin else None


def is_whole_secret(secret: str) -> bool:
    """Whether CsrfViewMiddleware uses it as it is; else it makes one, and a cookie of it."""
    return len(secret) == CSRF_SECRET_LENGTH and secret.isascii() and secret.isalnum()
