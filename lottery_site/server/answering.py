"""An answer on its way to its reader, part by part, and perhaps by one thread after another."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gunicorn.http import wsgi  # type: ignore[import-untyped]


class EndedHalfWay(Exception):
    """Too late for another answer."""


class Answer:
    """What the application makes of a request; raises whatever that raises."""

    def __init__(self, worker: Any, request: Any, connection: Any) -> None:
        self.worker, self.request, self.sock = worker, request, connection.sock
        self.began = datetime.now()  # noqa: DTZ005 - gunicorn's log counts so, too
        self.response, self.environ = wsgi.create(
            request, connection.sock, connection.client, connection.server, worker.cfg
        )
        self.environ["wsgi.multithread"] = True
        if not worker.alive or not worker.cfg.keepalive:
            self.response.force_close()
        self.body: Iterable[bytes] = worker.wsgi(self.environ, self.response.start_response)
        self.parts = iter(self.body)

    def go_on(self) -> bool:
        """Whether all of it is written; else its reader is behind, and has to read first."""
        try:
            for part in self.parts:
                self.response.write(part)
                if self.sock.is_behind:
                    return False
            self.response.close()
        except ConnectionError:
            raise
        except Exception as error:
            if self.response.headers_sent:
                raise EndedHalfWay from error
            raise
        return True

    def end(self) -> None:
        """Has to be called once, wherever it ended."""
        seconds = datetime.now() - self.began  # noqa: DTZ005
        self.worker.log.access(self.response, self.request, self.environ, seconds)
        try:
            if hasattr(self.body, "close"):
                self.body.close()
        except Exception:  # too late for another answer
            self.worker.log.exception("An answer could not be closed.")
