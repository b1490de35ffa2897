"""Files that admins take along: with data of people, so each is an act of its own."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.http import HttpRequest, StreamingHttpResponse

from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request, write_entry
from accounts.shared.spreadsheets import send_csv


def export(
    request: HttpRequest,
    target: models.Model | type[models.Model],
    filename: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> StreamingHttpResponse:
    """Sends the rows as CSV, after writing down who takes them; target is what they are of."""
    by = actor_of_request(request, Door.ADMIN)
    write_entry(by, "export", target, new={"file": filename})
    return send_csv(filename, columns, rows)
