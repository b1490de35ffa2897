"""What is kept of public answers is what a fresh one says, whatever has happened in between."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.claiming import claim, decline
from ballots.day_after import hand_over
from ballots.life import close_lottery, withdraw_lottery
from ballots.models import (
    BallotBox,
    Draw,
    DrawnBallot,
    Holding,
    Submission,
)
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, submit
from ballots.tests.winning import WORDS, holder, page
from lotteries.models import Lottery
from lotteries.noting import append_note
from lottery_site.tests.answering import Process

pytestmark = pytest.mark.django_db(transaction=True)

OF_A_LOTTERY = ["lottery", "record", "head", "lottery_calendar"]
OF_ALL = ["home", "open_lotteries", "results", "feed", "calendar", "fairness"]
OF_THE_API = ["", "/winner", "/head"]
LISTS = ["/api/lotteries", "/api/lotteries?state=all&limit=2", "/api/results"]


def addresses(*boxes: BallotBox) -> Iterator[str]:
    yield from (reverse(f"ballots:{name}") for name in OF_ALL)
    yield from LISTS
    for box in boxes:
        date = box.lottery.closure_date
        yield from (reverse(f"ballots:{name}", args=[date]) for name in OF_A_LOTTERY)
        yield from (f"/api/lotteries/{date}{end}" for end in OF_THE_API)


def read(process: Process, address: str) -> tuple[int, dict[str, str], str]:
    """The answer without the moment at which it was sent."""
    answer = process.get(address)
    text = re.sub(r'data-countdown="\d{10}"', "", answer.content.decode())
    return answer.status_code, dict(answer.headers), text


class Story:
    """Lotteries to which something happens, watched by somebody who has seen every page before."""

    def __init__(self) -> None:
        self.people = [UserFactory.create() for _ in range(4)]
        self.box = open_box(claim_days=7, prize="A bicycle")
        self.other = open_box(days=2)
        self.third = open_box(days=4)
        self.old = BoxFactory.create(places=2)
        for person in self.people:
            submit(self.old, person, 3)
        draw(self.old)
        self.process = Process()
        self.addresses = list(addresses(self.box, self.old))
        self.look()

    def look(self) -> None:
        """At all pages, in their editions of now."""
        for address in self.addresses:
            read(self.process, address)

    def check(self) -> None:
        """All that the process answers now is what one says that has kept nothing."""
        for address in self.addresses:
            assert read(self.process, address) == read(Process(), address), address


@pytest.fixture
def story(db: None) -> Story:
    return Story()


def submit_one(story: Story) -> None:
    submit(story.box, story.people[0], at=datetime.now(UTC))


def submit_to_another(story: Story) -> None:
    submit(story.other, story.people[1], 5, at=datetime.now(UTC))


def close_early(story: Story) -> None:
    close_lottery(story.box.lottery, early=True)


def change_names(story: Story) -> None:
    for person in story.people:
        User.objects.filter(pk=person.pk).update(username=f"x{person.username}")


def pass_over_the_winner(story: Story) -> None:
    pass_over(story.old.lottery, number=holder(story.old).number)


def hand_over_to_the_winner(story: Story) -> None:
    hand_over(story.old.lottery, number=holder(story.old).number)


def claim_a_place(story: Story) -> None:
    claim(story.old.lottery, holder(story.old).participant, **WORDS)


def decline_a_place(story: Story) -> None:
    decline(story.old.lottery, holder(story.old, 2).participant)


def restore(story: Story) -> None:
    """To what it was, with another name in between that nobody saw."""
    name = story.box.lottery.name
    for each in ("other", name):
        Lottery.objects.filter(pk=story.box.pk).update(name=each)


def tell_a_note(story: Story) -> None:
    append_note(story.box.lottery, "The blue one.")


def open_another(story: Story) -> None:
    open_box(days=3)


def withdraw(story: Story) -> None:
    withdraw_lottery(story.third.lottery)


def update(model: Any, **values: Any) -> Callable[[Story], None]:
    def run(story: Story) -> None:
        model.objects.update(**values)

    return run


MOMENT = datetime(2020, 2, 29, 13, tzinfo=UTC)
ACTS: dict[str, Callable[[Story], Any]] = {
    "submit": submit_one,
    "submit to another": submit_to_another,
    "note": tell_a_note,
    "open": open_another,
    "pass over": pass_over_the_winner,
    "claim": claim_a_place,
    "decline": decline_a_place,
    "hand over": hand_over_to_the_winner,
    "change usernames": change_names,
    "restore": restore,
    "name": update(Lottery, name="<b>other</b>"),
    "username": update(DrawnBallot, username="somebody"),
    "submitted": update(Submission, submitted_at=MOMENT),
    "not handed over": update(Holding, handed_over_at=None),
    "drawn": update(Draw, drawn_at=MOMENT),
    "close early": close_early,
    "withdraw": withdraw,
    "closing times": update(Lottery, closes_at=datetime(2100, 1, 1, tzinfo=UTC)),
    "log": update(BallotBox, peaks=b"x"),
    "seal": update(BallotBox, sealed_at=MOMENT),
}


def test_nobody_is_shown_what_was(story: Story, subtests: pytest.Subtests) -> None:
    """One after the other: what each changes, and what those before it have changed."""
    for name, act in ACTS.items():
        with subtests.test(name):
            act(story)
            story.check()


def test_nothing_is_rendered_where_nothing_has_happened(story: Story) -> None:
    for address in story.addresses:
        status, _, before = read(story.process, address)
        with CaptureQueriesContext(connection) as queries:
            assert read(story.process, address)[2] == before
        if status == 200:
            assert (address, len(queries)) == (address, 1)


def count_renderings(story: Story, of: list[str]) -> int:
    """How many of these answers are made anew."""
    with CaptureQueriesContext(connection) as queries:
        for address in of:
            read(story.process, address)
    return sum("ballots_edition" not in query["sql"] for query in queries)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite notices each change of a box")
def test_a_submission_changes_no_page_that_does_not_count_it(story: Story) -> None:
    submit_one(story)
    still = [reverse("ballots:home"), reverse("ballots:results"), reverse("ballots:feed"), *LISTS]
    assert count_renderings(story, [*still, page(story.old, "lottery")]) == 0
    assert count_renderings(story, [page(story.box, "lottery")]) > 0


def test_what_is_taken_back_changes_nothing(story: Story) -> None:
    with transaction.atomic():
        append_note(story.box.lottery, "The blue one.")
        transaction.set_rollback(True)
    assert count_renderings(story, [page(story.box, "lottery")]) == 0
    story.check()


def test_nothing_is_kept_of_a_transaction(story: Story) -> None:
    """What is shown in it may be taken back, and then be shown to others."""
    browser, address = Client(), page(story.box, "lottery")
    with transaction.atomic():
        append_note(story.box.lottery, "The blue one.")
        assert "The blue one." in browser.get(address).content.decode()
        transaction.set_rollback(True)
    assert "The blue one." not in browser.get(address).content.decode()
