"""How a view lets the site keep its answers (lottery_site/keeping.py does it)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from secrets import token_urlsafe
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from ballots.editions.versions import Version

Ask = Callable[[datetime], Version]
View = TypeVar("View", bound=Callable[..., Any])

# Stands where an answer that may be kept says the server's time, which is filled in whenever it is
# sent: as many characters as the seconds have. Nobody can know it, so no text of anybody has it.
MOMENT = token_urlsafe(7)
# The same for what is of whoever asks, in a page that is kept for all participants.
USERNAME, CSRF_TOKEN, FORM_TOKEN, WON, TITLE, CONTENT = (token_urlsafe(16) for _ in range(6))


class Keeping:
    """What the site has to know to keep the answer to a request, of which a view may make use."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.ask: Ask = lambda at: None
        self.version: Version = None
        self.condition = ""  # the If-None-Match of the request

    def start(self, request: HttpRequest, ask: Ask) -> None:
        """Reads the version before the view reads anything.

        What changes while the view renders makes another version, so the answer is not used again.
        """
        self.ask, self.version = ask, ask(self.at)
        if self.version:
            # To be kept, the answer has to be a whole one.
            self.condition = request.META.pop("HTTP_IF_NONE_MATCH", "")


def keep(
    version_of: Callable[..., Version], of_participants: Callable[..., Version] | None = None
) -> Callable[[View], View]:
    """A view whose answers to strangers hold as long as their version stays the same.

    The version is asked with at and, where the address has one, with the closure date. The answer
    may follow from the version, the address and the settings, and from nothing else: neither from
    the visitor nor from a header.

    So may the answers to participants as long as theirs is the same: but for their name, their
    tokens and what any page tells them.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            of = {name: kwargs[name] for name in kwargs.keys() & {"closure_date"}}
            if keeping := getattr(request, "keeping", None):
                keeping.start(request, partial(version_of, **of))
            keeper = getattr(request, "keeper", None)
            if keeper and of_participants:
                ask = partial(of_participants, **of)
                return keeper.answer(request, ask, lambda each: view(each, *args, **kwargs))
            return view(request, *args, **kwargs)

        return serve  # type: ignore[return-value]

    return decorate


def moment_of(request: HttpRequest | None, at: datetime) -> str:
    """The server's time in seconds, or the blank for it in an answer that may be kept."""
    keeping = getattr(request, "keeping", None)
    return MOMENT if keeping and keeping.version else str(int(at.timestamp()))


def is_of_nobody(request: HttpRequest | None) -> bool:
    """Whether the answer is to be kept for all participants, and has blanks for what is theirs."""
    return getattr(request, "is_of_nobody", False)


def form_token_of(request: HttpRequest) -> str:
    """A token for a form, or the blank for it."""
    return FORM_TOKEN if is_of_nobody(request) else str(uuid4())


class Part(NamedTuple):
    """What is for its owner alone of a page that is the same for all of them otherwise."""

    title: str  # in HTML, as the next
    content: str
    may_have_to_answer: bool  # whether to ask what they won and have not answered


BLANK_PART = Part(TITLE, CONTENT, may_have_to_answer=True)


def answer_with_part(
    request: HttpRequest,
    write: Callable[..., Part],
    of: dict[str, Any],
    show: Callable[[HttpRequest, Part], HttpResponse],
) -> HttpResponse:
    """The answer to whoever is signed in, by a view that shows what is written for them.

    It is written anew each time, and may follow from the user, the query, the moment and the
    arguments of the address. The rest may follow from the address and the settings.
    """
    # In UTF-8: what a header says of the query is no part of the address.
    query = QueryDict(request.META.get("QUERY_STRING", ""))
    write_part = partial(write, query=query, **of)

    def render(each: Any) -> HttpResponse:
        is_blank = is_of_nobody(each)
        return show(each, BLANK_PART if is_blank else write_part(each.user, at=timezone.now()))

    keeper = getattr(request, "keeper", None)
    return keeper.answer(request, always, render, write_part) if keeper else render(request)


def always(at: datetime) -> Version:
    """The version of what nothing changes."""
    return ("always",)
