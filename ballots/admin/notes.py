"""The public notes on a lottery: read on its page, and only ever added."""

from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join

from accounts.audit.models import Door
from accounts.audit.writing import actor_of_request
from accounts.shared.links import show_text
from ballots.models import BallotBox
from lotteries.models import NOTHING_WRITTEN, Lottery, Note
from lotteries.noting import append_note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ("text",)
        labels = {"text": "Note"}
        help_texts = {"text": "At most 2,000 characters. Everybody can read it, for good."}
        widgets = {"text": AdminTextareaWidget}
        error_messages = {"text": {"required": NOTHING_WRITTEN}}


class NotePages(admin.ModelAdmin):
    """What the admin shows of the notes on one lottery, and the page that adds one."""

    def get_urls(self) -> list[URLPattern]:
        add_note = self.admin_site.admin_view(self.add_note_view)
        return [
            path("<uuid:lottery>/add-note/", add_note, name="lotteries_lottery_add_note"),
            *super().get_urls(),
        ]

    @admin.display(description="public notes")
    def notes(self, lottery: Lottery) -> str:
        notes = lottery.notes.all()
        rows = ((timezone.localtime(note.noted_at), show_text(note.text)) for note in notes)
        return format_html_join("", "<p>{:%Y-%m-%d %H:%M %Z}<br>{}</p>", rows) or "–"

    def add_note_view(self, request: HttpRequest, lottery: UUID) -> HttpResponse:
        """Says what a note is, asks for it, and appends it."""
        if not request.user.has_perm("lotteries.add_note"):
            raise PermissionDenied
        box = get_object_or_404(BallotBox.objects.select_related("lottery"), pk=lottery)
        form = NoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self.add_note(request, box, form):
            return redirect("admin:lotteries_lottery_change", box.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Add a public note",
            "opts": self.opts,
            "box": box,
            "form": form,
        }
        return render(request, "admin/lotteries/lottery/add_note.html", context)

    def add_note(self, request: HttpRequest, box: BallotBox, form: NoteForm) -> bool:
        """Whether the note is added; else the form says why not."""
        text = form.cleaned_data["text"]
        try:
            append_note(box.lottery, text, by=actor_of_request(request, Door.ADMIN))
        except ValidationError as error:
            form.add_error(None, error.messages)
            return False
        self.log_change(request, box.lottery, "Added a public note.")
        self.message_user(request, "The note is on the page of the lottery.", messages.SUCCESS)
        return True
