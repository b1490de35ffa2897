"""The draws, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.shared.read_only_admin import ReadOnlyAdmin
from ballots.models import Draw, prefetch_passings_over


@admin.register(Draw)
class DrawAdmin(ReadOnlyAdmin):
    list_display = ("lottery", "drawn_at", "outcome")
    search_fields = ("box__lottery__name", "box__lottery__closure_date")
    ordering = ("-box__lottery__closure_date",)
    fields = ("lottery", "drawn_at", "outcome", "passed_over", "beacon")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draw]:
        draws = super().get_queryset(request)
        draws = draws.select_related("box__lottery", "drawn_ballot__submission__participant")
        return draws.prefetch_related(prefetch_passings_over("passings_over"))

    @admin.display(ordering="box__lottery__closure_date")
    def lottery(self, draw: Draw) -> str:
        return str(draw.box.lottery)

    @admin.display
    def outcome(self, draw: Draw) -> str:
        return draw.box.outcome

    @admin.display
    def passed_over(self, draw: Draw) -> str:
        return (
            "\n".join(
                f"Ballot {ballot.number} of {ballot.participant}: {reason}"
                for ballot, reason in draw.winners[:-1]
            )
            or "–"
        )
