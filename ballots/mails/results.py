"""The lottery that you took part in was drawn: to all who want to know, in batches."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mails
from accounts.models import User
from ballots.mails.models import ResultsMailing
from ballots.models import Draw

BATCH = 1000  # participants


def queue_results(at: datetime, *, batch: int = BATCH) -> bool:
    """Queues the next of these mails: whether there was anybody left to look at.

    Whoever is killed leaves a batch done or undone, and the next one goes on from there.
    """
    undone = ResultsMailing.objects.filter(done_at=None)
    if not undone.exists():
        return False  # found out without a lock
    with transaction.atomic(durable=True):
        rows = undone.select_for_update(skip_locked=True, of=("self",))
        mailing = rows.select_related("draw__box__lottery").order_by("draw").first()
        if mailing is None:
            return False  # another process is at it
        users = find_next(mailing, batch)
        queue_mails(Kind.RESULTS, users, facts=tell_result(mailing.draw), at=at)
        if users:
            mailing.last_participant = users[-1].pk
        if len(users) < batch:
            mailing.done_at = at
        mailing.save(update_fields=["last_participant", "done_at"])
    return True


def find_next(mailing: ResultsMailing, batch: int) -> list[User]:
    """Of those who took part and want to know, the next ones in the order of their codes."""
    entries = mailing.draw.box.entries.filter(
        participant__wants_results=True, participant__closed_at=None
    )
    if mailing.last_participant:
        entries = entries.filter(participant__gt=mailing.last_participant)
    rows = entries.select_related("participant").order_by("participant")
    return [entry.participant for entry in rows[:batch]]


def tell_result(draw: Draw) -> dict[str, object]:
    """What the mail says of it."""
    lottery = draw.box.lottery
    return {
        "lottery": lottery.name,
        "closure_date": lottery.closure_date,
        "prize_line": lottery.headline,
        "winner": draw.winner.shown_as if draw.winner else "",
        "places": lottery.places,
        "page": reverse("ballots:lottery", args=[lottery.closure_date]),
    }
