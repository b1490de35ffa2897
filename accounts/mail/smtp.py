"""A mail server that says nothing, or a byte now and then, holds its sender up for a while only.

Python's timeouts are for each read: a server could have it read for ever.
"""

import io
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.mail.backends import smtp

from accounts.mail.patience import Patience


class Replies(io.RawIOBase):
    """What the server says: each wait for more of it is as long as there is patience left."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self.sock, self.patience = sock, patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.sock.settimeout(self.patience.left())
        return self.sock.recv_into(buffer)


class PatientSMTP(smtplib.SMTP):
    def __init__(self, *args: Any, patience: Patience, **options: Any) -> None:
        self.patience = patience
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(  # type: ignore[misc]  # as SMTP_SSL does
            host, port, self.patience.left()
        )
        return made

    def send(self, s: Any) -> None:
        if self.sock:
            self.limit(self.sock)
        super().send(s)

    def limit(self, sock: socket.socket) -> None:
        try:
            sock.settimeout(self.patience.left())
        except TimeoutError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = io.BufferedReader(Replies(self.sock, self.patience))
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.patience.begin_text()
        try:
            return super().data(msg)
        finally:
            self.patience.end_text()


class PatientSMTPOverTLS(PatientSMTP, smtplib.SMTP_SSL):
    """The same where the connection begins with TLS."""


class EmailBackend(smtp.EmailBackend):
    """Django's, with patience for one mail."""

    def __init__(self, *args: Any, patience: Patience | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.patience = patience or Patience()

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        return partial(PatientSMTPOverTLS if self.use_ssl else PatientSMTP, patience=self.patience)

    def close(self) -> None:
        """What goes wrong with saying goodbye changes nothing of what was sent."""
        with suppress(OSError):
            super().close()
