"""Storing rows, with an explanation instead of an error where one cannot be stored."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def store(row: models.Model) -> None:
    """Stores a new or changed row. Raises ValidationError, by field, for what it may not be."""
    row.full_clean()
    try:
        with transaction.atomic():
            row.save(force_insert=row._state.adding)
    except IntegrityError as error:
        row.full_clean()  # explains it where another transaction took the name or date meanwhile
        raise ValidationError("This could not be stored. Please try again.") from error
