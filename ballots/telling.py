"""Who is told of a place, and from when on the time to claim it counts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import build_mail, queue_mail, store_mails
from accounts.models import User
from ballots.models import Draw, DrawnBallot, Holding, HoldingQuerySet
from lotteries.models import Lottery


def tell_holders(draw: Draw, holders: list[DrawnBallot], *, at: datetime) -> None:
    """Has each of them told that they won what.

    Where no mail can arrive, the time to claim counts from the draw: their pages tell them.
    """
    lottery = draw.box.lottery
    mails = {
        drawn.pk: build_mail(Kind.WON, drawn.participant, None, describe_win(lottery, drawn), at)
        for drawn in holders
        if can_be_mailed(drawn.participant)
    }
    store_mails(mails.values())
    holdings = [Holding(drawn=drawn, mail=mails.get(drawn.pk)) for drawn in holders]
    for holding in holdings:
        if holding.mail is None or not settings.SENDS_MAIL:
            count_from(holding, lottery, at)
    Holding.objects.bulk_create(holdings)


def can_be_mailed(user: User) -> bool:
    """Whether somebody reads what is sent to the account's address."""
    return user.is_active and user.closed_at is None


def describe_win(lottery: Lottery, drawn: DrawnBallot) -> dict[str, object]:
    """What the mails say of it."""
    return {
        "lottery": str(lottery),
        "closure_date": lottery.closure_date,
        "prize": lottery.prize,
        "prize_line": lottery.headline,
        "place": drawn.place,
        "places": lottery.places,
        "number": drawn.number,
        "claim_days": lottery.claim_days,
        "page": reverse("ballots:claim", args=[lottery.closure_date]),
    }


def tell_passed_over(drawn: DrawnBallot, *, at: datetime) -> None:
    """Mails the reason to whoever was passed over."""
    if can_be_mailed(drawn.participant):
        facts = describe_win(drawn.draw.box.lottery, drawn)
        facts |= {"ground": drawn.ground, "reason": drawn.reason}
        queue_mail(Kind.PASSED_OVER, drawn.participant, facts=facts, at=at)


def count_from(holding: Holding, lottery: Lottery, at: datetime) -> None:
    """Sets that the holder was told at this moment, and until when the place can be claimed."""
    holding.told_at = at
    days = timedelta(days=lottery.claim_days)
    holding.claim_until = at + days if days else None


def note_end(mail: Mail, at: datetime) -> None:
    """The mail was handed over, or given up: from now on the time to claim counts.

    Only the first time does: a mail that is sent again moves no deadline.
    """
    if mail.kind == Kind.WON:
        note_told(Holding.objects.filter(mail=mail.pk), at)


def note_missed_ends(*, at: datetime) -> None:
    """The same for mails of which nobody noted the end, or that are gone."""
    ended = Q(mail=None) | Q(mail__sent_at__isnull=False) | Q(mail__given_up_at__isnull=False)
    with transaction.atomic():
        note_told(Holding.objects.filter(ended), at)


def note_told(holdings: HoldingQuerySet, at: datetime) -> None:
    untold = holdings.filter(told_at=None).select_related("drawn__draw__box__lottery")
    for holding in untold.select_for_update(of=("self",)):
        count_from(holding, holding.drawn.draw.box.lottery, at)
        holding.save(update_fields=["told_at", "claim_until"])
