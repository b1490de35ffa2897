"""A forwarder between the site and its database, which can swallow what it is given."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Forwarder:
    """Listens at a port of its own. A connection during which it swallowed never lives again."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self.listener.getsockname()[1])
        self.swallows, self.refuses = Event(), Event()
        self.open: set[socket.socket] = set()
        Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            self.open.add(client)
            if self.refuses.is_set():
                self.reset(client)
            elif not self.swallows.is_set():
                server = socket.create_connection(self.target)
                self.open.add(server)
                for source, sink in ((client, server), (server, client)):
                    Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        is_dead = False
        with suppress(OSError):
            while data := source.recv(100_000):
                is_dead = is_dead or self.swallows.is_set()
                if not is_dead:
                    sink.sendall(data)
        if not is_dead:
            self.reset(source)
            self.reset(sink)

    def reset(self, connection: socket.socket) -> None:
        self.open.discard(connection)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def reset_all(self) -> None:
        for connection in list(self.open):
            self.reset(connection)
