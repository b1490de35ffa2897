"""The log of the admins' acts, to read, search and take along."""

import json
from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path

from accounts.audit.exporting import export
from accounts.audit.models import AuditEntry
from accounts.shared.read_only_admin import ReadOnlyAdmin

COLUMNS = (
    "at",
    "who",
    "participant",
    "door",
    "address",
    "verb",
    "kind",
    "key",
    "name",
    "old",
    "new",
)


def rows(entries: Iterable[AuditEntry]) -> Iterator[list[object]]:
    for entry in entries:
        yield [as_text(getattr(entry, column)) for column in COLUMNS]


def as_text(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "door", "address", "verb", "kind", "name", "change")
    list_filter = ("door", "verb", "kind")
    search_fields = ("who", "address", "verb", "kind", "key", "name")
    search_help_text = "A part of who, from where, what, or of what"
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    fields = COLUMNS
    show_full_result_count = False

    @admin.display(description="old and new values")
    def change(self, entry: AuditEntry) -> str:
        names = [*entry.old, *(name for name in entry.new if name not in entry.old)]
        return "; ".join(
            f"{name}: {entry.old.get(name, '–')} → {entry.new.get(name, '–')}" for name in names
        )

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="accounts_auditentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The entries that the list shows, on all of its pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entries = self.get_changelist_instance(request).get_queryset(request)
        found = rows(entries.iterator(chunk_size=1000))
        return export(request, AuditEntry, "acts-of-admins.csv", COLUMNS, found)
