"""The rules of passwords, which look at what is hashed: the canonical form."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.shared.texts import LONGEST, canonical_password


class Canonical:
    def validate(self, password: str, user: Any = None) -> None:
        super().validate(canonical_password(password), user)  # type: ignore[misc]


class SimilarityValidator(Canonical, password_validation.UserAttributeSimilarityValidator):
    """Not like the username or the e-mail address."""


class MinimumLengthValidator(Canonical, password_validation.MinimumLengthValidator):
    """8 characters."""


class CommonPasswordValidator(Canonical, password_validation.CommonPasswordValidator):
    """Not one of the most used."""


class NumericPasswordValidator(Canonical, password_validation.NumericPasswordValidator):
    """Not digits alone."""


class MaximumLengthValidator:
    """What is longer would not be normalised, and could not be typed in another spelling."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password must contain at most {LONGEST} characters."
