from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.models import LATE, BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box
from lotteries.models import Lottery

HEALTH = reverse("ballots:health")


def test_it_is_200_when_all_is_well(stranger: Client) -> None:
    open_box()
    draw(BoxFactory.create())
    answer = stranger.get(HEALTH)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(("minutes_late", "status"), [(-1, 200), (1, 503)])
def test_it_is_503_when_a_draw_is_overdue(stranger: Client, minutes_late: int, status: int) -> None:
    box = BoxFactory.create()
    closed_at = timezone.now() - LATE - timedelta(minutes=minutes_late)
    Lottery.objects.filter(pk=box.pk).update(closes_at=closed_at)
    answer = stranger.get(HEALTH)
    assert answer.status_code == status
    if status == 503:
        reason = f"The draw of {box.lottery.closure_date} is overdue."
        assert answer.json() == {"status": "failing", "reason": reason}


def test_it_is_503_when_the_database_does_not_answer(
    stranger: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {BallotBox._meta.db_table} RENAME TO out_of_reach")
        answer = stranger.get(HEALTH)
        assert answer.status_code == 503
        assert answer.json()["reason"] == "The database does not answer."
        assert "does not answer" in caplog.text


def test_ping_asks_nobody(stranger: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert stranger.get(reverse("ping")).status_code == 200
