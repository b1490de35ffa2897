"""Rows that tests damage or lose; what the database would refuse in the end is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from ballots.mails.models import ResultsMailing
from ballots.models import Draw, DrawnBallot, Holding


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


def forget_places() -> None:
    """Who was drawn, in all draws."""
    for model in (Holding, DrawnBallot):
        model.objects.all().delete()


def forget_draws() -> None:
    forget_places()
    for model in (ResultsMailing, Draw):
        model.objects.all().delete()
