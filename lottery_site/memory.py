"""The memory of answers that a process keeps."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from http import HTTPStatus
from threading import RLock
from typing import NamedTuple

from django.db import Error
from django.http import HttpResponse
from django.utils.cache import set_response_etag
from django.utils.http import parse_etags

from ballots.editions.keeping import MOMENT, Ask, Keeping, Part
from ballots.editions.versions import Version

MOST = 4_000_000  # bytes in a process
LARGEST = 256_000  # of one answer
OVERHEAD = 2_000  # about what an answer takes beside its text
OF_THE_BODY = ("Content-Type", "Content-Length", "Content-Disposition")


class Reply(NamedTuple):
    status: HTTPStatus
    headers: dict[str, str]
    content: bytes

    @property
    def status_line(self) -> str:
        return f"{self.status:d} {self.status.phrase}"


class Answer(NamedTuple):
    """An answer as it leaves the site, but for the moment, and what tells whether it holds."""

    ask: Ask
    version: Version
    content: bytes
    headers: dict[str, str]
    write_part: Callable[..., Part] | None = None  # what is for its owner alone, put in each time

    def holds(self, at: datetime) -> bool:
        try:
            return self.ask(at) == self.version
        except Error:
            return False  # the view tells what is wrong with the database

    def reply(self, condition: str, at: datetime) -> Reply:
        """To a request with this If-None-Match, at that moment."""
        if condition and is_known(self.headers.get("ETag", ""), condition):
            kept = {name: self.headers[name] for name in self.headers if name not in OF_THE_BODY}
            return Reply(HTTPStatus.NOT_MODIFIED, kept, b"")
        return Reply(HTTPStatus.OK, self.headers, fill(self.content, at))

    @property
    def size(self) -> int:
        return OVERHEAD + len(self.content)


def make_answer(keeping: Keeping, response: HttpResponse) -> Answer:
    """What to keep of the response. It gets an ETag unless it says what time it is."""
    if "ETag" not in response and MOMENT.encode() not in response.content:
        set_response_etag(response)
    return Answer(keeping.ask, keeping.version, response.content, dict(response.items()))


def fill(content: bytes, at: datetime) -> bytes:
    """The content with the moment in seconds, as long as the blank for it."""
    return content.replace(MOMENT.encode(), b"%d" % at.timestamp())


def is_known(etag: str, condition: str) -> bool:
    """Whether the reader has this already (RFC 9110, section 13.1.2).

    The comparison is weak: a proxy that compresses an answer makes its tag a weak one.
    """
    tags = parse_etags(condition)
    return tags == ["*"] or etag in {tag.removeprefix("W/") for tag in tags}


class Memory:
    """Answers by what was asked, for all threads; the one not used for longest gives way."""

    def __init__(self, most: int = MOST, largest: int = LARGEST) -> None:
        self.most, self.largest, self.size = most, largest, 0
        self.answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self.lock = RLock()

    def find(self, asked: Hashable) -> Answer | None:
        with self.lock:
            found = self.answers.get(asked)
            if found:
                self.answers.move_to_end(asked)
            return found

    def find_what_holds(self, asked: Hashable, at: datetime) -> Answer | None:
        """What is found and no longer holds is forgotten."""
        found = self.find(asked)
        if found is None or found.holds(at):
            return found
        self.drop(asked)
        return None

    def drop(self, asked: Hashable) -> None:
        with self.lock:
            if before := self.answers.pop(asked, None):
                self.size -= before.size

    def put(self, asked: Hashable, answer: Answer) -> None:
        if answer.size > self.largest:
            return
        with self.lock:
            self.drop(asked)
            self.answers[asked] = answer
            self.size += answer.size
            while self.size > self.most:
                self.size -= self.answers.popitem(last=False)[1].size
