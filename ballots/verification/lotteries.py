"""Which lotteries there are, each with its box, and what belongs to none."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Model, TextField
from django.db.models.functions import Cast

from ballots.damage import DAMAGES
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Entry, Holding, Submission, Subtree
from lotteries.models import Lottery


class Announced(NamedTuple):
    """A lottery as text, which every row has: nothing in one can hide the others."""

    key: str
    closure_date: str
    name: str


def list_lotteries() -> list[Announced]:
    columns = {name: Cast(name, TextField()) for name in ("pk", "closure_date", "name")}
    rows = Lottery.objects.order_by("closure_date").values_list(*columns.values())
    return [Announced(*row) for row in rows]


def find_box(key: str) -> BallotBox | str:
    """The box of the lottery with this key, or why there is none, in a sentence."""
    try:
        return BallotBox.objects.with_results().get(pk=UUID(key))
    except BallotBox.DoesNotExist:
        return "It has no ballot box."
    except DAMAGES as error:
        return f"A value is not in its format: {error}."


def find_orphans() -> Iterator[str]:
    """A sentence for each kind of row that belongs to nothing."""
    for model in (Entry, Submission, Ballot, Subtree, Draw):
        yield from count_orphans(model, "box", BallotBox)
    yield from count_orphans(BallotBox, "lottery", Lottery)
    yield from count_orphans(DrawnBallot, "draw", Draw)
    yield from count_orphans(Holding, "drawn", DrawnBallot)


def count_orphans(model: type[Model], name: str, owner: type[Model]) -> Iterator[str]:
    owners = owner._default_manager.values("pk")
    rows, missing = model._meta.verbose_name_plural, owner._meta.verbose_name
    if count := model._default_manager.exclude(**{f"{name}__in": owners}).count():
        yield f"{count} of the {rows} have no {missing}."
