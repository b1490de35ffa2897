"""Rows that are damaged or half there: every public address answers, and none with status 500."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Holding, ResultsMailing
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, submit
from ballots.tests.undoing import undone
from lotteries.models import Lottery
from lotteries.protocol import drand

DATE = date(2020, 3, 1)
NEXT = DATE + timedelta(days=1)
OF_A_LOTTERY = {
    "lottery": {},
    "check": {},
    "record": {},
    "head": {},
    "proof": {"number": 1},
    "consistency": {"from": 1},
    "lottery_calendar": {},
}
OF_MANY = [
    "home",
    "open_lotteries",
    "results",
    "results_file",
    "feed",
    "calendar",
    "fairness",
    "health",
    "script",
]
OF_ALICE = ["my_ballots", "my_entry", "receipts"]
OF_ALICE_BY_NUMBER = ["submission", "submission_receipts", "receipt", "receipt_json"]
API = ["", "/winner", "/record", "/head", "/proof?number=1", "/consistency?from=1"]
API_LISTS = ["/api/lotteries", "/api/lotteries?state=all", "/api/results", "/api/health"]


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Drawn on DATE, with five ballots of alice and of bob, and one winner passed over."""
    box = BoxFactory.create(closure_date=DATE)
    submit(box, alice, 5)
    submit(box, bob, 5)
    winner = draw(box).winner
    assert winner
    pass_over(box.lottery, number=winner.number, reason="declined by phone")
    draw(BoxFactory.create(closure_date=NEXT))
    submit(open_box(), alice, 2, at=datetime.now(UTC))
    return box


def get(client: Client, address: str) -> Any:
    client.raise_request_exception = False
    return client.get(address)


def of_a_lottery(client: Client, name: str, closure_date: date = DATE) -> Any:
    query = OF_A_LOTTERY[name]
    return get(client, reverse(f"ballots:{name}", args=[closure_date], query=query))


def every_answer(client: Client) -> dict[str, HttpResponse]:
    """What alice is answered at each address that shows anything of a lottery."""
    answers = {name: of_a_lottery(client, name) for name in OF_A_LOTTERY}
    answers |= {name: get(client, reverse(f"ballots:{name}")) for name in OF_MANY}
    for name in OF_ALICE:
        args = [] if name == "my_ballots" else [DATE]
        answers[name] = get(client, reverse(f"ballots:{name}", args=args))
    for name in OF_ALICE_BY_NUMBER:
        answers[name] = get(client, reverse(f"ballots:{name}", args=[DATE, 1]))
    for path in [*(f"/api/lotteries/{DATE}{end}" for end in API), *API_LISTS]:
        answers[path] = get(client, path)
    answers["submit"] = client.post(
        reverse("ballots:submit_ballots", args=[DATE]), {"quantity": 1, "token": "x"}
    )
    return answers


def statuses(client: Client) -> dict[str, int]:
    return {name: answer.status_code for name, answer in every_answer(client).items()}


def test_whole_rows_are_shown(alices_browser: Client, box: BallotBox) -> None:
    found = statuses(alices_browser)
    assert {name for name, status in found.items() if status != 200} == {"submit"}
    assert found["submit"] == 422


def execute(statement: str) -> Callable[[], Any]:
    """The database lets it be, until it is taken back."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


def forget_holders() -> None:
    Holding.objects.all().delete()
    DrawnBallot.objects.update(after=None)
    DrawnBallot.objects.all().delete()


def lose_the_draw() -> None:
    forget_holders()
    ResultsMailing.objects.all().delete()
    Draw.objects.all().delete()


BEACON = {"beacon_chain": drand.CHAIN}
DAMAGES: list[Callable[[], Any]] = [
    forget_holders,
    lambda: Draw.objects.update(beacon_signature="x" * 96),
    lambda: Draw.objects.update(beacon_signature="b7" * 48),
    lambda: BallotBox.objects.update(sealed_at=None),
    lambda: BallotBox.objects.update(peaks=b""),
    lambda: BallotBox.objects.update(peaks=b"x" * 7),
    lambda: BallotBox.objects.update(ballot_count=2**31 - 1),
    lambda: BallotBox.objects.update(ballot_count=0, participant_count=0),
    lambda: DrawnBallot.objects.filter(position=1).update(place=9),
    lambda: Holding.objects.all().delete(),
    lose_the_draw,
    lambda: Lottery.objects.update(time_zone="Mars/Phobos"),
    lambda: Lottery.objects.update(time_zone="../UTC"),
    lambda: Lottery.objects.update(**BEACON, beacon_round=2**62),
    lambda: Lottery.objects.update(**BEACON, beacon_round=1),
    execute("DELETE FROM ballots_ballotbox"),
    execute("DELETE FROM ballots_submission"),
    execute("DELETE FROM ballots_ballot"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_not_shown(
    alices_browser: Client, box: BallotBox, damage: Callable[[], Any]
) -> None:
    with undone():
        damage()
        found = every_answer(alices_browser)
        assert {name: 500 for name, answer in found.items() if answer.status_code == 500} == {}
        for name in ("lottery", "check", "record", "head", f"/api/lotteries/{DATE}/record"):
            assert (name, found[name].status_code) == (name, 503)
            assert f"the lottery of {DATE} is damaged" in found[name].content.decode()


@pytest.mark.parametrize("damage", DAMAGES)
def test_admins_are_answered(
    adams_browser: Client, box: BallotBox, damage: Callable[[], Any]
) -> None:
    names = ["changelist", "change", "close", "places", "hand_over", "pass_over", "delete"]
    with undone():
        damage()
        for name in names:
            args = [] if name == "changelist" else [box.pk]
            answer = get(adams_browser, reverse(f"admin:lotteries_lottery_{name}", args=args))
            assert (name, answer.status_code) != (name, 500)
        waiting = get(adams_browser, reverse("admin:ballots_holding_changelist"))
        assert waiting.status_code != 500


TEXTS = [
    "UPDATE lotteries_lottery SET closes_at = 'x'",
    "UPDATE lotteries_lottery SET announced_at = 'x'",
    "UPDATE lotteries_lottery SET closure_date = 'x' || id",
    "UPDATE lotteries_lottery SET beacon_round = 'x'",
    "UPDATE ballots_ballotbox SET sealed_at = 'x'",
    "UPDATE ballots_ballotbox SET peaks = 'x'",
    "UPDATE ballots_ballotbox SET ballot_count = 'x'",
    "UPDATE ballots_draw SET drawn_at = 'x'",
    "UPDATE ballots_drawnballot SET ballot_id = 'x' || id",
    "UPDATE ballots_drawnballot SET place = 'x' || id WHERE place IS NOT NULL",
    "UPDATE ballots_drawnballot SET taken_at = 'x'",
    "UPDATE ballots_ballot SET id = 'x' || rowid",
    "UPDATE ballots_submission SET submitted_at = 'x'",
    "UPDATE ballots_submission SET participant_id = 'x'",
    "UPDATE ballots_drawnballot SET passed_over_at = 'x'",
]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has types")
@pytest.mark.parametrize("statement", TEXTS)
def test_a_value_of_no_type_is_not_shown(
    alices_browser: Client, box: BallotBox, statement: str
) -> None:
    with undone():
        execute("PRAGMA ignore_check_constraints = on")()
        execute(statement)()
        execute("PRAGMA ignore_check_constraints = off")()
        found = statuses(alices_browser)
    assert {name: status for name, status in found.items() if status == 500} == {}


def test_a_ballot_that_is_gone_takes_the_proofs_with_it(stranger: Client, box: BallotBox) -> None:
    used = DrawnBallot.objects.filter(draw=box.pk).values("ballot")
    Ballot.objects.filter(box=box).exclude(pk__in=used).delete()
    for name in ("record", "proof", "consistency"):
        answer = of_a_lottery(stranger, name)
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert "immutable" not in answer.get("Cache-Control", "")


def test_one_damaged_lottery_hides_no_other(stranger: Client, box: BallotBox) -> None:
    forget_holders()
    assert of_a_lottery(stranger, "record", NEXT).status_code == 200
    for name in ("home", "results", "feed"):
        page = get(stranger, reverse(f"ballots:{name}"))
        assert (page.status_code, "damaged" in page.content.decode()) == (200, True)


def test_the_log_has_it(stranger: Client, box: BallotBox, caplog: pytest.LogCaptureFixture) -> None:
    forget_holders()
    of_a_lottery(stranger, "record")
    said = f"The lottery of {DATE} is damaged: the ballots that were drawn are missing."
    assert said in [record.getMessage() for record in caplog.records]
