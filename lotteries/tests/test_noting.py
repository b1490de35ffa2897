"""The verb that appends a public note."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from lotteries.models import Lottery, Note
from lotteries.noting import append_note
from lotteries.refusals import LotteryWithdrawn
from lotteries.tests.factories import announce

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lottery(db: None) -> Lottery:
    return announce(Lottery(closure_date=date(2020, 2, 29), prize="A bicycle"), at=NOON)


def test_it_has_the_moment_and_changes_nothing_that_was_promised(lottery: Lottery) -> None:
    before = lottery.announcement
    note = append_note(lottery, "The bicycle is blue.", at=NOON)
    assert (note.text, note.noted_at) == ("The bicycle is blue.", NOON)
    lottery.refresh_from_db()
    assert lottery.announcement == lottery.compute_announcement() == before


def test_a_lottery_that_was_withdrawn_takes_none(lottery: Lottery) -> None:
    Lottery.objects.all().delete()
    with pytest.raises(LotteryWithdrawn):
        append_note(lottery, "The bicycle is blue.")


def test_they_go_with_a_lottery_that_is_withdrawn(lottery: Lottery) -> None:
    append_note(lottery, "The bicycle is blue.")
    lottery.delete()
    assert not Note.objects.exists()


def test_the_database_refuses_to_change_one(lottery: Lottery) -> None:
    append_note(lottery, "The bicycle is blue.")
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        Note.objects.update(text="The bicycle is red.")
    assert Note.objects.get().text == "The bicycle is blue."
