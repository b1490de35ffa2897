"""Mails that leave the site."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.tests.mail.server import MailServer


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """The mail server of the site."""
    server = MailServer()
    settings.EMAIL_BACKEND = "accounts.mail.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.close()
