"""gunicorn's worker with threads, which gives a thread only to a request that has come whole.

The main loop reads without waiting, and sends what a slow reader leaves. So half a head, a body
that drips or an answer that nobody reads costs some memory for some seconds, and no thread.
"""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any

from django.conf import settings
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]

from lottery_site.server.answering import Answer, EndedHalfWay
from lottery_site.server.connection import ClientSocket, Connection
from lottery_site.server.incoming import State
from lottery_site.server.waiting import WaitingWorker

READING = (b"GET ", b"HEAD ")
PING = re.compile(rb"(?:GET|HEAD) /(?:api/)?ping/?[? ]")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(WaitingWorker):
    """gunicorn's threads, more for while those all wait, and one for /ping.

    Of the latter some only take requests that read: others may wait for locks or hash passwords.
    """

    more_threads = 4
    reading_threads = 4
    more_after_seconds = 0.3  # that a request has waited for one of gunicorn's threads
    ready_seconds = 10.0  # that a request waits for a thread
    most_ready = 256  # requests that wait for one; others than those that read: half as many
    most_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def init_process(self) -> None:
        self.ready: dict[Connection, float] = {}  # since when; who takes it out serves it
        self.more_pool = ThreadPoolExecutor(self.more_threads)
        self.reading_pool = ThreadPoolExecutor(self.reading_threads)
        self.ping_pool = ThreadPoolExecutor(1)
        self.buffer = memoryview(bytearray(64 * 1024))
        super().init_process()

    def connect(self, accepted: socket.socket, client: object, server: object) -> Connection:
        return Connection(self.cfg, ClientSocket(accepted), client, server, self.most_body)

    # --- In the main loop: a request comes

    def answer_readable(self, connection: Connection) -> None:
        incoming = connection.incoming
        begins, before = not incoming.data, incoming.state
        if (size := connection.sock.recv_into(self.buffer)) == 0:
            self.drop(connection)
        elif not connection.is_ending:
            state = incoming.add(self.buffer[:size])
            if state is State.HEAD and begins:
                self.give_time(connection, self.head_seconds)
            self.judge(connection, before, state)

    def judge(self, connection: Connection, before: State, state: State) -> None:
        if state in {State.WHOLE, State.REFUSED}:
            self.stop_waiting(connection)
            self.enqueue_req(connection)
        elif state is State.TOO_LARGE:
            self.refuse(connection, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif state is State.BODY and before is State.HEAD:
            self.give_time(connection, self.body_seconds)
            if connection.incoming.expects_continue:
                connection.sock.send(CONTINUE)
        self.count(connection)

    # --- To a thread

    def enqueue_req(self, connection: Connection) -> None:
        is_ping = connection.is_whole and PING.match(connection.incoming.data)
        most = self.most_ready if reads(connection) else self.most_ready // 2
        if len(self.ready) >= most and not is_ping and connection.answer is None:
            self.refuse(connection, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self.ready[connection] = monotonic()
        connection.is_late = bool(is_ping)  # no other thread takes it, so that no job is left over
        (self.ping_pool if is_ping else self.tpool).submit(self.serve, connection)

    def look(self, now: float, force: bool) -> None:
        super().look(now, force)
        for connection, since in list(self.ready.items()):
            if since + self.ready_seconds <= now and self.ready.pop(connection, 0.0):
                busy = partial(self.refuse, status=HTTPStatus.SERVICE_UNAVAILABLE)
                self.guard(busy, connection)
            elif since + self.more_after_seconds <= now and not connection.is_late:
                connection.is_late = True
                self.more_pool.submit(self.serve, connection)
                if reads(connection):
                    self.reading_pool.submit(self.serve, connection)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(self.look_seconds if self.ready else timeout)

    # --- In a thread

    def serve(self, connection: Connection) -> None:
        """Unless another thread has it, or the main loop has refused it."""
        if self.ready.pop(connection, None) is None:
            return
        connection.stays = False
        try:
            connection.stays = self.handle(connection)
        finally:
            self.method_queue.defer(self.guard, self.go_on, connection)

    def handle(self, connection: Connection) -> bool:
        """Whether the connection stays open: for another request, or for the rest of the answer."""
        request = None
        try:
            if connection.answer is None:
                connection.hand_over()
                request = next(connection.parser)
                connection.answer = self.begin(request, connection)
            return self.answer(connection, connection.answer)
        except (NoMoreData, StopIteration, ConnectionError):
            connection.sock.unsent.clear()
        except EndedHalfWay:
            self.log.exception("Error handling request")
            connection.sock.unsent.clear()
        except Exception as error:
            self.handle_error(request, connection.sock, connection.client, error)
        return False

    def begin(self, request: Any, connection: Connection) -> Answer:
        # The main loop has asked for the body, or it is none that the site takes.
        request._expected_100_continue = False
        if not connection.is_whole:
            request.force_close()
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        return Answer(self, request, connection)

    def answer(self, connection: Connection, answer: Answer) -> bool:
        is_done = True
        try:
            is_done = answer.go_on()
        finally:
            if is_done:
                connection.answer = None
                answer.end()
        connection.sock.send_unsent()
        if not is_done:
            return True
        return bool(not answer.response.should_close() and connection.parser.finish_body())

    # --- In the main loop: after the answer

    def go_on(self, connection: Connection) -> None:
        """With what is left to send, the rest of the answer, the next request, or to the end."""
        self.count(connection)
        if connection.sock.unsent:
            self.wait(connection, self.send_seconds)
        elif connection.answer:
            self.enqueue_req(connection)
        elif not connection.stays:
            self.end(connection)
        else:
            state = connection.start_anew()
            has_begun = bool(connection.incoming.data)
            self.wait(connection, self.head_seconds if has_begun else self.cfg.keepalive)
            self.judge(connection, State.HEAD, state)

    def answer_writable(self, connection: Connection) -> None:
        connection.sock.send_unsent()
        self.give_time(connection, self.send_seconds)
        if not connection.sock.unsent:
            self.stop_waiting(connection)
            self.go_on(connection)


def reads(connection: Connection) -> bool:
    return connection.answer is not None or connection.incoming.data.startswith(READING)
