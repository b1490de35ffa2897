"""Dated public notes on a lottery. They clarify, and change nothing that was promised."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit.writing import Actor, write_entry
from accounts.shared.storing import store
from lotteries.models import Lottery, Note
from lotteries.refusals import LotteryWithdrawn


@transaction.atomic
def append_note(
    lottery: Lottery, text: str, *, by: Actor | None = None, at: datetime | None = None
) -> Note:
    """Appends a public note to the lottery, for good: nothing edits or deletes it.

    Raises LotteryWithdrawn, and ValidationError for a text that is empty, too long or unprintable,
    or that is there already: a request that was repeated adds nothing.
    """
    at = at or timezone.now()
    # Held, so that nobody withdraws the lottery meanwhile.
    if not Lottery.objects.select_for_update().filter(pk=lottery.pk).first():
        raise LotteryWithdrawn
    note = Note(lottery=lottery, text=text, noted_at=at)
    note.clean_fields(exclude=("lottery",))  # the text as it will be stored
    if lottery.notes.filter(text=note.text).exists():
        raise ValidationError({"text": ValidationError("This note is there already.", "unique")})
    store(note)
    write_entry(by, "note", lottery, new={"text": note.text}, at=at)
    return note
