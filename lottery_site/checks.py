"""What manage.py check says of the settings together."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register
def warn_of_mails_that_reach_nobody(**options: Any) -> list[CheckMessage]:
    if not settings.IS_HTTPS or settings.SENDS_MAIL:
        return []
    return [
        Warning(
            "Mails reach nobody: EMAIL_URL is consolemail://, which prints them.",
            hint="Set EMAIL_URL to your mail server: smtp+tls://user:password@host:587",
            id="lottery_site.W001",
        )
    ]
