"""The lotteries: announced, closed and withdrawn."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator

from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.shared.refusals import Refusal
from ballots.admin.files import ballots_file, participants_file
from ballots.admin.forms import LotteryForm
from ballots.admin.notes import NotePages
from ballots.admin.outcomes import tell_other_places, tell_place, tell_winner
from ballots.admin.places import PlacePages
from ballots.life import close_lottery, open_lottery, withdraw_lottery
from ballots.models import BallotBox, State, prefetch_holders
from ballots.refusals import LotteryAlreadyClosed, LotteryHasBallots
from lotteries.announcing import list_defaults, make_up_name
from lotteries.models import Lottery


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Lottery]) -> QuerySet[Lottery]:
        state = self.value()
        if state not in State.values:
            return queryset
        return queryset.filter(box__in=BallotBox.objects.in_state(State(state), timezone.now()))


@admin.register(Lottery)
class LotteryAdmin(PlacePages, NotePages):
    form = LotteryForm
    list_display = (
        "closure_date",
        "name",
        "prize_headline",
        "state",
        "ballot_count",
        "places",
        "winner",
        "other_places",
    )
    list_filter = (StateFilter,)
    search_fields = ("name", "closure_date")
    search_help_text = "A name, or a date as YYYY-MM-DD"
    date_hierarchy = "closure_date"
    ordering = ("-closure_date",)
    actions = None
    # Never the seed: whoever knows it before the box is sealed can steer the draw.
    promised = (
        "id",
        "closes_at",
        "time_zone",
        "announced_at",
        "seed_commitment",
        "beacon",
        "announcement",
    )
    ballot_box = ("state", "ballot_count", "participant_count", "outcome")

    @admin.display
    def state(self, lottery: Lottery) -> str:
        return str(lottery.box.state(timezone.now()).label)

    @admin.display(description="ballots", ordering="box__ballot_count")
    def ballot_count(self, lottery: Lottery) -> int:
        return lottery.box.ballot_count

    @admin.display(description="participants")
    def participant_count(self, lottery: Lottery) -> int:
        return lottery.box.participant_count

    @admin.display(description="prize", ordering="prize")
    def prize_headline(self, lottery: Lottery) -> str:
        return Truncator(lottery.headline).chars(60) or "–"

    @admin.display
    def winner(self, lottery: Lottery) -> str:
        return tell_winner(lottery.box)

    @admin.display
    def other_places(self, lottery: Lottery) -> str:
        return tell_other_places(lottery.box)

    @admin.display
    def outcome(self, lottery: Lottery) -> str:
        box = lottery.box
        if box.is_drawn and box.ballot_count:
            return "\n".join(map(tell_place, box.draw.places))
        return box.outcome if box.sealed_at else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lottery]:
        lotteries = super().get_queryset(request).filter(box__isnull=False)  # announced whole
        lotteries = lotteries.select_related("box__draw")
        return lotteries.prefetch_related(prefetch_holders("box__draw"))

    def get_fieldsets(self, request: HttpRequest, obj: Lottery | None = None) -> Any:
        announced = [(None, {"fields": LotteryForm.Meta.fields})]
        stored = [
            ("Promised", {"fields": self.promised}),
            ("Ballot box", {"fields": self.ballot_box}),
            ("Notes", {"fields": ("notes",)}),
        ]
        return announced + stored if obj else announced

    def get_readonly_fields(self, request: HttpRequest, obj: Lottery | None = None) -> Any:
        return (*self.promised, *self.ballot_box, "notes") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        free = Lottery.objects.next_free_date(timezone.localdate())
        return list_defaults() | {"name": make_up_name(), "closure_date": free}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Not ?seed__startswith=…: it would tell the seed, digit by digit."""
        is_date = lookup in {f"closure_date__{part}" for part in ("year", "month", "day")}
        return lookup == StateFilter.parameter_name or (is_date and len(value) <= 4)

    def has_change_permission(self, request: HttpRequest, obj: Lottery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Lottery | None = None) -> bool:
        is_withdrawable = obj is None or obj.box.is_withdrawable
        return is_withdrawable and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Lottery, form: Any, change: bool) -> None:
        open_lottery(obj, by=actor_of_request(request, Door.ADMIN))

    def delete_model(self, request: HttpRequest, obj: Lottery) -> None:
        withdraw_lottery(obj, by=actor_of_request(request, Door.ADMIN))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form explains what cannot be; this is for the date taken while it was checked."""
        try:
            return super().add_view(request, *args, **kwargs)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:lotteries_lottery_add")

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Says why not, also where a ballot came in while the admin was asked."""
        try:
            return super().delete_view(request, *args, **kwargs)
        except (Refusal, PermissionDenied) as refused:
            if not self.has_delete_permission(request):
                raise
            refusal = refused if isinstance(refused, Refusal) else LotteryHasBallots()
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:lotteries_lottery_changelist")

    def get_urls(self) -> list[URLPattern]:
        close = self.admin_site.admin_view(self.close_view)
        ballots = self.admin_site.admin_view(ballots_file)
        participants = self.admin_site.admin_view(participants_file)
        return [
            path("<uuid:lottery>/ballots.csv", ballots, name="lotteries_lottery_ballots"),
            path(
                "<uuid:lottery>/participants.csv",
                participants,
                name="lotteries_lottery_participants",
            ),
            path("<uuid:lottery>/close/", close, name="lotteries_lottery_close"),
            *super().get_urls(),
        ]

    def close_view(self, request: HttpRequest, lottery: UUID) -> HttpResponse:
        """Asks for confirmation, says what will happen, and closes and draws the lottery."""
        if not request.user.has_perm("ballots.close_ballotbox"):
            raise PermissionDenied
        box = get_object_or_404(BallotBox.objects.with_results(), pk=lottery)
        if request.method == "POST":
            return self.close(request, box)
        context = {
            **self.admin_site.each_context(request),
            "title": "Seal" if box.lottery.has_beacon else "Close and draw",
            "opts": self.opts,
            "box": box,
            "is_early": box.is_open(timezone.now()),
        }
        return render(request, "admin/lotteries/lottery/close.html", context)

    def close(self, request: HttpRequest, box: BallotBox) -> HttpResponse:
        try:
            closed, is_first = close_lottery(
                box.lottery, early=True, by=actor_of_request(request, Door.ADMIN)
            )
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:lotteries_lottery_changelist")
        if is_first:
            done = "Sealed." if box.lottery.has_beacon else "Closed and drawn."
            self.log_change(request, box.lottery, done)
            self.message_user(request, closed.outcome, messages.SUCCESS)
        else:
            self.message_user(request, str(LotteryAlreadyClosed()), messages.WARNING)
        return redirect("admin:lotteries_lottery_change", box.pk)
