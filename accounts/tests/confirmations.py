"""The links to confirm an address, as they stand in the mails."""

import re
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.confirming import confirmation_token, mark
from accounts.mail.models import Kind, Mail
from accounts.mail.rendering import write_mail
from accounts.models import User


def queued(kind: Kind) -> list[str]:
    """Where mails of this kind go, in the order in which they were queued."""
    return [mail.address for mail in Mail.objects.filter(kind=kind).order_by("queued_at", "to")]


def link_in_mail() -> str:
    """The path of the link in the one mail that asks to confirm an address."""
    mail = Mail.objects.select_related("user").get(kind=Kind.CONFIRM)
    assert mail.user
    message = write_mail(mail, mail.user)
    found = re.search(r"^https?://\S+/confirm/\S+$", str(message.body), re.M)
    assert found
    assert found[0] in str(message.alternatives[0][0])
    return found[0].removeprefix(settings.SITE_URL)


def link(user: User, address: str | None = None, *, at: datetime | None = None) -> str:
    """The path of a link for the account as it is, with its address or another one."""
    token = confirmation_token(user, address or user.email, made_for=mark(user), at=at)
    return reverse("accounts:confirm_email", args=[token])
