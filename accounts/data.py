"""All that is kept of one person, as JSON that is written while it is read: it may be long."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Q
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.mail.models import Mail
from accounts.models import User

CHUNK = 500  # rows read and sent at a time
KEPT = (
    "participant",
    "email",
    "email_confirmed_at",
    "username",
    "is_staff",
    "is_shown_by_code",
    "wants_receipts",
    "wants_results",
    "registered_at",
    "last_login",
)
ACT = ("at", "verb", "kind", "name", "old", "new")
MAIL = ("kind", "to", "facts", "queued_at", "sent_at", "given_up_at")

# A part of it: its name, and a value or the rows of a list, one by one.
Part = tuple[str, Any]
# What each app keeps. Apps add their own when they are ready.
Source = Callable[[User, datetime], Iterator[Part]]


def parts_of_accounts(user: User, at: datetime) -> Iterator[Part]:
    yield "written_at", at
    yield "account", {name: getattr(user, name) for name in KEPT}
    yield "mails", Mail.objects.of(user).order_by("queued_at").values(*MAIL).iterator(CHUNK)
    tokens = user.access_tokens.filter(expires_at__gt=at).order_by("expires_at")
    yield "access_tokens", tokens.values("expires_at").iterator(CHUNK)
    sessions = user.sessions.filter(expire_date__gt=at).order_by("expire_date")
    yield "sessions", sessions.values(expires_at=F("expire_date")).iterator(CHUNK)
    yield "acts_of_admins", list_acts(user)


def list_acts(user: User) -> Iterator[dict[str, Any]]:
    """What admins did to the account and, where it is an admin's, what they did themselves."""
    to_the_account = Q(kind=User._meta.verbose_name, key=str(user.pk))
    acts = AuditEntry.objects.filter(Q(participant=user.pk) | to_the_account)
    yield from acts.order_by("at").values(*ACT).iterator(CHUNK)


sources: list[Source] = [parts_of_accounts]


def write_data(user: User, *, at: datetime | None = None) -> Iterator[str]:
    """The pieces of one JSON object with everything."""
    at = at or timezone.now()
    before = "{"
    for source in sources:
        for name, value in source(user, at):
            yield f"{before}\n{encode(name)}: "
            yield from write_rows(value) if isinstance(value, Iterator) else [encode(value)]
            before = ","
    yield "\n}\n"


def write_rows(rows: Iterator[Any]) -> Iterator[str]:
    before = "["
    while batch := [encode(row) for row in islice(rows, CHUNK)]:
        yield before + ",\n".join(batch)
        before = ",\n"
    yield "]" if before != "[" else "[]"


def encode(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
