"""Notes that are added while their lottery is withdrawn, and the same one many times at once."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from accounts.tests.racing import at_once
from ballots.life import withdraw_lottery
from ballots.tests.factories import BoxFactory
from lotteries.models import Lottery, Note
from lotteries.noting import append_note
from lotteries.refusals import LotteryWithdrawn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_is_there_before_the_withdrawal_or_refused() -> None:
    lottery = BoxFactory.create().lottery
    notes = [partial(append_note, lottery, f"Note {number}") for number in range(8)]
    jobs: list[Callable[[], Note | None]] = [*notes]
    jobs.insert(4, partial(withdraw_lottery, lottery))
    outcomes = at_once(*jobs)
    assert outcomes.pop(4) is None
    assert all(isinstance(each, Note | LotteryWithdrawn) for each in outcomes)
    assert not Lottery.objects.exists()
    assert not Note.objects.exists()


def test_the_same_note_many_times_at_once_is_one() -> None:
    lottery = BoxFactory.create().lottery
    outcomes = at_once(*[lambda: append_note(lottery, "The bicycle is blue.")] * 8)
    assert sum(isinstance(each, Note) for each in outcomes) == Note.objects.count() == 1
    assert sum(isinstance(each, ValidationError) for each in outcomes) == 7
