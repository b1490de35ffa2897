"""The main loop's part: connections that wait for their client, with limits of time and memory."""

import errno
import selectors
import socket
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from time import monotonic

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    STOP_KEEPALIVE_LINGER,
    ThreadWorker,
)

from lottery_site.server.connection import Connection
from lottery_site.server.refusing import refusal

Act = Callable[[Connection], None]


class WaitingWorker(ThreadWorker):  # type: ignore[misc]
    """Its limits; those of time are in seconds."""

    head_seconds = 10.0  # from the connection, or from the first byte of a request
    body_seconds = 30.0  # from the end of the head
    send_seconds = 30.0  # in which a reader takes nothing
    end_seconds = 2.0  # for a client to end a connection that the site has ended
    look_seconds = 0.1  # between two looks at the time
    most_bytes = 32 * 1024 * 1024  # of requests and answers, in a process

    def init_process(self) -> None:
        self.waiting: dict[Connection, None] = {}  # since when, from the longest on
        self.bytes = 0
        self.next_look = 0.0
        super().init_process()

    def answer_readable(self, connection: Connection) -> None:
        raise NotImplementedError

    def answer_writable(self, connection: Connection) -> None:
        raise NotImplementedError

    # --- A connection begins, waits, and ends

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self.make_room()
            elif error.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        connection = self.connect(accepted, client, listener.getsockname())
        self.wait(connection, self.head_seconds)
        if self.nr_conns >= self.worker_connections:
            self.make_room()

    def connect(self, accepted: socket.socket, client: object, server: object) -> Connection:
        raise NotImplementedError

    def make_room(self) -> None:
        """The one that has been waiting longest goes: whoever is honest was quicker."""
        if self.waiting:
            self.drop(next(iter(self.waiting)))

    def wait(self, connection: Connection, seconds: float) -> None:
        """For its client, whose time begins now."""
        is_sending = bool(connection.sock.unsent)
        event = selectors.EVENT_WRITE if is_sending else selectors.EVENT_READ
        answer = self.answer_writable if is_sending else self.answer_readable
        self.stop_waiting(connection)
        self.poller.register(connection.sock, event, partial(self.answer_event, answer, connection))
        self.waiting[connection] = None
        self.give_time(connection, seconds)

    def give_time(self, connection: Connection, seconds: float) -> None:
        if not self.alive:
            seconds = min(seconds, STOP_KEEPALIVE_LINGER)
        connection.deadline = monotonic() + seconds

    def stop_waiting(self, connection: Connection) -> None:
        if connection in self.waiting:
            del self.waiting[connection]
            self.poller.unregister(connection.sock)

    def answer_event(self, answer: Act, connection: Connection, _sock: object) -> None:
        if connection in self.waiting:  # not ended by an event of the same moment
            self.guard(answer, connection)

    def guard(self, act: Act, connection: Connection) -> None:
        """Nothing that one client does ends the loop."""
        try:
            act(connection)
        except BlockingIOError:
            pass
        except OSError:
            self.drop(connection)
        except Exception:
            self.log.exception("A connection failed.")
            self.drop(connection)

    def refuse(self, connection: Connection, status: HTTPStatus) -> None:
        """Tells whoever has begun a request; for others the end is enough."""
        if not connection.incoming.data:
            self.drop(connection)
            return
        connection.sock.unsent = refusal(status, connection.incoming.data)
        connection.sock.send_unsent()
        self.end(connection)

    def end(self, connection: Connection) -> None:
        """Ends what the site sends, and lets the client read it (RFC 9112, section 9.6)."""
        connection.is_ending = True
        connection.forget()
        connection.sock.shutdown(socket.SHUT_WR)
        self.wait(connection, self.end_seconds)
        self.count(connection)

    def drop(self, connection: Connection) -> None:
        self.stop_waiting(connection)
        self.nr_conns -= 1
        connection.forget()
        self.count(connection)
        connection.sock.close()
        if connection.answer:
            self.tpool.submit(connection.answer.end)
            connection.answer = None

    # --- Memory and time

    def count(self, connection: Connection) -> None:
        """Keeps the sum of bytes, and keeps it within its bound: the largest go."""
        self.bytes += connection.size - connection.counted
        connection.counted = connection.size
        while self.bytes > self.most_bytes and self.waiting:
            largest = max(self.waiting, key=lambda each: each.counted)
            self.guard(partial(self.refuse, status=HTTPStatus.SERVICE_UNAVAILABLE), largest)

    def murder_keepalived(self, force: bool = False) -> None:
        """Ends what has been waiting too long. gunicorn calls it in each turn of the loop."""
        now = monotonic()
        if now >= self.next_look or force:
            self.next_look = now + self.look_seconds
            self.look(now, force)

    def look(self, now: float, force: bool) -> None:
        for connection in list(self.waiting):
            if connection.deadline <= now or force:
                self.guard(self.give_up, connection)

    def give_up(self, connection: Connection) -> None:
        if connection.sock.unsent:
            self.drop(connection)
        else:
            self.refuse(connection, HTTPStatus.REQUEST_TIMEOUT)

    def _cap_keepalive(self, deadline: float) -> None:
        """gunicorn calls it when it is stopped: what is not whole by then ends."""
        for connection in self.waiting:
            connection.deadline = min(connection.deadline, deadline)
