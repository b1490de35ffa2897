"""manage.py witness: somebody outside keeps what was published, and notices when it changes."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ballots.checkers import witness
from ballots.checkers.witness import Gone, NotFetched, Report, Witness
from ballots.life import draw_lottery, withdraw_lottery
from ballots.models import Ballot, BallotBox, DrawnBallot, Entry, Submission
from ballots.tests.factories import (
    ANSWER,
    ROUND,
    BoxFactory,
    draw,
    open_box,
    pass_over,
    sealed_box,
    submit,
)
from ballots.tests.undoing import forget_draws
from lotteries.models import Lottery
from lotteries.protocol import drand

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
        return [alarm for report in self.reports() for alarm in report.alarms]

    def reports(self) -> list[Report]:
        witness = Witness(self.fetch, self.folder, AT)
        dates, _ = witness.find_dates()
        return [witness.look(date) for date in dates]


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
    winner = draw(box).winner
    assert outsider.look() == []
    assert winner
    pass_over(box.lottery, number=winner.number, reason="declined by phone")
    assert outsider.look() == []
    assert outsider.look() == []
    (file,) = outsider.folder.iterdir()
    heads = json.loads(file.read_text())["heads"]
    assert [(head["ballot_count"], head["sealed"]) for head in heads] == [
        (5, False),
        (9, False),
        (9, True),
    ]
    assert heads[0]["seen_at"] == AT.timestamp()


def test_a_beacon_is_awaited_in_silence(outsider: Outsider, alice: User) -> None:
    sealed_box((alice, 3))
    assert outsider.look() == outsider.look() == []


def test_a_ballot_taken_out(outsider: Outsider, box: BallotBox) -> None:
    outsider.look()
    BallotBox.objects.update(ballot_count=4, peaks=bytes(32))
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
    BallotBox.objects.update(ballot_count=4, peaks=bytes(32))
    assert outsider.look() == outsider.look() != []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "red fox lottery"),
        ("prize", "Nothing"),
        ("terms", "Only for friends."),
        ("places", 2),
        ("ballots_each", 5),
        ("claim_days", 1),
        ("seed_commitment", "0" * 64),
        ("time_zone", "Europe/Amsterdam"),
        ("announcement", "0" * 64),
    ],
)
def test_a_promise_broken(outsider: Outsider, box: BallotBox, column: str, value: Any) -> None:
    outsider.look()
    Lottery.objects.update(**{column: value})
    first, second = outsider.look()
    assert first.startswith(f"Its {column} was")
    assert second.startswith("Announcement: What the record says was promised is not")


def test_a_promise_broken_together_with_its_hash(outsider: Outsider, box: BallotBox) -> None:
    outsider.look()
    lottery = Lottery.objects.get()
    lottery.prize = "Nothing"
    lottery.announcement = lottery.compute_announcement()
    lottery.save()
    assert [alarm.split(" was ")[0] for alarm in outsider.look()] == [
        "Its prize",
        "Its announcement",
    ]


def test_an_announcement_of_something_else_is_noticed_at_first_sight(
    outsider: Outsider, box: BallotBox
) -> None:
    Lottery.objects.update(terms="Only for friends.")
    (alarm,) = outsider.look()
    assert alarm.startswith("Announcement:")


def test_a_later_name_changes_nothing_public(
    outsider: Outsider, box: BallotBox, alice: User
) -> None:
    draw(box)
    outsider.look()
    User.objects.filter(pk=alice.pk).update(username="alicia")
    assert outsider.look() == []
    DrawnBallot.objects.update(username="alicia")
    (alarm,) = outsider.look()
    assert alarm.startswith("Its drawn was")


def test_a_reason_is_given_once(outsider: Outsider, box: BallotBox, bob: User) -> None:
    submit(box, bob)
    winner = draw(box).winner
    assert winner
    outsider.look()
    pass_over(box.lottery, number=winner.number)
    assert outsider.look() == []
    DrawnBallot.objects.filter(pk=winner.pk).update(reason="Another reason.")
    assert outsider.look()[0].startswith("Its drawn was")


def test_a_sealed_box_changed(outsider: Outsider, box: BallotBox, bob: User) -> None:
    draw(box)
    outsider.look()
    forget_draws()
    BallotBox.objects.update(sealed_at=None)
    submit(box, bob)
    assert "The sealed box was changed." in outsider.look()


def test_another_winner(outsider: Outsider, box: BallotBox) -> None:
    winner = draw(box).winner
    assert winner
    outsider.look()
    other = Ballot.objects.exclude(number=winner.number).first()
    DrawnBallot.objects.update(ballot=other)
    alarms = outsider.look()
    assert alarms[0].startswith("Its drawn was")
    assert any(alarm.startswith("Order:") for alarm in alarms)


def test_a_winner_who_was_never_passed_over(outsider: Outsider, box: BallotBox) -> None:
    """The first winner is replaced as if another had been passed over."""
    draw(box)
    outsider.look()
    outsider.changes["record.json"] = lambda record: (
        record | {"drawn": [*record["drawn"], *record["drawn"]]}
    )
    assert outsider.look()


def test_a_row_taken_back(outsider: Outsider, box: BallotBox, bob: User) -> None:
    """Nothing in a record shows that somebody was passed over, once it is taken out of it."""
    submit(box, bob)
    first = draw(box).winner
    assert first
    outsider.look()
    before = outsider.client.get(reverse("ballots:record", args=[box.lottery.closure_date])).json()
    pass_over(box.lottery, number=first.number)
    assert outsider.look() == []
    outsider.changes["record.json"] = lambda _: before
    (alarm,) = outsider.look()
    assert alarm.startswith("Its drawn was")


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
        {"version": 3},
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
@pytest.mark.parametrize("answer", [None, [], {}, {"version": 2}, "x"])
def test_an_answer_that_is_none(outsider: Outsider, box: BallotBox, name: str, answer: Any) -> None:
    outsider.changes[name] = lambda _: answer
    (report,) = outsider.reports()
    assert report.unchecked
    assert report.alarms == []
    assert list(outsider.folder.iterdir()) == []


def test_an_old_head_beside_a_drawn_record(
    outsider: Outsider, box: BallotBox, alice: User, bob: User
) -> None:
    """All ballots become bob's, and the head of before hides it."""
    outsider.look()
    old = outsider.client.get(reverse("ballots:head", args=[box.lottery.closure_date])).json()
    rewrite(box, bob)
    draw(box)
    outsider.changes["head.json"] = lambda _: old
    assert outsider.look() == [
        "The record is of a sealed box, but the head is not.",
        "The record is not of the box that the head is of.",
    ]


def test_a_head_of_other_ballots_beside_a_sealed_record(outsider: Outsider, alice: User) -> None:
    sealed_box((alice, 3))
    outsider.changes["head.json"] = lambda head: head | {"root": "0" * 64}
    assert outsider.look() == ["The record is not of the box that the head is of."]


def test_a_head_of_another_lottery(outsider: Outsider, box: BallotBox) -> None:
    outsider.changes["head.json"] = lambda head: head | {"lottery": str(UUID(int=7))}
    assert outsider.look() == ["Head and record are of two lotteries."]


def test_a_signature_that_nobody_checked_hides_nothing(
    outsider: Outsider, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_with_beacon(sealed_box((alice, 3)))
    monkeypatch.setitem(sys.modules, drand.LIBRARY, None)
    (report,) = outsider.reports()
    assert report.alarms == []
    assert [reason.split(":")[0] for reason in report.unchecked] == ["Signature of the beacon"]
    Lottery.objects.update(seed="1" * 64)
    (report,) = outsider.reports()
    assert any(alarm.startswith("Its seed was") for alarm in report.alarms)
    assert any(alarm.startswith("Seed:") for alarm in report.alarms)


def test_a_signature_is_checked_where_it_can_be(outsider: Outsider, alice: User) -> None:
    draw_with_beacon(sealed_box((alice, 3)))
    (report,) = outsider.reports()
    assert report.is_good


def draw_with_beacon(box: BallotBox) -> None:
    at = drand.round_time(ROUND) + timedelta(seconds=1)
    draw_lottery(box.lottery, ANSWER, clock=lambda: at)


# --- What was kept


DAMAGES: list[Any] = [
    "",
    "no JSON",
    "[]",
    "null",
    {},
    {"heads": []},
    {"heads": [1]},
    {"heads": 7},
    {"record": None},
    {"record": {}},
    {"is_withdrawn": None},
    {"is_withdrawn": 0},
    {"extra": 1},
    ("record", {"lottery": str(UUID(int=7))}),
    ("record", {"closure_date": "x"}),
    ("record", {"drawn": 7}),
    ("record", {"drawn": [{}]}),
    ("record", {"version": 1}),
    ("record", {"prize": None}),
    ("heads", {"ballot_count": "5"}),
    ("heads", {"root": None}),
    ("heads", {"seen_at": "2026-01-01"}),
    ("heads", {"checkpoint": 7}),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_stops_nothing_else(
    outsider: Outsider, box: BallotBox, bob: User, damage: Any
) -> None:
    other = BoxFactory.create(closure_date=box.lottery.closure_date + timedelta(days=1))
    submit(other, bob, 2)
    assert outsider.look() == []
    file = outsider.folder / f"{box.pk}.json"
    file.write_text(spoil(json.loads(file.read_text()), damage))
    before = file.read_bytes()
    BallotBox.objects.filter(pk=other.pk).update(ballot_count=1, peaks=bytes(32))

    assert [*Witness(outsider.fetch, outsider.folder, AT).damaged] == [file.name]
    first, second = outsider.reports()
    assert first == ([], ["what was kept of it before is damaged"])
    assert second.alarms == ["The box had 2 ballots, which are not there any more."]
    assert file.read_bytes() == before


def spoil(kept: Any, damage: Any) -> str:
    if isinstance(damage, str):
        return damage
    if damage == {}:
        return "{}"
    if isinstance(damage, dict):
        return json.dumps(kept | damage)
    name, change = damage
    changed = kept["record"] | change if name == "record" else [kept["heads"][0] | change]
    return json.dumps(kept | {name: changed})


# --- The command, against a real server


def run(url: str, folder: Path) -> tuple[int, str, str]:
    """(exit status, what it says, what it shouts) of manage.py witness."""
    out, err = StringIO(), StringIO()
    try:
        call_command("witness", url, "--keep", str(folder), stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command(live_server: LiveServer, tmp_path: Path, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 5)
    url = f"{live_server.url}/"
    assert run(url, tmp_path / "kept") == (0, "1 lottery is as it was.\n", "")

    BallotBox.objects.update(ballot_count=4, peaks=bytes(32))
    status, said, shouted = run(url, tmp_path / "kept")
    assert (status, said) == (1, "")
    assert "HISTORY WAS REWRITTEN. The box had 5 ballots" in shouted
    assert f"Not as it was, or not checked: {box.lottery.closure_date}." in shouted


@pytest.mark.django_db(transaction=True)
def test_a_bare_python_runs_what_the_site_hands_out(
    live_server: LiveServer, stranger: Client, tmp_path: Path, alice: User
) -> None:
    """Two files in an empty folder, without the site's packages."""
    submit(BoxFactory.create(), alice, 5)
    for name in ("script", "witness_script"):
        response = stranger.get(reverse(f"ballots:{name}"))
        file = response["Content-Disposition"].split('"')[1]
        (tmp_path / file).write_bytes(response.content)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "witness.py", live_server.url, "--keep", "kept"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "1 lottery is as it was.\n"
    assert len([*(tmp_path / "kept").iterdir()]) == 1


@pytest.mark.django_db(transaction=True)
def test_it_runs_as_a_module(live_server: LiveServer, tmp_path: Path, alice: User) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", witness.__name__, live_server.url, "--keep", str(tmp_path)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "0 lotteries are as they were.\n")


def test_it_is_written_for_python_3_8() -> None:
    ast.parse(Path(witness.__file__).read_text(), feature_version=(3, 8))


def test_a_site_that_is_down(tmp_path: Path) -> None:
    status, _, shouted = run("http://127.0.0.1:9", tmp_path)
    assert status == 1
    assert shouted.startswith("Nothing was checked")


@pytest.mark.parametrize(
    "url", ["lottery.example.org", "file:///etc/passwd", "https://", "http://x:port", "http://[x"]
)
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(CommandError, match="is no address like"):
        call_command("witness", url, "--keep", str(tmp_path))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, _, shouted = run("http://127.0.0.1:9", tmp_path / "file")
    assert (status, "is not a folder" in shouted) == (1, True)


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    status, _, shouted = run("http://127.0.0.1:9", tmp_path)
    assert status == 1
    assert "other.json: not checked: it is not what a witness keeps." in shouted
