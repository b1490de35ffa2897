"""The outbox, to read; and to have sent again what did not get through."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.mail.again import send_again
from accounts.mail.models import Mail
from accounts.shared.lookalikes import spelling
from accounts.shared.numbers import tell_count
from accounts.shared.read_only_admin import ReadOnlyAdmin
from accounts.shared.refusals import Refusal
from accounts.shared.texts import fold

MOST_AT_ONCE = 1000


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), ("sent", "handed over"), ("given-up", "given up")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        states = {
            "waiting": Q(sent_at=None, given_up_at=None),
            "sent": Q(sent_at__isnull=False),
            "given-up": Q(given_up_at__isnull=False),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ("queued_at", "kind", "address", "state", "reason")
    list_filter = (StateFilter, "kind")
    list_select_related = ("user",)
    search_fields = ("to", "user__email", "user__username_key")
    search_help_text = "A part of an address or of a username"
    ordering = ("-queued_at",)
    sortable_by = ("queued_at",)
    show_full_result_count = False
    actions = ["send_again"]
    fields = (
        "kind",
        "user",
        "address",
        "queued_at",
        "state",
        "reason",
        "tries",
        "due_at",
        "sent_at",
        "given_up_at",
        "id",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Mail], search_term: str
    ) -> tuple[QuerySet[Mail], bool]:
        term = search_term.strip()
        to = Q(to__contains=fold(term)) | Q(to="", user__email__contains=fold(term))
        return queryset.filter(to | Q(user__username_key__contains=spelling(term))), False

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.send_mail_again")

    @admin.action(description="Send again", permissions=["send_again"])
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Those that a mail server has stay as they are, and are counted."""
        if mails.count() > MOST_AT_ONCE:
            text = f"Select at most {MOST_AT_ONCE} mails at once. Nothing was done."
            return self.message_user(request, text, messages.ERROR)
        done, refused = 0, 0
        for mail in mails:
            try:
                send_again(mail, by=actor_of_request(request, Door.ADMIN))
                done += 1
            except Refusal:
                refused += 1
        if done:
            self.message_user(request, f"{tell_count(done, 'mail')} will be sent now.")
        if refused:
            text = (
                f"A mail server has {tell_count(refused, 'mail')} already: nothing is sent twice."
            )
            self.message_user(request, text, messages.WARNING)
        return None
