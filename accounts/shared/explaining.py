"""What is wrong with what somebody sent, in the same words for every reader."""

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def explain(error: ValidationError, names: Mapping[str, str] = AS_THEY_ARE) -> str:
    """All of it, in a sentence or more, each behind its field, if it has one.

    Names are those by which the reader knows a field, where it is not the field's own.
    """
    fields = error.update_error_dict({})
    return " ".join(
        message if field == NON_FIELD_ERRORS else f"{names.get(field, field)}: {message}"
        for field, errors in fields.items()
        for message in ValidationError(errors).messages
    )
