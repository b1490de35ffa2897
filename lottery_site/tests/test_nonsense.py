"""Whatever is put into an address, the answer is never an error of ours."""

from urllib.parse import quote

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.shared.numbers import is_plain
from ballots.models import BallotBox, DrawnBallot, Holding
from ballots.tests.factories import BoxFactory, draw, submit

NONSENSE = [
    "\0",
    "'",
    '"><script>',
    "%",
    "\u202e\ud7ff",
    "-1",
    "0",
    "9" * 40,
    "1e9",
    "²",
    "x" * 3000,
    "2020-02-30",
    "9999-12-31",
    "0001-01-01",
    "[]",
    "{}",
    "None",
]
ADMIN = ["q", "p", "o", "e", "all", "state", "box__exact", "closure_date__year", "is_staff__exact"]
PARAMETERS = {
    "ballots:open_lotteries": ["after"],
    "ballots:results": ["date", "before"],
    "ballots:feed": ["page"],
    "ballots:my_ballots": ["before"],
    "accounts:sign_in": ["next"],
    "accounts:register": ["next"],
    "admin_sign_in": ["next"],
    "admin:lotteries_lottery_changelist": ADMIN,
    "admin:lotteries_lottery_add": [
        "name",
        "closure_date",
        "prize",
        "places",
        "_popup",
        "_to_field",
    ],
    "admin:ballots_draw_changelist": ADMIN,
    "admin:ballots_holding_changelist": [*ADMIN, "waits_for", "answer__exact"],
    "admin:accounts_user_changelist": ADMIN,
}


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = BoxFactory.create()
    submit(box, alice)
    return box


@pytest.mark.parametrize(
    ("name", "parameter"), [(name, one) for name, all_ in PARAMETERS.items() for one in all_]
)
def test_in_a_query(
    stranger: Client,
    alices_browser: Client,
    adams_browser: Client,
    box: BallotBox,
    name: str,
    parameter: str,
) -> None:
    for value in NONSENSE:
        for browser in (stranger, alices_browser, adams_browser):
            assert browser.get(reverse(name), {parameter: value}).status_code < 500, value


@pytest.mark.parametrize("parameter", ADMIN)
def test_in_the_list_of_ballots(adams_browser: Client, box: BallotBox, parameter: str) -> None:
    for value in NONSENSE:
        query = {"box__exact": str(box.pk), parameter: value}
        answer = adams_browser.get(reverse("admin:ballots_ballot_changelist"), query)
        assert answer.status_code < 500, value


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("proof", "number"),
        ("proof", "size"),
        ("consistency", "from"),
        ("consistency", "to"),
        ("check", "number"),
    ],
)
def test_in_a_question_to_the_log(
    alices_browser: Client, box: BallotBox, name: str, parameter: str
) -> None:
    for value in NONSENSE:
        url = reverse(f"ballots:{name}", args=[box.lottery.closure_date])
        query = {"proof": {"number": 1}, "consistency": {"from": 1}}.get(name, {})
        assert alices_browser.get(url, query | {parameter: value}).status_code < 500, value


def test_in_my_entry(alices_browser: Client, box: BallotBox) -> None:
    for value in NONSENSE:
        url = reverse("ballots:my_entry", args=[box.lottery.closure_date])
        answer = alices_browser.get(url, {"before": value})
        assert answer.status_code == (200 if is_plain(value) else 404), value


FORMS = {
    "accounts:sign_in": ["username", "password", "next"],
    "accounts:register": ["email", "username", "password", "next"],
    "accounts:reset_password": ["email"],
    "accounts:change_password": ["old_password", "new_password1"],
    "accounts:change_email": ["email", "password"],
    "accounts:change_username": ["username"],
    "accounts:choices": ["is_shown_by_code", "wants_receipts"],
    "accounts:close_account": ["password"],
    "admin:lotteries_lottery_add": ["name", "closure_date"],
    "admin:accounts_user_add": ["email", "username", "password", "is_staff"],
}


@pytest.mark.parametrize("name", FORMS)
def test_in_a_form(
    stranger: Client, alices_browser: Client, adams_browser: Client, name: str
) -> None:
    for value in NONSENSE:
        for browser in (stranger, alices_browser, adams_browser):
            answer = browser.post(reverse(name), dict.fromkeys(FORMS[name], value))
            assert answer.status_code < 500, value


@pytest.mark.parametrize("name", ["hand_over", "pass_over"])
def test_in_what_is_asked_about_a_holder(adams_browser: Client, box: BallotBox, name: str) -> None:
    draw(box)
    address = reverse(f"admin:lotteries_lottery_{name}", args=[box.pk])
    for value in NONSENSE:
        assert adams_browser.get(address, {"number": value}).status_code == 200, value
        form = dict.fromkeys(("number", "ground", "reason"), value)
        assert adams_browser.post(address, form).status_code == 200, value
    assert not DrawnBallot.objects.exclude(passed_over_at=None).exists()
    assert not Holding.objects.exclude(handed_over_at=None).exists()


def test_in_the_address_of_a_row(adams_browser: Client) -> None:
    kind = ContentType.objects.get_for_model(User).pk
    for value in NONSENSE:
        answer = adams_browser.get(f"/admin/r/{kind}/{quote(value)}/")
        assert answer.status_code < 500, value


PATHS = [
    "/lotteries/{}/",
    "/lotteries/{}/check/",
    "/lotteries/{}/record.json",
    "/lotteries/{}/head.json",
    "/lotteries/{}/proof.json",
    "/lotteries/{}/consistency.json",
    "/draw-protocol/{}",
    "/lotteries/{}/calendar.ics",
    "/ballots/{}/claim/",
    "/ballots/{}/decline/",
    "/ballots/{}/receipts.json",
    "/ballots/{}/",
    "/ballots/2020-02-29/{}/",
    "/ballots/2020-02-29/submissions/{}/",
    "/ballots/2020-02-29/submissions/{}/receipts/",
    "/ballots/2020-02-29/submissions/{}/receipts.json",
    "/ballots/2020-02-29/{}/receipt.json",
    "/accounts/reset-password/{0}/{0}/",
    "/accounts/confirm/{}/",
    "/accounts/mails/{}/",
    "/admin/lotteries/lottery/{}/change/",
    "/admin/lotteries/lottery/{}/close/",
    "/admin/lotteries/lottery/{}/places/",
    "/admin/lotteries/lottery/{}/hand-over/",
    "/admin/lotteries/lottery/{}/pass-over/",
    "/admin/lotteries/lottery/{}/ballots.csv",
    "/admin/lotteries/lottery/{}/participants.csv",
    "/admin/lotteries/lottery/{}/delete/",
    "/admin/ballots/ballot/{}/change/",
    "/admin/ballots/draw/{}/change/",
    "/admin/ballots/holding/{}/change/",
    "/admin/ballots/holding/{}/history/",
    "/admin/accounts/user/{}/change/",
    "/admin/{}/",
]


@pytest.mark.parametrize("path", PATHS)
def test_in_a_path(
    stranger: Client, alices_browser: Client, adams_browser: Client, box: BallotBox, path: str
) -> None:
    for value in NONSENSE:
        for browser in (stranger, alices_browser, adams_browser):
            assert browser.get(path.format(value)).status_code < 500, value
