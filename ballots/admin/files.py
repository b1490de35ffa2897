"""The files of a lottery that admins take along."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.audit.exporting import export
from ballots import tables
from ballots.models import BallotBox

View = Callable[[HttpRequest, UUID], HttpResponseBase]
Table = Callable[[BallotBox], Iterable[Sequence[object]]]


def file_of_lottery(name: str, columns: Sequence[str], table: Table) -> View:
    """A view that sends a table of a lottery's box to whoever may read its ballots."""

    @require_safe
    def send(request: HttpRequest, lottery: UUID) -> HttpResponseBase:
        if not request.user.has_perm("ballots.view_ballot"):
            raise PermissionDenied
        box = get_object_or_404(BallotBox.objects.select_related("lottery"), pk=lottery)
        filename = f"{name}-{box.lottery.closure_date}.csv"
        return export(request, box.lottery, filename, columns, table(box))

    return send


ballots_file = file_of_lottery("ballots", tables.BALLOTS, tables.list_ballots)
participants_file = file_of_lottery("participants", tables.PARTICIPANTS, tables.list_participants)
