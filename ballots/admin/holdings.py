"""The places that wait for something, of all lotteries: an answer, or their prize."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.shared.lookalikes import spelling
from accounts.shared.numbers import is_plain
from accounts.shared.read_only_admin import ReadOnlyAdmin
from ballots.models import Answer, Holding


class WaitFilter(admin.SimpleListFilter):
    title = "what it waits for"
    parameter_name = "waits_for"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("answer", "an answer"), ("prize", "the prize")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Holding]) -> QuerySet[Holding]:
        answer = {"answer": "", "prize": Answer.CLAIMED}.get(self.value() or "")
        return queryset if answer is None else queryset.filter(answer=answer)


@admin.register(Holding)
class HoldingAdmin(ReadOnlyAdmin):
    """Unanswered, or claimed and not handed over. Each leads to all places of its lottery."""

    list_display = ("lottery", "place", "holder", "told_at", "mailed", "answered", "claim_until")
    list_filter = (WaitFilter,)
    search_help_text = "A part of a username, or of a lottery's name"
    search_fields = ("drawn__draw__box__lottery__name",)
    ordering = ("-drawn__draw__box__lottery__closure_date", "drawn__place")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        holdings = Holding.objects.waiting()
        return holdings.select_related("mail", "drawn__participant", "drawn__draw__box__lottery")

    @admin.display(ordering="drawn__draw__box__lottery__closure_date")
    def lottery(self, holding: Holding) -> str:
        return str(holding.drawn.draw.box.lottery)

    @admin.display(ordering="drawn__place")
    def place(self, holding: Holding) -> int | None:
        return holding.drawn.place

    @admin.display(ordering="drawn__participant__username_key")
    def holder(self, holding: Holding) -> str:
        return holding.drawn.participant.username

    @admin.display(description="mail", ordering="mail__sent_at")
    def mailed(self, holding: Holding) -> str:
        return holding.mail_state or "–"

    @admin.display(description="answer", ordering="answer")
    def answered(self, holding: Holding) -> str:
        return holding.get_answer_display() or "none yet"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filter alone: what else a column is compared with may not even be text."""
        return lookup == WaitFilter.parameter_name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Holding], search_term: str
    ) -> tuple[QuerySet[Holding], bool]:
        term = search_term.strip()
        of_the_name = Q(drawn__draw__box__lottery__name__icontains=term)
        found = Q(drawn__participant__username_key__contains=spelling(term)) | of_the_name
        return (queryset.filter(found) if term else queryset), False

    def has_view_permission(self, request: HttpRequest, obj: Holding | None = None) -> bool:
        return request.user.has_perm("ballots.pass_over")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": "Places that wait for an answer or for their prize"}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Holding | None:
        """None also for a number that no column can have."""
        return super().get_object(request, object_id, from_field) if is_plain(object_id) else None

    def change_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        """All places of the lottery, with what can be done."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        holding = self.get_object(request, unquote(object_id))
        if holding is None:
            return redirect("admin:ballots_holding_changelist")
        return redirect("admin:lotteries_lottery_places", holding.drawn.draw_id)
