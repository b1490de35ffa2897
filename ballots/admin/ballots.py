"""The ballots of one lottery, page by page."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeListSearchForm
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from accounts.shared.lookalikes import spelling
from accounts.shared.read_only_admin import ReadOnlyAdmin
from ballots.models import Ballot, BallotBox


class BallotPaginator(Paginator):
    """Pages of a box that are not counted: numbers have no gaps, and entries have totals."""

    def __init__(
        self, ballots: QuerySet[Ballot], per_page: int, *, box: BallotBox, username: str
    ) -> None:
        super().__init__(ballots, per_page)
        self.ballots, self.box, self.username = ballots, box, username

    @cached_property
    def count(self) -> int:
        if not self.username:
            return self.box.ballot_count
        entries = self.box.entries.filter(participant__username_key__contains=self.username)
        total: int = entries.aggregate(total=Sum("ballot_count", default=0))["total"]
        return total

    def page(self, number: Any) -> Page:
        """The page with this number; without a search it is found by ballot numbers alone."""
        if self.username:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page + 1
        ballots = self.ballots.filter(number__range=(first, first + self.per_page - 1))
        return Page(ballots, number, self)


@admin.register(Ballot)
class BallotAdmin(ReadOnlyAdmin):
    """The ballots of one lottery, in the order of their numbers."""

    list_display = ("number", "participant", "submitted_at", "drawn_as", "id")
    list_select_related = ("submission__participant", "drawn")
    search_fields = ("submission__participant__username_key",)
    search_help_text = "A username, or a part of one"
    show_full_result_count = False
    ordering = ("box", "number")
    sortable_by = ()
    fields = ("number", "lottery", "participant", "submitted_at", "drawn_as", "id", "leaf")
    readonly_fields = fields

    @admin.display(description="username")
    def participant(self, ballot: Ballot) -> str:
        return ballot.participant.username

    @admin.display
    def submitted_at(self, ballot: Ballot) -> Any:
        return ballot.submission.submitted_at

    @admin.display(description="drawn")
    def drawn_as(self, ballot: Ballot) -> str:
        """What the draw made of it."""
        if not hasattr(ballot, "drawn"):
            return "–"
        if ballot.drawn.place is None:
            return "repeat"
        return f"place {ballot.drawn.place}{'' if ballot.drawn.is_standing else ', passed over'}"

    @admin.display
    def lottery(self, ballot: Ballot) -> str:
        return str(ballot.box.lottery)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        box = find_box(request)
        if box is None:
            self.message_user(request, "Choose a lottery to read its ballots.", messages.WARNING)
            return redirect("admin:lotteries_lottery_changelist")
        title = {"title": f"Ballots of {box.lottery}"}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ballot], search_term: str
    ) -> tuple[QuerySet[Ballot], bool]:
        username = spelling(search_term.strip())
        found = queryset.filter(submission__participant__username_key__contains=username)
        return (found if username else queryset), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Ballot], per_page: int, *args: Any
    ) -> Paginator:
        if queryset.model is not Ballot:  # the history of a ballot is paged too
            return super().get_paginator(request, queryset, per_page, *args)
        box = BallotBox.objects.get(pk=UUID(request.GET["box__exact"]))
        form = ChangeListSearchForm(request.GET)
        username = spelling(form.cleaned_data["q"].strip()) if form.is_valid() else ""
        return BallotPaginator(queryset, per_page, box=box, username=username)


def find_box(request: HttpRequest) -> BallotBox | None:
    try:
        lottery = UUID(request.GET.get("box__exact", ""))
    except ValueError:
        return None
    return BallotBox.objects.select_related("lottery").filter(pk=lottery).first()
