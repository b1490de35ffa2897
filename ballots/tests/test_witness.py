"""manage.py witness: somebody outside keeps what was published, and notices when it changes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ballots.checkers.witness import Gone, NotFetched, Witness
from ballots.life import pass_over, withdraw_lottery
from ballots.models import Ballot, BallotBox, Draw, Entry, Submission
from ballots.tests.factories import BoxFactory, draw, open_box, sealed_box, submit
from lotteries.models import Lottery

AT = datetime(2026, 1, 1, tzinfo=UTC)
Answers = dict[str, Callable[[Any], Any]]


class Outsider:
    """Somebody with a folder, who looks at the site through the test client."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.client = folder, Client()
        self.changes: Answers = {}

    def fetch(self, path: str) -> bytes:
        response = self.client.get(path)
        if response.status_code == 404:
            raise Gone(path)
        if response.status_code != 200:
            raise NotFetched(path)
        name = path.split("?")[0].rpartition("/")[2]
        if name in self.changes:
            return json.dumps(self.changes[name](response.json())).encode()
        return response.content

    def look(self) -> list[str]:
        """What it shouts."""
        witness = Witness(self.fetch, self.folder, AT)
        return [alarm for date in witness.dates() for alarm in witness.look(date)]


@pytest.fixture
def outsider(tmp_path: Path) -> Outsider:
    return Outsider(tmp_path)


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = BoxFactory.create(name="tan octopus lottery")
    submit(box, alice, 5)
    return box


def test_an_honest_life_is_silent(outsider: Outsider, box: BallotBox, bob: User) -> None:
    assert outsider.look() == []
    submit(box, bob, 4)
    assert outsider.look() == []
    winner = draw(box).winning_ballot
    assert outsider.look() == []
    assert winner
    pass_over(box.lottery, number=winner.number, reason="declined")
    assert outsider.look() == []
    assert outsider.look() == []
    (file,) = outsider.folder.iterdir()
    heads = json.loads(file.read_text())["heads"]
    assert [(head["ballot_count"], head["sealed"]) for head in heads] == [
        (5, False),
        (9, False),
        (9, True),
    ]
    assert heads[0]["seen_at"] == "2026-01-01T00:00:00.000000Z"


def test_a_beacon_is_awaited_in_silence(outsider: Outsider, alice: User) -> None:
    sealed_box((alice, 3))
    assert outsider.look() == outsider.look() == []


def test_a_ballot_taken_out(outsider: Outsider, box: BallotBox) -> None:
    outsider.look()
    BallotBox.objects.update(ballot_count=4)
    assert outsider.look() == ["The box had 5 ballots, which are not there any more."]


def test_a_ballot_exchanged(outsider: Outsider, box: BallotBox, bob: User) -> None:
    outsider.look()
    rewrite(box, bob)
    (alarm,) = outsider.look()
    assert alarm == "The box had 5 ballots, which are not there any more."


def test_a_ballot_exchanged_and_others_added(outsider: Outsider, box: BallotBox, bob: User) -> None:
    outsider.look()
    rewrite(box, bob)
    submit(box, bob, 3)
    assert outsider.look() == ["The box does not begin with the 5 ballots it had."]


def rewrite(box: BallotBox, bob: User) -> None:
    """All ballots are bob's, with a log that fits: nothing inside the site shows it."""
    Ballot.objects.all().delete()
    Submission.objects.all().delete()
    Entry.objects.all().delete()
    BallotBox.objects.update(ballot_count=0, participant_count=0, peaks=b"")
    submit(box, bob, 5)


def test_it_goes_on_shouting(outsider: Outsider, box: BallotBox) -> None:
    outsider.look()
    BallotBox.objects.update(ballot_count=4)
    assert outsider.look() == outsider.look() != []


@pytest.mark.parametrize(
    ("column", "value", "alarm"),
    [
        ("name", "red fox lottery", "Its name was"),
        ("seed_commitment", "0" * 64, "Its seed_commitment was"),
        ("time_zone", "Europe/Amsterdam", "Its time_zone was"),
    ],
)
def test_a_promise_broken(
    outsider: Outsider, box: BallotBox, column: str, value: str, alarm: str
) -> None:
    outsider.look()
    Lottery.objects.update(**{column: value})
    assert outsider.look()[0].startswith(alarm)


def test_a_sealed_box_changed(outsider: Outsider, box: BallotBox, bob: User) -> None:
    draw(box)
    outsider.look()
    Draw.objects.all().delete()
    BallotBox.objects.update(sealed_at=None)
    submit(box, bob)
    assert "The sealed box was changed." in outsider.look()


def test_another_winner(outsider: Outsider, box: BallotBox) -> None:
    winner = draw(box).winning_ballot
    outsider.look()
    others = Ballot.objects.exclude(number=winner.number) if winner else None
    Draw.objects.update(drawn_ballot=others.first() if others else None)
    alarms = outsider.look()
    assert alarms[0].startswith("Its winners was")
    assert any(alarm.startswith("Winning number:") for alarm in alarms)


def test_a_winner_who_was_never_passed_over(outsider: Outsider, box: BallotBox) -> None:
    """The first winner is replaced as if another had been passed over."""
    draw(box)
    outsider.look()
    outsider.changes["record.json"] = lambda record: (
        record | {"winners": [*record["winners"], *record["winners"]]}
    )
    assert outsider.look()


def test_a_draw_that_does_not_hold_is_noticed_at_first_sight(
    outsider: Outsider, box: BallotBox
) -> None:
    draw(box)
    Lottery.objects.update(seed="1" * 64)
    assert any(alarm.startswith("Seed: ") for alarm in outsider.look())


def test_a_forged_consistency_proof(outsider: Outsider, box: BallotBox, bob: User) -> None:
    outsider.look()
    submit(box, bob, 3)
    changes: list[dict[str, Any]] = [
        {"proof": []},
        {"from_root": "0" * 64},
        {"to": 7},
        {"version": 2},
    ]
    for forged in changes:
        outsider.changes["consistency.json"] = lambda proof, forged=forged: proof | forged  # type: ignore[misc]
        assert outsider.look() == ["The box does not begin with the 5 ballots it had."]


def test_a_lottery_without_ballots_may_be_withdrawn(outsider: Outsider, db: None) -> None:
    box = open_box()
    outsider.look()
    withdraw_lottery(box.lottery)
    assert outsider.look() == []
    again = BoxFactory.create(closure_date=box.lottery.closure_date)
    assert outsider.look() == outsider.look() == []
    assert again.pk != box.pk


def test_one_with_ballots_may_not_vanish(outsider: Outsider, box: BallotBox) -> None:
    outsider.look()
    Ballot.objects.all().delete()
    Submission.objects.all().delete()
    Entry.objects.all().delete()
    box.lottery.delete()
    assert outsider.look() == ["It has vanished, although it had ballots."]


@pytest.mark.parametrize("name", ["head.json", "record.json"])
@pytest.mark.parametrize("answer", [None, [], {}, {"version": 1}, "x"])
def test_an_answer_that_is_none(outsider: Outsider, box: BallotBox, name: str, answer: Any) -> None:
    outsider.changes[name] = lambda _: answer
    with pytest.raises(NotFetched):
        outsider.look()
    assert list(outsider.folder.iterdir()) == []


# --- The command, against a real server


@pytest.mark.django_db(transaction=True)
def test_the_command(live_server: LiveServer, tmp_path: Path, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 5)
    out, err = StringIO(), StringIO()
    arguments = ["witness", f"{live_server.url}/", "--keep", str(tmp_path / "kept")]
    call_command(*arguments, stdout=out, stderr=err)
    assert out.getvalue() == "1 lotteries are as they were.\n"

    BallotBox.objects.update(ballot_count=4)
    with pytest.raises(CommandError, match=f"not checked: {box.lottery.closure_date}"):
        call_command(*arguments, stdout=out, stderr=err)
    assert "HISTORY WAS REWRITTEN. The box had 5 ballots" in err.getvalue()


def test_a_site_that_is_down(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was checked"):
        call_command("witness", "http://127.0.0.1:9", "--keep", str(tmp_path))


@pytest.mark.parametrize("url", ["lottery.example.org", "file:///etc/passwd", "https://"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(CommandError, match="is no address like"):
        call_command("witness", url, "--keep", str(tmp_path))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("witness", "http://127.0.0.1:9", "--keep", str(tmp_path / "file"))


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(CommandError, match="is not a folder that a witness keeps"):
        call_command("witness", "http://127.0.0.1:9", "--keep", str(tmp_path))
