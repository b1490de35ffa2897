"""One connection of a client, who may be slow to send and to read."""

import socket
from typing import Any

from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from gunicorn.http.unreader import Unreader  # type: ignore[import-untyped]

from lottery_site.server.answering import Answer
from lottery_site.server.incoming import Incoming, State

PORTION = 64 * 1024  # bytes that are sent at once
MOST_UNSENT = 4 * PORTION  # bytes of an answer that wait for their reader, and then it waits


class ClientSocket(socket.socket):
    """Never blocks. What its reader doesn't take yet stays in unsent, for the main loop to send."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self.setblocking(False)
        self.unsent = bytearray()

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.unsent += data
        if len(self.unsent) >= PORTION:
            self.send_unsent()

    def send_unsent(self) -> None:
        """Sends what the reader takes now."""
        try:
            while self.unsent:
                with memoryview(self.unsent) as view:
                    sent = self.send(view)
                del self.unsent[:sent]
        except BlockingIOError:
            pass

    @property
    def is_behind(self) -> bool:
        return len(self.unsent) > MOST_UNSENT


class Received(Unreader):  # type: ignore[misc]
    """What the main loop has read for the parser; there is never more to wait for."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        raise NoMoreData


class Connection:
    """What gunicorn's worker wants to know of a connection, and what has come of its request."""

    def __init__(
        self, cfg: Any, sock: ClientSocket, client: Any, server: Any, most_body: int
    ) -> None:
        self.sock = sock
        self.client = client
        self.server = server
        self.incoming = Incoming(most_body)
        self.parser = RequestParser(cfg, (), client)
        self.parser.unreader = Received()
        self.answer: Answer | None = None  # whose reader is behind
        self.deadline = 0.0  # of what it is waiting for, on the monotonic clock
        self.counted = 0  # of its bytes, in the worker's sum
        self.is_late = False  # more threads have been asked to take it
        self.stays = False  # open, after the answer
        self.is_ending = False  # only what is left to send, and then the client's end

    @property
    def size(self) -> int:
        return len(self.incoming.data) + len(self.sock.unsent)

    def hand_over(self) -> None:
        """Gives the parser what has come."""
        self.parser.unreader.unread(self.incoming.data)
        self.incoming.data = bytearray()

    @property
    def is_whole(self) -> bool:
        return self.incoming.state is State.WHOLE

    def start_anew(self) -> State:
        """Goes on to the next request, of which some may have come with the last one."""
        return self.incoming.start_anew(self.parser.unreader.take_buffered())

    def forget(self) -> None:
        """What has come, and what is left to send."""
        self.incoming.data = bytearray()
        self.sock.unsent = bytearray()
