"""What a person is told by mail of their account."""

from collections.abc import Iterable

from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.models import User


def tell_of_change(before: User, changed: Iterable[str]) -> None:
    """Tells the address that the account had before."""
    names = {"is_staff": "role", "is_active": "activity", "email": "e-mail address"}
    facts = {
        "username": before.username,
        "changed": [names.get(field, field) for field in changed],
    }
    queue_mail(Kind.ACCOUNT_CHANGED, before, to=before.email, facts=facts)
