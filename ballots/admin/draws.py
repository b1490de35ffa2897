"""The draws, to read."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path

from accounts.audit.exporting import export
from accounts.shared.read_only_admin import ReadOnlyAdmin
from ballots.admin.outcomes import tell_other_places, tell_passing_over, tell_place, tell_winner
from ballots.models import Draw, DrawnBallot
from ballots.tables import HOLDERS, list_holders


@admin.register(Draw)
class DrawAdmin(ReadOnlyAdmin):
    list_display = ("lottery", "drawn_at", "winner", "other_places")
    search_fields = ("box__lottery__name", "box__lottery__closure_date")
    ordering = ("-box__lottery__closure_date",)
    fields = ("lottery", "drawn_at", "places", "passed_over", "randomness")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draw]:
        draws = super().get_queryset(request).select_related("box__lottery")
        holders = DrawnBallot.objects.holders().select_related("passed_over_by")
        return draws.prefetch_related(Prefetch("drawn", holders, to_attr="holders"))

    @admin.display(ordering="box__lottery__closure_date")
    def lottery(self, draw: Draw) -> str:
        return str(draw.box.lottery)

    @admin.display
    def winner(self, draw: Draw) -> str:
        return tell_winner(draw.box)

    @admin.display
    def other_places(self, draw: Draw) -> str:
        return tell_other_places(draw.box)

    @admin.display
    def places(self, draw: Draw) -> str:
        return "\n".join(map(tell_place, draw.places))

    @admin.display
    def passed_over(self, draw: Draw) -> str:
        gone = [drawn for drawn in draw.holders if not drawn.is_standing]
        return "\n".join(map(tell_passing_over, gone)) or "–"

    def get_urls(self) -> list[URLPattern]:
        results = self.admin_site.admin_view(self.results_view)
        return [path("results.csv", results, name="ballots_draw_results"), *super().get_urls()]

    def results_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """All who hold or held a place, in all draws."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return export(request, Draw, "results.csv", HOLDERS, list_holders())
