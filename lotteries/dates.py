"""Dates as people and programs write them: YYYY-MM-DD (RFC 3339, full-date) and no other way."""

import re
from datetime import date
from typing import Any

from django import forms

ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
HOW_TO_WRITE = "Write a date as YYYY-MM-DD, for example 2026-12-24"


def parse_date(text: str) -> date:
    """The date that is written as YYYY-MM-DD. Raises ValueError, saying how to write one."""
    try:
        if re.fullmatch(ISO_DATE, text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # not in the calendar
    raise ValueError(HOW_TO_WRITE)


class DateConverter:
    """A date in a URL; one that is not in the calendar is no page."""

    regex = ISO_DATE

    def to_python(self, value: str) -> date:
        return parse_date(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class IsoDateField(forms.DateField):
    """A date in a form, as browsers send it from <input type="date">."""

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise forms.ValidationError(f"{error}.", code="invalid") from error
