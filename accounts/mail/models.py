"""What is to be sent, and what became of it."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class Kind(models.TextChoices):
    """Each has three templates in templates/mail/: KIND_subject.txt, KIND.txt and KIND.html."""

    CONFIRM = "confirm", "confirm your address"
    RESET = "reset", "a new password"
    PASSWORD_CHANGED = "password_changed", "password changed"
    EMAIL_CHANGED = "email_changed", "address changed"
    ACCOUNT_CHANGED = "account_changed", "account changed"
    RECEIPTS = "receipts", "receipts of a submission"
    RESULTS = "results", "a lottery was drawn"
    WON = "won", "you won"
    PASSED_OVER = "passed_over", "you were passed over"


class MailQuerySet(models.QuerySet["Mail"]):
    def of(self, user: "User") -> "MailQuerySet":
        """Of the account, or to its address where no account was looked up."""
        return self.filter(Q(user=user) | Q(user=None, to=user.email))

    def asked_for(self, address: str) -> "MailQuerySet":
        """To whoever has the address: no account was looked up."""
        return self.filter(user=None, to=address)

    def unsent(self) -> "MailQuerySet":
        """Neither handed over to a mail server nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, at: datetime) -> "MailQuerySet":
        """Whose time has come, and that no sender holds."""
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.unsent().filter(free, due_at__lte=at)

    def over(self, before: datetime) -> "MailQuerySet":
        """Handed over or given up before that moment."""
        return self.filter(Q(sent_at__lt=before) | Q(given_up_at__lt=before))


class Mail(models.Model):
    """One mail to one address. It is written when it is sent: no secret link is stored here."""

    # Half of the Message-ID, which is the same at each try.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # NULL: whoever has the address when it is sent, if anybody. Asking for a new password takes as
    # long with an account as without.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="mails"
    )
    # Empty: the address that the account has when it is sent.
    to = models.EmailField("address", blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    queued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField("next try", default=timezone.now)
    # Of many at once: those that somebody waits for go first.
    can_wait = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    # NULL: no sender holds it. A lease that is over is that of a process that was killed.
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    # NULL: not handed over to a mail server.
    sent_at = models.DateTimeField("handed over", null=True)
    # NULL: not given up. Admins can have it sent again.
    given_up_at = models.DateTimeField("given up", null=True)
    reason = models.TextField("what went wrong", blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [("send_mail_again", "Can have mails sent again")]
        constraints = [
            models.CheckConstraint(
                name="mail_ends_once", condition=Q(sent_at=None) | Q(given_up_at=None)
            ),
            models.CheckConstraint(name="mail_has_somebody", condition=~Q(user=None, to="")),
            models.CheckConstraint(
                name="mail_lease_ends",
                condition=Q(lease=None, leased_until=None)
                | Q(
                    lease__isnull=False, leased_until__isnull=False, sent_at=None, given_up_at=None
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="mail_unsent",
                fields=["can_wait", "due_at"],
                condition=Q(sent_at=None, given_up_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.address}"

    @property
    def state(self) -> str:
        if self.sent_at:
            return "handed over"
        return "given up" if self.given_up_at else "waiting"

    @property
    def address(self) -> str:
        """Where it goes."""
        return self.to or (self.user.email if self.user else "")
