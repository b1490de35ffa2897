"""A mail server that does to each recipient what the address says, to try what that leads to."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailServer:
    """Takes mails, but for refuse@, grey@, hang@, drip@, drop@, lose@, keep@ and slow@."""

    def __init__(self) -> None:
        self.port = free_port()
        self.texts: list[bytes] = []
        self.hanging = Event()
        self.hangs_at_hello = 0  # connections
        self.never_hangs = False
        self.start()

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self) -> None:
        if self.controller.loop.is_running():
            self.controller.stop()

    @property
    def mails(self) -> list[EmailMessage]:
        """What it has taken, as a program of the receiver reads it."""
        return [message_from_bytes(text, policy=policy.default) for text in self.texts]

    @property
    def receivers(self) -> list[str]:
        return [str(mail["To"]).partition("@")[0] for mail in self.mails]

    async def hang(self) -> None:
        if not self.never_hangs:
            self.hanging.set()
            await asyncio.sleep(3600)

    async def handle_EHLO(  # noqa: N802  aiosmtpd looks for these names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self.hangs_at_hello:
            self.hangs_at_hello -= 1
            await self.hang()
        return answers

    def abort(self, server: SMTP) -> None:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()

    async def drip(self, server: SMTP) -> None:
        assert isinstance(server.transport, asyncio.Transport)
        while not server.transport.is_closing():
            server.transport.write(b"2")
            await asyncio.sleep(0.02)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        match address.partition("@")[0]:
            case "refuse":
                return "550 5.1.1 No such \x00 user"
            case "grey":
                return "451 4.7.1 Try later"
            case "hang":
                await self.hang()
            case "drip":
                await self.drip(server)
            case "drop":
                self.abort(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        receiver = envelope.rcpt_tos[0].partition("@")[0]
        if receiver == "full":
            return "552 5.3.4 Too large"
        self.texts.append(envelope.original_content or b"")
        if receiver == "lose":  # it has the mail, and nobody is told
            self.abort(server)
        if receiver == "keep":  # it has the mail, and says nothing
            await self.hang()
        if receiver == "slow":
            await asyncio.sleep(0.3)
        return "250 OK"

    async def handle_QUIT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if envelope.rcpt_tos == ["quit@example.org"]:
            await self.hang()
        return "221 Bye"
