"""Each act of an admin is written down once, whatever the door, and never changed."""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry, EntriesAreKept
from accounts.audit.writing import operator, write_entry
from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.csv_files import read_csv
from accounts.tests.factories import PASSWORD
from ballots.life import open_lottery
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from lotteries.models import Lottery

LIST = reverse("admin:accounts_auditentry_changelist")
EXPORT = reverse("admin:accounts_auditentry_export")


def read_log() -> list[tuple[str, str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("who", "door", "verb", "name"))


def by_admin_pages(browser: Client, day: str) -> None:
    numbers = {"places": 1, "ballots_each": 0, "claim_days": 0}
    form = {"name": "the one", "closure_date": day} | numbers
    browser.post(reverse("admin:lotteries_lottery_add"), form)
    box = BallotBox.objects.get()
    browser.post(reverse("admin:lotteries_lottery_close", args=[box.pk]))


def by_api(admin: User, day: str) -> None:
    ask("POST", "/lotteries", admin, body={"closure_date": day, "name": "the one"})
    ask("POST", f"/lotteries/close_and_draw?lottery_date={day}", admin)


def test_the_admin_pages_write_who_what_and_from_where(adams_browser: Client, adam: User) -> None:
    day = str(timezone.localdate())
    by_admin_pages(adams_browser, day)
    entries = AuditEntry.objects.order_by("id")
    assert [(each.verb, each.door, each.who) for each in entries] == [
        ("open", "admin", "adam"),
        ("close", "admin", "adam"),
    ]
    opened, closed = entries
    assert opened.participant == adam.pk
    assert opened.address == "127.0.0.1"
    assert opened.old == {}
    assert opened.new["closure_date"] == day
    assert opened.new["name"] == "the one"
    assert closed.new == {"closed early": True, "places": {}}


def test_the_api_writes_its_own(adam: User) -> None:
    day = str(timezone.localdate())
    by_api(adam, day)
    assert [each[:3] for each in read_log()] == [
        ("adam", "API", "open"),
        ("adam", "API", "close"),
    ]
    by_api(adam, day)  # refused: taken, and closed already
    assert AuditEntry.objects.count() == 2


def test_commands_write_theirs(db: None) -> None:
    call_command("plan_lotteries", "--days", "1", verbosity=0)
    day = str(timezone.localdate())
    call_command("close_lotteries", "--date", day, "--early", verbosity=0)
    call_command("create_admin", "--username", "eve", "--email", "eve@example.org", verbosity=0)
    entries = AuditEntry.objects.order_by("id")
    assert [each.verb for each in entries] == ["open", "close", "register"]
    for entry in entries:
        assert entry.door == "command"
        assert entry.participant is None
        assert entry.who == operator().name
    assert entries[2].new == {
        "email": "eve@example.org",
        "username": "eve",
        "is_staff": True,
        "is_active": True,
    }


def test_withdrawing_and_passing_over_are_written(adam: User, alice: User, bob: User) -> None:
    box = open_box()
    day = box.lottery.closure_date
    assert ask("DELETE", f"/lotteries/{day}", adam).status_code == HTTPStatus.NO_CONTENT
    box = open_box()
    submit(box, alice)
    submit(box, bob)
    ask("POST", f"/lotteries/close_and_draw?lottery_date={day}", adam)
    number = BallotBox.objects.get().draw.holders[-1].number
    body = {"number": number, "ground": "ineligible", "reason": "She works here."}
    ask("POST", f"/lotteries/pass_over?lottery_date={day}", adam, body=body)
    entries = {each.verb: each for each in AuditEntry.objects.all()}
    assert set(entries) == {"withdraw", "close", "pass over"}
    assert entries["withdraw"].old["closure_date"] == str(day)
    assert entries["pass over"].old == {"place": 1, "ballot": number}
    new = entries["pass over"].new
    assert new == {
        "place": 1,
        "ballot": 3 - number,
        "ground": "ineligible",
        "reason": "Not eligible: She works here.",
    }


def test_handing_over_is_written(adam: User, alice: User) -> None:
    box = BoxFactory.create(places=2)
    submit(box, alice)
    draw(box)
    path = f"/lotteries/hand_over?lottery_date={box.lottery.closure_date}"
    for _ in range(2):
        ask("POST", path, adam, body={"number": 1})
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.door, entry.verb, entry.name) == (
        "adam",
        "API",
        "hand over",
        str(box.lottery),
    )
    assert entry.new == {"place": 1, "ballot": 1}


def test_what_is_refused_is_not_written(adam: User, alice: User) -> None:
    box = open_box()
    submit(box, alice)
    ask("DELETE", f"/lotteries/{box.lottery.closure_date}", adam)
    assert not AuditEntry.objects.exists()


def test_a_line_goes_with_an_act_that_fails(adam: User) -> None:
    with transaction.atomic():
        open_lottery(Lottery(closure_date=timezone.localdate()), by=operator())
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    assert not Lottery.objects.exists()


def test_nothing_secret_is_written(adams_browser: Client, adam: User) -> None:
    by_admin_pages(adams_browser, str(timezone.localdate()))
    form = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}
    adams_browser.post(reverse("admin:accounts_user_add"), form)
    lottery, carol = Lottery.objects.get(), User.objects.get(username="carol")
    text = str(list(AuditEntry.objects.values_list()))
    assert "carol@example.org" in text
    for secret in (PASSWORD, carol.password, lottery.seed):
        assert secret not in text


# --- For good


@pytest.fixture
def entry(alice: User) -> AuditEntry:
    write_entry(operator(), "change", alice, old={"email": "old"}, new={"email": "=HYPERLINK()"})
    return AuditEntry.objects.get()


def test_the_program_changes_and_deletes_none(entry: AuditEntry) -> None:
    entry.who = "nobody"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(who="nobody"),
    ):
        with pytest.raises(EntriesAreKept):
            change()


def test_nor_does_the_database(entry: AuditEntry) -> None:
    statements = ["UPDATE accounts_auditentry SET who = 'nobody'"]
    if connection.vendor == "postgresql":
        statements.append("DELETE FROM accounts_auditentry")
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="acts of admins are kept"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# --- To read


def test_admins_read_and_search_it(
    adams_browser: Client, roots_browser: Client, entry: AuditEntry
) -> None:
    for browser in (adams_browser, roots_browser):
        page = browser.get(LIST, {"q": "alice"}).content.decode()
        assert "email: old → =HYPERLINK()" in page
        assert EXPORT in page
        assert "email: old" not in browser.get(LIST, {"q": "bob"}).content.decode()
        assert "email: old" in browser.get(LIST, {"at__year": entry.at.year}).content.decode()
    one = reverse("admin:accounts_auditentry_change", args=[entry.pk])
    assert 'type="submit" value="Save' not in adams_browser.get(one).content.decode()


def test_it_is_exported_as_the_list_shows_it(adams_browser: Client, entry: AuditEntry) -> None:
    (row,) = read_csv(adams_browser.get(EXPORT, {"q": "alice"}))
    assert row["new"] == '{"email": "=HYPERLINK()"}'
    assert read_csv(adams_browser.get(EXPORT, {"q": "bob"})) == []


def test_who_exports_it_is_in_it(adams_browser: Client, entry: AuditEntry) -> None:
    _, row = sorted(read_csv(adams_browser.get(EXPORT)), key=lambda row: row["at"])
    assert (row["who"], row["verb"], row["name"]) == ("adam", "export", "all acts of admins")


@pytest.mark.parametrize("address", [LIST, EXPORT])
def test_participants_read_nothing(alices_browser: Client, address: str) -> None:
    assert alices_browser.get(address).status_code == HTTPStatus.FOUND


# --- No door forgets

VERBS = {
    "open_lottery",
    "plan_lotteries",
    "withdraw_lottery",
    "close_lottery",
    "draw_lottery",
    "draw_from_relays",
    "pass_over",
    "hand_over",
    "change_account",
    "delete_account",
    "set_role",
}
DOORS = ["admin", "admin.py", "views", "views.py", "api", "management"]


def calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node


def test_every_door_says_who_acts() -> None:
    found = set()
    for app in ("accounts", "ballots"):
        for door in DOORS:
            place = settings.BASE_DIR / app / door
            for file in [place] if place.is_file() else place.rglob("*.py"):
                for call in calls(file):
                    name = call.func.id if isinstance(call.func, ast.Name) else ""
                    if name in VERBS:
                        found.add(name)
                        assert "by" in {each.arg for each in call.keywords}, f"{file}: {name}"
    assert found == VERBS - {"set_role"}
