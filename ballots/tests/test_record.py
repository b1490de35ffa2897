"""What is published of a lottery, at each moment of its life, and how it is served."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import (
    ROUND,
    BoxFactory,
    draw,
    open_box,
    sealed_box,
    submit,
)
from lotteries.protocol import drand


def url(name: str, box: BallotBox, **query: Any) -> str:
    date = box.lottery.closure_date
    return reverse(f"ballots:{name}", args=[date], query=query)


def get(client: Client, name: str, box: BallotBox, **query: Any) -> Any:
    return client.get(url(name, box, **query)).json()


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    box = BoxFactory.create(name="tan octopus lottery")
    submit(box, alice, 3)
    submit(box, bob, 2)
    return box


# --- The record


def test_before_sealing_it_is_the_announcement(stranger: Client, box: BallotBox) -> None:
    lottery = box.lottery
    unknown = {
        "sealed_at",
        "drawn_at",
        "ballot_count",
        "participant_count",
        "root",
        "seed",
        "beacon_signature",
        "drawn",
        "sealed_evidence",
    }
    assert get(stranger, "record", box) == dict.fromkeys(unknown) | {
        "version": 2,
        "lottery": str(lottery.id),
        "name": "tan octopus lottery",
        "prize": "",
        "terms": "",
        "places": 1,
        "ballots_each": 0,
        "claim_days": 0,
        "announced_at": int(lottery.announced_at.timestamp()),
        "announcement": lottery.announcement,
        "closure_date": str(lottery.closure_date),
        "time_zone": "UTC",
        "closes_at": int(lottery.closes_at.timestamp()),
        "seed_commitment": lottery.seed_commitment,
        "beacon": "none",
    }


def test_a_sealed_one_shows_box_and_seed(stranger: Client, alice: User) -> None:
    box = sealed_box((alice, 2))
    found = get(stranger, "record", box)
    assert found["seed"] == box.lottery.seed
    assert (found["ballot_count"], found["participant_count"], found["root"]) == (2, 1, box.root)
    assert found["beacon"] == f"drand:{drand.CHAIN}:{ROUND}"
    assert found["beacon_signature"] is None
    assert found["drawn"] is found["drawn_at"] is None


def test_an_empty_draw_has_an_empty_list(stranger: Client) -> None:
    box = BoxFactory.create()
    draw(box)
    assert get(stranger, "record", box)["drawn"] == []


def test_nobodys_secrets_are_in_it(stranger: Client, box: BallotBox) -> None:
    """Of the ballots that did not win, and of anybody's address, there is nothing."""
    winner = draw(box).winner
    public = [
        stranger.get(url("record", box)),
        stranger.get(url("head", box)),
        stranger.get(url("proof", box, number=1)),
        stranger.get(url("consistency", box, **{"from": 1})),
        stranger.get(reverse("ballots:feed")),
        stranger.get(url("check", box)),
    ]
    text = "".join(page.content.decode() for page in public)
    assert winner
    for ballot in Ballot.objects.filter(box=box):
        assert (str(ballot.id) in text) == (ballot == winner.ballot)
        assert (str(ballot.participant.pk) in text) == (ballot.participant == winner.participant)
    for user in User.objects.all():
        assert user.email not in text


def test_the_seed_is_nowhere_before_sealing(stranger: Client, box: BallotBox) -> None:
    for name in ("record", "head", "lottery"):
        assert box.lottery.seed not in stranger.get(url(name, box)).content.decode()
    assert box.lottery.seed not in stranger.get(reverse("ballots:feed")).content.decode()


# --- Heads and proofs


def test_the_head_grows_until_it_is_sealed(stranger: Client, box: BallotBox, alice: User) -> None:
    first = get(stranger, "head", box)
    assert (first["ballot_count"], first["sealed"]) == (5, False)
    submit(box, alice)
    draw(box)
    last = get(stranger, "head", box)
    assert (last["ballot_count"], last["sealed"]) == (6, True)
    assert last["root"] == BallotBox.objects.get(pk=box.pk).root != first["root"]


def test_the_head_of_an_empty_box(stranger: Client) -> None:
    head = get(stranger, "head", open_box())
    assert (head["ballot_count"], head["root"][:8]) == (0, "e3b0c442")


def test_proofs_of_today_and_of_before(stranger: Client, box: BallotBox) -> None:
    now = get(stranger, "proof", box, number=2)
    assert (now["number"], now["ballot_count"], len(now["proof"])) == (2, 5, 3)
    then = get(stranger, "proof", box, number=2, size=2)
    assert (then["ballot_count"], len(then["proof"])) == (2, 1)
    assert now["leaf"] == then["leaf"] == Ballot.objects.get(box=box, number=2).leaf
    between = get(stranger, "consistency", box, **{"from": 2})
    assert (between["from_root"], between["to_root"]) == (then["root"], now["root"])
    assert get(stranger, "consistency", box, **{"from": 2, "to": 2})["proof"] == []


@pytest.mark.parametrize(
    ("name", "query", "detail"),
    [
        ("proof", {}, "number: This field is required."),
        ("proof", {"number": "x"}, "number: Enter a whole number."),
        ("proof", {"number": 0}, "number: Ensure this value is greater than or equal to 1."),
        ("proof", {"number": 6}, "number: Choose a number from 1 to 5."),
        ("proof", {"number": 3, "size": 2}, "number: Choose a number from 1 to 2."),
        ("proof", {"number": 3, "size": 6}, "size: In the box: 5 ballots so far."),
        ("proof", {"number": "9" * 5000}, "number: Enter a whole number."),
        ("proof", {"number": "1_0"}, "number: Enter a whole number."),
        ("consistency", {}, "from: This field is required."),
        ("consistency", {"from": 6}, "from: Choose a number from 1 to 5."),
        ("consistency", {"from": 1, "to": 7}, "to: In the box: 5 ballots so far."),
        ("consistency", {"from": 1, "to": "x"}, "to: Enter a whole number."),
    ],
)
def test_a_question_that_cannot_be_answered(
    stranger: Client, box: BallotBox, name: str, query: dict[str, Any], detail: str
) -> None:
    response = stranger.get(url(name, box, **query))
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"] == detail


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("proof", "number=1&siez=5", "Not known here: siez. Known: number, size."),
        ("proof", "number=1&number=2", "Given more than once: number."),
        ("consistency", "from=1&size=5", "Not known here: size. Known: from, to."),
        ("record", "size=5", "Not known here: size. Known: none."),
        ("head", "size=5", "Not known here: size. Known: none."),
    ],
)
def test_a_question_with_more_than_is_read(
    stranger: Client, box: BallotBox, name: str, query: str, words: str
) -> None:
    answer = stranger.get(f"{url(name, box)}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == words


def test_an_empty_box_has_no_proofs(stranger: Client) -> None:
    response = stranger.get(url("proof", open_box(), number=1))
    assert response.status_code == 400


@pytest.mark.parametrize("name", ["record", "head", "proof", "consistency"])
def test_a_date_without_a_lottery(db: None, stranger: Client, name: str) -> None:
    response = stranger.get(reverse(f"ballots:{name}", args=[date(2020, 1, 1)]))
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert (
        response.json()["detail"]
        == "Lottery not found. There is no lottery that closes on 2020-01-01."
    )


# --- How it is served


@pytest.mark.parametrize("path", ["/feed.atom", "/verify_draw.py", "record", "head"])
def test_every_site_may_read_it_and_ask_again(stranger: Client, box: BallotBox, path: str) -> None:
    address = path if path.startswith("/") else url(path, box)
    first = stranger.get(address)
    assert first["Access-Control-Allow-Origin"] == "*"
    again = stranger.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first
    assert "Vary" not in first
    assert stranger.post(address).status_code == 405


def cache_of(client: Client, name: str, box: BallotBox, **query: Any) -> str:
    return str(client.get(url(name, box, **query))["Cache-Control"])


FOR_EVER = "public, max-age=31536000, immutable"
EACH_TIME = "public, no-cache"


def test_what_can_change_is_asked_for_each_time(stranger: Client, box: BallotBox) -> None:
    assert cache_of(stranger, "record", box) == EACH_TIME
    assert cache_of(stranger, "head", box) == EACH_TIME
    assert cache_of(stranger, "proof", box, number=1) == EACH_TIME
    assert cache_of(stranger, "consistency", box, **{"from": 1}) == EACH_TIME


def test_a_question_with_a_size_may_have_another_answer_until_sealing(
    stranger: Client, box: BallotBox
) -> None:
    """The address has a date in it, and another box may stand there one day."""
    assert cache_of(stranger, "proof", box, number=1, size=3) == EACH_TIME
    assert cache_of(stranger, "consistency", box, **{"from": 1, "to": 2}) == EACH_TIME


def test_what_can_never_change_is_kept(stranger: Client, box: BallotBox) -> None:
    """A sealed box takes no ballots, and cannot be withdrawn."""
    draw(box)
    assert cache_of(stranger, "head", box) == FOR_EVER
    assert cache_of(stranger, "proof", box, number=1) == FOR_EVER
    assert cache_of(stranger, "consistency", box, **{"from": 1}) == FOR_EVER


def test_a_record_is_never_final(stranger: Client, alice: User) -> None:
    """Whoever holds a place can be passed over."""
    box = BoxFactory.create()
    submit(box, alice, 2)
    draw(box)
    assert cache_of(stranger, "record", box) == EACH_TIME


def test_another_username_changes_nothing_that_was_drawn(stranger: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 2)
    draw(box)
    before = get(stranger, "record", box)
    assert before["drawn"][0]["username"] == "alice"
    User.objects.update(username="alicia")
    assert get(stranger, "record", box) == before
