"""What is kept of each act of an admin."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Door(models.TextChoices):
    ADMIN = "admin", "admin pages"
    API = "API", "API"
    COMMAND = "command", "command"


class EntriesAreKept(Exception):
    """The program tried to change or delete what is written for good. No door leads here."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise EntriesAreKept

    def delete(self) -> tuple[int, dict[str, int]]:
        raise EntriesAreKept


class AuditEntry(models.Model):
    """One act of an admin. It is only ever added: guards.py has the database hold that, too."""

    at = models.DateTimeField(db_index=True)
    # Texts and no foreign key: they stay when the account goes, and keep none from going.
    who = models.CharField(max_length=150, help_text="The username, or the system's user.")
    # NULL for commands: they are run by a user of the system.
    participant = models.UUIDField("participant code", null=True)
    door = models.CharField(max_length=10, choices=Door.choices)
    address = models.CharField("from", max_length=100, help_text="The address of the client.")
    verb = models.CharField("what", max_length=30)
    kind = models.CharField("of which kind", max_length=30)
    key = models.CharField(max_length=50)
    name = models.CharField("of what", max_length=300)
    old = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    new = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "act of an admin"
        verbose_name_plural = "acts of admins"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.who}: {self.verb} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EntriesAreKept
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise EntriesAreKept
