"""A database that is locked, away or silent, for the tests of what becomes of those who ask it."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import psycopg
from django.db import connection, models
from psycopg.sql import SQL, Identifier


@contextmanager
def database(**changes: Any) -> Iterator[None]:
    """The same database by other settings, meanwhile."""
    settings = connection.settings_dict
    before = settings.copy()
    connection.close()
    settings.update(changes)
    try:
        yield
    finally:
        connection.close()
        settings.update(before)


@contextmanager
def waits(**seconds: float) -> Iterator[None]:
    """Other limits for whatever waits, meanwhile."""
    options = connection.settings_dict["OPTIONS"]
    with database(OPTIONS=options | {"waits": replace(options["waits"], **seconds)}):
        yield


@contextmanager
def away() -> Iterator[None]:
    """Nobody listens at its port; on SQLite, its folder is gone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    elsewhere = {"PORT": port} if connection.vendor == "postgresql" else {"NAME": "/dev/null/no"}
    with database(**elsewhere):
        yield


@contextmanager
def lock(row: models.Model) -> Iterator[None]:
    """Holds the row, in a connection of its own. SQLite has one lock for everything."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
            file.execute("BEGIN IMMEDIATE")
            yield
        return
    with other_session() as other, other.transaction():
        table, key = Identifier(row._meta.db_table), Identifier(str(row._meta.pk.column))
        statement = SQL("SELECT 1 FROM {} WHERE {} = %s FOR UPDATE").format(table, key)
        other.execute(statement, [row.pk])
        yield


def other_session() -> "psycopg.Connection[Any]":
    """PostgreSQL's, with no limits of the site."""
    given = connection.settings_dict
    return psycopg.connect(
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given["PASSWORD"],
        dbname=given["NAME"],
        autocommit=True,
    )


class Forwarder:
    """Passes on what is sent to a server and back, until it is told to swallow it.

    Or until it has passed on what has the last words in it.
    """

    last = b""

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.swallows = Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = list[socket.socket]()
        Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.target)
                self.sockets += [near, far]
                for source, sink in ((near, far), (far, near)):
                    Thread(target=self.forward, args=(source, sink), daemon=True).start()

    def forward(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.swallows.is_set():
                    if self.last and self.last in data:
                        self.swallows.set()
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for each in (self.listener, *self.sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for it
            each.close()


@contextmanager
def forwarder() -> Iterator[Forwarder]:
    """The database is reached by way of it, meanwhile."""
    given = connection.settings_dict
    made = Forwarder(given["HOST"], int(given["PORT"]))
    with closing(made), database(HOST="127.0.0.1", PORT=made.port):
        yield made
