"""What a person is told by mail of their account."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts.background import run_in_background
from accounts.models import User


def tell_of_change(before: User, changed: Iterable[str]) -> None:
    """Tells the address that the account had before, once the change is stored for good."""
    names = {"is_staff": "role", "is_active": "activity", "email": "e-mail address"}
    text = render_to_string(
        "accounts/changed_mail.txt",
        {
            "username": before.username,
            "changed": [names.get(field, field) for field in changed],
            "project_name": settings.PROJECT_NAME,
            "site_url": settings.SITE_URL,
        },
    )
    subject = f"Your account at {settings.PROJECT_NAME} was changed"

    def send() -> None:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [before.email])

    transaction.on_commit(lambda: run_in_background(send))
