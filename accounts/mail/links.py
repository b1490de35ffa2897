"""The links in mails that stand for their owner. They are made when a mail is sent."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.confirming import confirmation_token
from accounts.mail.models import Kind, Mail
from accounts.models import User

SWITCH_OFF = "accounts.mail.switch_off"
# The kinds that can be switched off, and the field of the user that says so.
SWITCHES: dict[str, str] = {Kind.RECEIPTS: "wants_receipts", Kind.RESULTS: "wants_results"}


def reset_url(user: User) -> str:
    """Where a new password is chosen; it works once, for three days."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("accounts:set_new_password", args=[key, token])


def confirm_url(mail: Mail, user: User) -> str:
    """Where the address that this mail goes to is confirmed as the account's."""
    token = confirmation_token(user, mail.to, made_for=mail.facts["made_for"])
    return settings.SITE_URL + reverse("accounts:confirm_email", args=[token])


def unsubscribe_url(user: User, kind: str) -> str:
    """Where mails of this kind are switched off, without signing in (RFC 8058)."""
    token = signing.dumps([str(user.pk), kind], salt=SWITCH_OFF)
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])
