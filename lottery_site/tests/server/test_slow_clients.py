"""Whoever is slow to send or to read is cut, and costs nobody else a thread."""

import signal
import socket
from contextlib import ExitStack
from time import sleep

from lottery_site.tests.server.talking import (
    GET,
    HALF_A_HEAD,
    Server,
    is_cut,
    post,
    quick_server,
    read_all,
    read_until,
)

LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"


def test_half_heads_and_half_bodies_hold_up_nobody(server: Server) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(100)]
        for number, client in enumerate(slow):
            client.sendall(post(b"half", b"", b"Content-Length: 9") if number % 2 else HALF_A_HEAD)
        with server.connect() as client:
            client.sendall(GET % b"")
            assert read_until(client, b"\r\n\r\nGET / ").startswith(b"HTTP/1.1 200 OK\r\n")
            for other in slow:
                assert read_all(other).startswith(LATE)


def test_dripping_bytes_are_cut(server: Server) -> None:
    with server.connect() as client:
        for _ in range(100):
            try:
                client.sendall(b"A")
            except ConnectionError:
                break
            sleep(0.1)
        else:
            raise AssertionError("It went on reading for ten seconds.")


def test_whoever_sends_nothing_is_let_go_without_a_word(server: Server) -> None:
    assert server.ask() == b""


def test_the_longest_waiting_make_room_for_new_ones(server: Server) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(200)]
        slow[0].sendall(HALF_A_HEAD)
        assert server.answers()
        assert is_cut(slow[0])


def test_bodies_that_are_too_many_are_cut_the_largest_first(server: Server) -> None:
    half = post(bytes(90_000), b"", b"Content-Length: 99000")
    with ExitStack() as stack:
        large = [stack.enter_context(server.connect()) for _ in range(5)]
        for client in large:
            client.sendall(half)
        assert server.ask(post(b"small")).endswith(b"POST / small")
        answers = [read_all(client) for client in large]
    assert [answer[:12] for answer in answers].count(BUSY[:12]) in {1, 2}
    assert {answer[:12] for answer in answers} == {BUSY[:12], LATE[:12]}


def test_who_reads_nothing_keeps_no_thread(server: Server) -> None:
    with ExitStack() as stack:
        readers = [stack.enter_context(server.connect()) for _ in range(10)]
        for reader in readers:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(GET % b"large")
            sleep(0.05)
        assert server.ask(post(b"")).endswith(b"POST / ")


def test_an_answer_that_fails_half_way_ends_there(server: Server) -> None:
    assert 2_000_000 < len(server.ask(GET % b"broken")) < 20_000_000


def test_an_answer_is_read_slowly_and_whole(server: Server) -> None:
    with server.connect() as client:
        client.sendall(GET % b"large")
        head = client.recv(1000)
        sleep(0.5)
        body = 20_000_000 - len(head.partition(b"\r\n\r\n")[2])
        while body > 0:
            body -= len(client.recv(1_000_000))
            sleep(0.01)
        client.sendall(GET % b"")
        assert read_until(client, b"GET / ")


def test_requests_wait_for_a_thread_but_not_for_long(server: Server) -> None:
    """Two are answered, two wait for a second, and one is too many. Whoever reads has a thread."""
    with ExitStack() as stack:
        clients = [stack.enter_context(server.connect()) for _ in range(5)]
        for client in clients:
            client.sendall(post(b"", b"sleep"))
            sleep(0.2)
        assert server.answers()
        assert server.ask(b"GET / HTTP/1.0\r\n\r\n").endswith(b"GET / ")
        assert read_all(clients[4]).startswith(BUSY)
        assert b"Retry-After: 5\r\n" in read_all(clients[3])
        assert read_all(clients[2]).startswith(BUSY)
        for client in clients[:2]:
            assert read_all(client).endswith(b"POST /sleep ")


def test_a_request_that_is_half_there_at_the_stop_is_answered() -> None:
    with quick_server() as server, server.connect() as client, server.connect() as slow:
        client.sendall(post(b"half", b"", b"Content-Length: 8"))
        slow.sendall(HALF_A_HEAD)
        sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        sleep(0.3)
        client.sendall(b"half")
        assert read_all(client).endswith(b"POST / halfhalf")
        assert read_all(slow).startswith(LATE)
        output, _ = server.process.communicate(timeout=10)
    assert "Traceback" not in output
    assert server.process.returncode == 0
