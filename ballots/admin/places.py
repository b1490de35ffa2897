"""The places of a drawn lottery: who holds what, handed over or passed over."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.shared.refusals import Refusal
from ballots.admin.forms import HolderForm, PassOverForm
from ballots.day_after import GROUNDS, find_refusal, hand_over, pass_over
from ballots.models import BallotBox, DrawnBallot


def read_places(lottery: UUID) -> BallotBox:
    """The box with all that an organiser is shown of its places, in two queries."""
    people = ("participant", "passed_over_by", "holding__mail")
    holders = DrawnBallot.objects.holders().select_related(*people)
    boxes = BallotBox.objects.select_related("lottery", "draw")
    found = boxes.prefetch_related(Prefetch("draw__drawn", holders, to_attr="holders"))
    return get_object_or_404(found, pk=lottery)


def find_holder_to_ask(box: BallotBox, number: str | None) -> DrawnBallot | None:
    """The standing holder of that number; without one the only holder there is."""
    standing = [each for each in box.draw.holders if each.is_standing] if box.is_drawn else []
    if number is None:
        return standing[0] if len(standing) == 1 else None
    return next((each for each in standing if str(each.number) == number), None)


class PlacePages(admin.ModelAdmin):
    """The pages about the places of one lottery. Who may pass over sees them."""

    def get_urls(self) -> list[URLPattern]:
        places = self.admin_site.admin_view(self.places_view)
        hand_over = self.admin_site.admin_view(self.hand_over_view)
        pass_over = self.admin_site.admin_view(self.pass_over_view)
        return [
            path("<uuid:lottery>/places/", places, name="lotteries_lottery_places"),
            path("<uuid:lottery>/hand-over/", hand_over, name="lotteries_lottery_hand_over"),
            path("<uuid:lottery>/pass-over/", pass_over, name="lotteries_lottery_pass_over"),
            *super().get_urls(),
        ]

    def places_view(self, request: HttpRequest, lottery: UUID) -> HttpResponse:
        """Who holds which place, what they were told and answered, and who did before them."""
        return self.show(request, "places", self.find_places(request, lottery), title="Places")

    def hand_over_view(self, request: HttpRequest, lottery: UUID) -> HttpResponse:
        """Asks for confirmation, and closes the place of one holder."""
        box = self.find_places(request, lottery)
        form = HolderForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self.hand_over(request, box, form):
            return redirect("admin:lotteries_lottery_places", box.pk)
        return self.ask(request, "hand_over", box, form, title="Handed over")

    def pass_over_view(self, request: HttpRequest, lottery: UUID) -> HttpResponse:
        """Asks on which ground and why, says what will happen, and passes over one holder."""
        box = self.find_places(request, lottery)
        form = PassOverForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self.pass_over(request, box, form):
            return redirect("admin:lotteries_lottery_places", box.pk)
        return self.ask(request, "pass_over", box, form, title="Pass over")

    def find_places(self, request: HttpRequest, lottery: UUID) -> BallotBox:
        if not request.user.has_perm("ballots.pass_over"):
            raise PermissionDenied
        return read_places(lottery)

    def ask(
        self, request: HttpRequest, name: str, box: BallotBox, form: HolderForm, *, title: str
    ) -> HttpResponse:
        """The question about the holder whom the form or the address names, as things are now."""
        box = read_places(box.pk) if form.is_bound else box
        holder = find_holder_to_ask(box, form.data.get("number") or request.GET.get("number"))
        at = timezone.now()
        grounds = [(each, find_refusal(holder, each, at=at)) for each in GROUNDS if holder]
        return self.show(request, name, box, form=form, holder=holder, grounds=grounds, title=title)

    def show(self, request: HttpRequest, name: str, box: BallotBox, **context: Any) -> HttpResponse:
        site = self.admin_site.each_context(request)
        context |= site | {"opts": self.opts, "box": box}
        return render(request, f"admin/lotteries/lottery/{name}.html", context)

    def hand_over(self, request: HttpRequest, box: BallotBox, form: HolderForm) -> bool:
        """Whether the place is closed; else the form says why not."""
        number = form.cleaned_data["number"]
        try:
            hand_over(box.lottery, number=number, by=actor_of_request(request, Door.ADMIN))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        done = f"The prize of ballot {number} was handed over."
        before = find_holder_to_ask(box, str(number))
        if before and not before.holding.handed_over_at:  # else it was done before
            self.log_change(request, box.lottery, done)
        self.message_user(request, done, messages.SUCCESS)
        return True

    def pass_over(self, request: HttpRequest, box: BallotBox, form: PassOverForm) -> bool:
        """Whether the holder is passed over; else the form says why not."""
        try:
            pass_over(box.lottery, by=actor_of_request(request, Door.ADMIN), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return False
        done = f"The holder of ballot {form.cleaned_data['number']} was passed over."
        self.log_change(request, box.lottery, done)
        self.message_user(request, done, messages.SUCCESS)
        return True
