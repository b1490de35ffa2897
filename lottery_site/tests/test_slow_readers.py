"""Whoever stops reading an answer keeps no thread of the server."""

import logging
import signal
import socket
import struct
import sys
from types import SimpleNamespace

import pytest

from lottery_site.gunicorn import is_of_the_site, limit_sending, when_ready


def test_sending_ends_where_nobody_reads() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        limit_sending(listener, 0.05)
        with socket.create_connection(listener.getsockname()) as reader:
            connection, _ = listener.accept()
            with connection:
                connection.setblocking(True)  # as gunicorn does
                with pytest.raises(BlockingIOError):
                    connection.sendall(bytes(50_000_000))
                assert reader.recv(10) == bytes(10)


def test_a_server_has_the_limit_from_its_start() -> None:
    before = signal.getsignal(signal.SIGINT)
    log = logging.getLogger("a server of a test")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)])
        server.log = SimpleNamespace(error_log=log)
        try:
            when_ready(server)
        finally:
            signal.signal(signal.SIGINT, before)
        limit = listener.getsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, 16)
    assert struct.unpack("ll", limit) == (30, 0)
    assert log.filters == [is_of_the_site]


def record_of(error: BaseException) -> logging.LogRecord:
    try:
        raise error
    except BaseException:
        return logging.makeLogRecord({"exc_info": sys.exc_info()})


def test_the_log_has_the_errors_of_the_site_alone() -> None:
    assert not is_of_the_site(record_of(BlockingIOError()))
    assert is_of_the_site(record_of(ValueError()))
    assert is_of_the_site(logging.makeLogRecord({}))
