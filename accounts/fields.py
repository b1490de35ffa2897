"""Columns whose text is stored, compared and looked up in one canonical form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from accounts.shared.addresses import canonical_email
from accounts.shared.numbers import is_plain, read_whole_number
from accounts.shared.texts import (
    canonical_line,
    canonical_text,
    canonical_username,
    validate_line,
    validate_text,
)


class CanonicalField(models.CharField):
    """Its length is that of the canonical form, so that the form on a page does not count."""

    canonical: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return type(self).canonical(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": None} | kwargs)


class LineField(CanonicalField):
    """A line of public text."""

    canonical = staticmethod(canonical_line)
    default_validators = [validate_line]


class LinesField(CanonicalField):
    """Public text of several lines, shown in a box of its own."""

    canonical = staticmethod(canonical_text)
    default_validators = [validate_text]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"widget": forms.Textarea, "strip": False} | kwargs)


class UsernameField(CanonicalField):
    canonical = staticmethod(canonical_username)
    default_validators = [validate_line]


class WholeNumberFormField(forms.IntegerField):
    """A number in plain digits: Django's own takes 1_0 for 10."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and not is_plain(value.strip().removeprefix("-") or "0"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def read_bounded(value: object, least: int, most: int) -> int:
    """Raises ValidationError for whatever is not written as a whole number within the bounds."""
    try:
        return read_whole_number(str(value), least, most)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from error


class BoundedNumberFormField(forms.IntegerField):
    """A number of a BoundedNumberField, refused in the words of the column."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs | {"min_value": least, "max_value": most})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        return read_bounded(str(value).strip(), self.least, self.most)


class BoundedNumberField(models.PositiveIntegerField):
    """A whole number within bounds, and one sentence for all that is none."""

    def __init__(self, *args: Any, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"least": self.least, "most": self.most}

    def to_python(self, value: Any) -> int | None:
        return None if value is None else read_bounded(value, self.least, self.most)

    def formfield(self, **kwargs: Any) -> Any:
        bounds: dict[str, Any] = {"least": self.least, "most": self.most}
        return super().formfield(**{"form_class": BoundedNumberFormField} | bounds | kwargs)


class EmailFormField(forms.EmailField):
    """An address as its account has it, whatever the spelling it was typed in."""

    def to_python(self, value: Any) -> str:
        return canonical_email(super().to_python(value) or "")


class CanonicalEmailField(CanonicalField, models.EmailField):
    canonical = staticmethod(canonical_email)

    def get_prep_value(self, value: Any) -> Any:
        """What is looked up: text that can be no address is that of no account."""
        try:
            return super().get_prep_value(value)
        except ValidationError:
            return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": EmailFormField} | kwargs)


class KeyField(models.CharField):
    """The key of another column of the row: each save derives it anew.

    A column of its own, because what lower() does to é or İ differs between databases.
    """

    def __init__(
        self, *args: Any, source: str, derive: Callable[[str], str], **kwargs: Any
    ) -> None:
        self.source, self.derive = source, derive
        super().__init__(*args, **kwargs | {"editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source, "derive": self.derive}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derive(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value
