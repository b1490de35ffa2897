"""Who: participants and admins."""

import unicodedata
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.utils import timezone

from accounts.fields import FoldedField, LowerCaseEmailField, fold
from accounts.limits.models import Count as Count  # Django looks for models here

models.CharField.register_lookup(Length)


def validate_printable(text: str) -> None:
    """Raises ValidationError for control and invisible characters: they disguise a name."""
    if not text.isprintable():
        raise ValidationError("Use letters, digits, spaces and punctuation only.")


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
        return self.create_user(email, username, password, is_staff=True, is_superuser=True)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: a participant, or an admin, who takes no part."""

    # The key itself, so that the database refuses to change it once a ballot refers to it.
    participant = models.UUIDField(
        "participant code", primary_key=True, default=uuid.uuid4, editable=False
    )
    email = LowerCaseEmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "This e-mail address already exists. Sign in instead."},
    )
    username = models.CharField(
        max_length=50,
        validators=[MinLengthValidator(3), validate_printable],
        help_text="3 to 50 characters. It is public if you win.",
    )
    username_key = FoldedField(max_length=200, source="username", unique=True)
    is_staff = models.BooleanField(
        "admin", default=False, help_text="Admins run lotteries and don't take part in them."
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Clear this to close the account. Its ballots stay."
    )
    registered_at = models.DateTimeField(default=timezone.now, editable=False)

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
        ]

    def __str__(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        """How Django admin greets."""
        return self.username

    @property
    def is_admin(self) -> bool:
        return self.is_staff

    def clean(self) -> None:
        """Raises ValidationError where somebody has the same username in another spelling."""
        super().clean()
        self.username = unicodedata.normalize("NFKC", self.username).strip()
        same = User.objects.filter(username_key=fold(self.username)).exclude(pk=self.pk)
        if same.exists():
            taken = ValidationError("This username already exists. Choose another.", code="unique")
            raise ValidationError({"username": taken})

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Leaves the key of the username out: clean says it of the username itself."""
        super().validate_unique({*(exclude or ()), "username_key"})


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
