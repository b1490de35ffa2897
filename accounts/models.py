"""Who: participants and admins."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.audit.models import AuditEntry as AuditEntry  # Django looks for models here
from accounts.fields import CanonicalEmailField, KeyField, UsernameField
from accounts.limits.models import Count as Count  # Django looks for models here
from accounts.mail.models import Mail as Mail  # Django looks for models here
from accounts.refusals import AccountGone
from accounts.sessions.models import Session as Session  # Django looks for models here
from accounts.shared.addresses import readable_email
from accounts.shared.lookalikes import look, spelling
from accounts.shared.storing import store
from accounts.shared.texts import canonical_password

models.CharField.register_lookup(Length)

USERNAME_LENGTH = "A username has 3 to 50 characters:"
USERNAME_TAKEN = "This username already exists. Choose another. Names that look alike count as one."


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, username: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A stored participant; raises IntegrityError where e-mail or username is taken."""
        user = self.model(email=email, username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, username: str, password: str | None = None) -> "User":
        """A stored superuser; raises ValidationError, by field, for what may not be."""
        user = self.model(email=email, username=username, is_staff=True, is_superuser=True)
        user.set_password(password)
        store(user)
        return user

    def lock(self, user: "User") -> "User":
        """The account as stored, held until the transaction ends. Raises AccountGone.

        What refers to it may come in meanwhile: a mail, a place in a draw.
        """
        locked = self.select_for_update(no_key=True).filter(pk=user.pk).first()
        if locked is None:
            raise AccountGone
        return locked

    def lock_all(self, codes: Iterable[uuid.UUID]) -> "dict[uuid.UUID, User]":
        """The same for many, by their codes."""
        rows = self.select_for_update(no_key=True).filter(pk__in=set(codes))
        return {each.pk: each for each in rows.order_by("pk")}  # two who hold many wait in turn


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a participant, or an admin, who takes no part."""

    # The key itself, so that the database refuses to change it once a ballot refers to it.
    participant = models.UUIDField(
        "participant code", primary_key=True, default=uuid.uuid4, editable=False
    )
    email = CanonicalEmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "This e-mail address already exists. Sign in instead."},
    )
    username = UsernameField(
        max_length=50,
        validators=[MinLengthValidator(3)],
        help_text="3 to 50 characters. It is public if you win.",
        error_messages={
            "min_length": f"{USERNAME_LENGTH} use at least 3 characters (it has %(show_value)d).",
            "max_length": f"{USERNAME_LENGTH} use at most 50 characters (it has %(show_value)d).",
        },
    )
    # A name is taken by what is spelled like it and by what looks like it.
    username_key = KeyField(max_length=400, source="username", derive=spelling, unique=True)
    username_look = KeyField(max_length=400, source="username", derive=look, unique=True)
    is_staff = models.BooleanField(
        "admin", default=False, help_text="Admins run lotteries and don't take part in them."
    )
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="Clear this, and nobody can sign in with it. Its ballots stay.",
    )
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    # How often all sessions and tokens were ended: those from before are worth nothing.
    sign_outs = models.PositiveIntegerField(default=0, editable=False)
    # NULL: nobody has shown yet that mails to the address reach them.
    email_confirmed_at = models.DateTimeField(null=True, editable=False)
    is_shown_by_code = models.BooleanField(
        "shown by code alone",
        default=False,
        help_text="The public then sees the participant code in place of the username.",
    )
    wants_receipts = models.BooleanField("mails with receipts", default=False)
    wants_results = models.BooleanField("mails with results", default=False)
    # NULL: the account is not closed. Once it is, nothing of its owner is left but the code.
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=Lower(F("email")))
            ),
            models.CheckConstraint(
                name="user_username_has_3_to_50_characters",
                condition=Q(username__length__range=(3, 50)),
            ),
            models.CheckConstraint(
                name="user_superuser_is_admin",
                condition=Q(is_superuser=False) | Q(is_staff=True),
                violation_error_message="A superuser is always an admin.",
            ),
            models.CheckConstraint(
                name="user_closed_account_is_not_active",
                condition=Q(closed_at=None) | Q(is_active=False, is_staff=False),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        """How Django admin greets."""
        return self.username

    @property
    def is_admin(self) -> bool:
        return self.is_staff

    @property
    def public_name(self) -> str:
        """What a draw shows of the person beside the code; empty where it shows the code alone."""
        return "" if self.is_shown_by_code or self.closed_at else self.username

    @property
    def readable_email(self) -> str:
        return readable_email(self.email)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and canonical_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(raw_password and canonical_password(raw_password))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What sessions, access tokens and mailed links are bound to."""
        bound = f"{self.password} {self.sign_outs}"
        return salted_hmac(
            "accounts.sessions", bound, secret=secret, algorithm="sha256"
        ).hexdigest()

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Raises ValidationError, by field; of the username itself instead of its keys."""
        errors: dict[str, Any] = {}
        try:
            super().validate_unique({*(exclude or ()), "username_key", "username_look"})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if "username" not in (exclude or ()) and self.is_username_taken():
            errors["username"] = [ValidationError(USERNAME_TAKEN, code="unique")]
        if errors:
            raise ValidationError(errors)

    def is_username_taken(self) -> bool:
        """Whether somebody else has this username, or one that can be taken for it."""
        keys = {spelling(self.username), look(self.username)}
        alike = Q(username_key__in=keys) | Q(username_look__in=keys)
        return User.objects.filter(alike).exclude(pk=self.pk).exists()


class AccessToken(models.Model):
    """What a program signs in with instead of a password. Only its SHA-256 is stored."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    # Of the password that it was given for: with another password it is worth nothing.
    password_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"access token of {self.user}"
