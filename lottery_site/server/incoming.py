"""What has come of a request, and whether that is enough to begin with it.

This only finds where a request ends (RFC 9112, sections 2.2, 6.3 and 7.1). gunicorn parses it, and
where the two should ever differ, gunicorn's parser finds too few bytes and the connection ends.
"""

import re
from enum import Enum, auto

MOST_HEAD = 32 * 1024  # bytes; gunicorn has limits of its own for a line and a field
LENGTH = re.compile(rb"\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r")
FRAMING = re.compile(rb"\n(content-length|transfer-encoding)[ \t]*:")
CHUNKED = re.compile(rb"\ntransfer-encoding:[ \t]*chunked[ \t]*\r")
EXPECT = re.compile(rb"\nexpect:[ \t]*100-continue[ \t]*\r")
SIZE = re.compile(rb"[0-9a-fA-F]{1,16}(?=[ \t;]|$)")


class State(Enum):
    HEAD = auto()  # more of the head has to come
    BODY = auto()  # more of the body has to come
    WHOLE = auto()
    REFUSED = auto()  # nothing more is read: gunicorn and Django say why
    TOO_LARGE = auto()  # a head that they are not asked to look at


class Incoming:
    """The bytes of one request, and of what its client sent behind it."""

    def __init__(self, most_body: int) -> None:
        self.most_body = most_body
        self.start_anew(b"")

    def start_anew(self, rest: bytes) -> State:
        """Goes on to the next request, of which rest has come already."""
        self.data = bytearray()
        self.state = State.HEAD
        self.end = 0  # of the head, and with its length of the request
        self.is_in_chunks = self.expects_continue = False
        return self.add(rest)

    def add(self, more: bytes | memoryview) -> State:
        searched = max(0, len(self.data) - 3)
        self.data += more
        if self.state is State.HEAD:
            self.state = self.look_for_head(searched)
        if self.state is State.BODY:
            self.state = self.look_for_body()
        return self.state

    def look_for_head(self, searched: int) -> State:
        end = self.data.find(b"\r\n\r\n", searched)
        if (end if end >= 0 else len(self.data)) > MOST_HEAD:
            return State.TOO_LARGE
        if end >= 0:
            self.end = end + 4
            return self.look_at_fields(bytes(self.data[: end + 2]).lower())
        has_bare_line_feeds = self.data.count(b"\n") != self.data.count(b"\r\n")
        return State.REFUSED if has_bare_line_feeds else State.HEAD

    def look_at_fields(self, head: bytes) -> State:
        if b"\nexpect:" in head:
            self.expects_continue = bool(EXPECT.search(head)) and b" http/1.1\r" in head
            if not EXPECT.search(head):
                return State.REFUSED
        fields = FRAMING.findall(head)
        if not fields:
            return State.WHOLE
        if len(fields) > 1:
            return State.REFUSED
        if fields == [b"transfer-encoding"]:
            self.is_in_chunks = bool(CHUNKED.search(head))
            return State.BODY if self.is_in_chunks else State.REFUSED
        length = LENGTH.search(head)
        if length is None or int(length[1]) > self.most_body:
            return State.REFUSED
        self.end += int(length[1])
        return State.BODY

    def look_for_body(self) -> State:
        if self.is_in_chunks:
            return self.look_for_chunks()
        return State.WHOLE if len(self.data) >= self.end else State.BODY

    def look_for_chunks(self) -> State:
        """Moves end on to behind the last chunk that is whole."""
        while (line_end := self.data.find(b"\r\n", self.end, self.end + MOST_HEAD)) >= 0:
            size = SIZE.match(self.data[self.end : line_end])
            if size is None:
                return State.REFUSED
            if int(size[0], 16) == 0:
                return self.look_for_trailers(line_end)
            chunk_end = line_end + 2 + int(size[0], 16) + 2
            if chunk_end > len(self.data):
                break
            self.end = chunk_end
        # Chunks may be small, and what stands around them is no part of the body.
        is_long = len(self.data) > 2 * self.most_body + MOST_HEAD
        return State.REFUSED if is_long or self.has_long_line(line_end) else State.BODY

    def look_for_trailers(self, line_end: int) -> State:
        if self.data.find(b"\r\n\r\n", line_end) >= 0:
            return State.WHOLE
        return State.REFUSED if len(self.data) - line_end > MOST_HEAD else State.BODY

    def has_long_line(self, line_end: int) -> bool:
        return line_end < 0 and len(self.data) - self.end > MOST_HEAD
