"""Public pages for participants, from memory, with the few values of theirs put in.

Each is rendered for a participant who does not exist, with blanks in place of a name and of
tokens: what is kept has nothing of anybody. What somebody won and has not answered is put in, too;
whoever else is shown more than others sees the view's own answer.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.contrib.messages import get_messages
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape

from accounts.models import User
from accounts.sessions.store import SessionStore
from ballots.editions.keeping import CSRF_TOKEN, FORM_TOKEN, USERNAME, WON, Ask, Keeping
from ballots.editions.versions import Version
from ballots.own_places import list_places_to_answer
from lottery_site.memory import Answer, Memory, fill
from lottery_site.questions import ASKED, what_is_asked

MOST = 2_000_000  # bytes in a process
MOST_PEOPLE = 10_000  # of whom is known what they were told, in some hundred bytes each


class OwnPages:
    """Answers whoever is signed in, for the views that let it (ballots/editions/keeping.py)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock, self.memory = clock, Memory(most=MOST)
        # At which version of a page a person had nothing to answer.
        self.silent: dict[UUID, Version] = {}

    def answer(
        self, request: HttpRequest, ask: Ask, render: Callable[[HttpRequest], HttpResponse]
    ) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated or user.is_admin or len(get_messages(request)):
            return render(request)
        at, asked = self.clock(), what_is_asked(request.META)
        found = self.memory.find(asked)
        if found is None or not found.holds(at):
            found = make_blank_answer(request, ask, render, at)
            if found is None:
                return render(request)
            self.memory.put(asked, found)
        is_silent = self.is_told_nothing(user, found.version)
        won = "" if is_silent else render_to_string("ballots/_won.html", request=request)
        return HttpResponse(fill_in(found.content, request, won, at), headers=found.headers)

    def is_told_nothing(self, user: User, version: Version) -> bool:
        """Whether the participant has won nothing that waits for an answer.

        It is asked once for each version: a place that is won changes the edition, which is part of
        the version, and time alone only ends what can be answered.
        """
        if self.silent.get(user.pk) == version:
            return True
        if list_places_to_answer(user):
            return False
        if len(self.silent) >= MOST_PEOPLE:
            self.silent.clear()
        self.silent[user.pk] = version
        return True


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


def fill_in(content: bytes, request: HttpRequest, won: str, at: datetime) -> bytes:
    """The page of whoever asks. The name is last: what it may look like is not filled in again."""
    content = fill(content, at)
    content = content.replace(CSRF_TOKEN.encode(), get_token(request).encode())
    content = content.replace(FORM_TOKEN.encode(), str(uuid4()).encode())
    content = content.replace(WON.encode(), won.encode())
    name: str = request.user.username
    return content.replace(USERNAME.encode(), escape(name).encode())
