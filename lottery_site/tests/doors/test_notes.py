"""A public note is added alike at every door, and nowhere changed."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.tests.asking import ask
from ballots.models import BallotBox
from ballots.tests.factories import day, open_box
from conftest import browser_of
from lotteries.models import Note
from lottery_site.tests.doors.outcomes import words_of
from lottery_site.tests.doors.ways import run

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Way = Callable[[BallotBox, str], str]


def admin_page(adam: User) -> Way:
    def add(box: BallotBox, text: str) -> str:
        url = reverse("admin:lotteries_lottery_add_note", args=[box.pk])
        return words_of(browser_of(adam).post(url, {"text": text}, follow=True))

    return add


def api(adam: User) -> Way:
    def add(box: BallotBox, text: str) -> str:
        return words_of(ask("POST", f"/lotteries/{day(box)}/notes", adam, body={"text": text}))

    return add


def command(adam: User) -> Way:
    def add(box: BallotBox, text: str) -> str:
        try:
            return run("add_note", f"--date={day(box)}", f"--text={text}")
        except CommandError as error:
            return str(error)

    return add


@pytest.fixture(params=[admin_page, api, command])
def add(request: pytest.FixtureRequest, adam: User) -> Way:
    way: Way = request.param(adam)
    return way


@pytest.fixture
def box(db: None) -> BallotBox:
    return open_box(prize="A bicycle")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("The bicycle is blue.", "The bicycle is blue."),
        ("  one\r\ntwo\t3 \n", "one\ntwo 3"),
        ("E\u0301e\u0301n", "Één"),
        ("x" * 2000, "x" * 2000),
    ],
)
def test_it_is_public_at_once_and_written_down(
    add: Way, box: BallotBox, stranger: Client, typed: str, kept: str
) -> None:
    said = add(box, typed)
    note = box.lottery.notes.get()
    assert note.text == kept, said
    url = reverse("ballots:lottery", args=[box.lottery.closure_date])
    page = stranger.get(url).content.decode()
    assert kept.replace("\n", "<br>") in page
    assert f"{note.noted_at:%H:%M}" in page
    assert "change nothing that was promised" in page
    entry = AuditEntry.objects.get(verb="note")
    assert (entry.name, entry.new) == (str(box.lottery), {"text": kept})


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Write the note."),
        (" \n\t", "Write the note."),
        ("x" * 2001, "at most 2000 characters (it has 2001)"),
        ("a\x07b", "Leave out U+0007"),
        ("right \u202eto left", "Leave out U+202E"),
    ],
)
def test_what_is_no_note(add: Way, box: BallotBox, typed: str, message: str) -> None:
    assert message in add(box, typed)
    assert not Note.objects.exists()
    assert not AuditEntry.objects.filter(verb="note").exists()


def test_the_same_note_twice_is_one(add: Way, box: BallotBox) -> None:
    add(box, "The bicycle is blue.")
    assert "This note is there already." in add(box, " The  bicycle is blue.")
    assert Note.objects.count() == 1


def test_a_note_for_a_lottery_that_is_not_there(adam: User) -> None:
    body = {"text": "The bicycle is blue."}
    assert "not found" in words_of(ask("POST", "/lotteries/2099-01-01/notes", adam, body=body))
    with pytest.raises(CommandError, match="not found"):
        run("add_note", "--date=2099-01-01", "--text=The bicycle is blue.")


def test_the_api_lists_the_notes_of_each_lottery(adam: User, box: BallotBox) -> None:
    made = ask("POST", f"/lotteries/{day(box)}/notes", adam, body={"text": "One"})
    assert made.status_code == 201
    ask("POST", f"/lotteries/{day(box)}/notes", adam, body={"text": "Two"})
    notes = ask("GET", f"/lotteries/{day(box)}").json()["notes"]
    assert [note["text"] for note in notes] == ["One", "Two"]
    assert notes[0] == made.json()
    assert ask("GET", "/lotteries").json()[0]["notes"] == notes


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_note_is_changed(adam: User, box: BallotBox, method: str) -> None:
    ask("POST", f"/lotteries/{day(box)}/notes", adam, body={"text": "One"})
    assert ask(method, f"/lotteries/{day(box)}/notes", adam, body={"text": "x"}).status_code == 405
    assert Note.objects.get().text == "One"


def test_only_admins_add_notes(alice: User, box: BallotBox) -> None:
    body = {"text": "One"}
    assert ask("POST", f"/lotteries/{day(box)}/notes", body=body).status_code == 401
    assert ask("POST", f"/lotteries/{day(box)}/notes", alice, body=body).status_code == 403
    assert not Note.objects.exists()
