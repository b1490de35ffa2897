"""The same texts through page, API, admin and command give the same accounts."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.doors import DOORS, make
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("accounts:sign_in")
MUNICH = "nfdx@xn--mnchen-test-thb.de"
SPELLINGS = [
    "nfdx@mu\u0308nchen-test.de",
    "nfdx@m\u00fcnchen-test.de",
    "nfdx@ｍüｎｃｈｅｎ-ｔｅｓｔ.de",
    "NFDX@MÜNCHEN-TEST.DE",
    f"  {MUNICH}  ",
]


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Carol   Smith ", "Carol Smith"),
        ("ｃａｒｏｌ", "carol"),
        ("e\u0301mile", "émile"),
        ("é" * 50, "é" * 50),
        ("e\u0301" * 50, "é" * 50),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
        ("അവന്\u200d", "അവന്\u200d"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("שלום", "שלום"),
        ("محمد", "محمد"),
        ("㎏㎏", "kgkg"),
        ("ﷺ", "صلى الله عليه وسلم"),
    ],
)
def test_a_username_is_kept_in_one_form(door: str, typed: str, kept: str) -> None:
    user, said = make(door, username=typed)
    assert user, said
    assert user.username == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("\u0301\u0301\u0301", "Start with a character that can be seen"),
        ("\u3164\u3164\u3164", "Leave out U+1160"),
        ("\u2800\u2800\u2800", "Leave out U+2800"),
        ("ca\u034frol", "Leave out U+034F"),
        ("ca\u200drol", "Leave out U+200D"),
        ("ca\u202erol", "Leave out U+202E"),
        ("ca\nrol", "Leave out U+000A"),
        ("ca\u2028rol", "Leave out U+2028"),
        ("ca", "A username has 3 to 50 characters: use at least 3 characters (it has 2)."),
        ("e\u0301e\u0301", "use at least 3 characters (it has 2)."),
        ("c" * 51, "A username has 3 to 50 characters: use at most 50 characters (it has 51)."),
        ("ﷺ" * 5, "A username has 3 to 50 characters: use at most 50 characters (it has 90)."),
        ("x" + "\u0301\u0327" * 30, "A username has 3 to 50 characters"),
        ("x" * 990, "A username has 3 to 50 characters"),
    ],
)
def test_a_username_is_refused_in_the_same_words(door: str, typed: str, message: str) -> None:
    user, said = make(door, username=typed)
    assert user is None
    assert message in said
    assert "onstraint" not in said


@pytest.mark.parametrize("typed", ["", "   ", "\u2003", "\u3000\xa0"])
def test_a_name_of_spaces_is_none(door: str, typed: str) -> None:
    assert make(door, username=typed)[0] is None


@pytest.mark.parametrize(
    "typed", ["AIICE", "ALICE", " аlice ", "Alіce", "aIice", "ａｌｉｃｅ", "a1ice", "alıce"]
)
def test_a_lookalike_of_a_username_is_taken(door: str, alice: User, typed: str) -> None:
    user, said = make(door, username=typed)
    if typed == "AIICE":  # in capitals, an I and an L look different
        assert user
    else:
        assert user is None
        assert "This username already exists" in said


@pytest.mark.parametrize("typed", SPELLINGS)
def test_an_address_has_one_account_in_every_spelling(door: str, typed: str) -> None:
    user, said = make(door, email=typed)
    assert user, said
    assert user.email == MUNICH
    for again in SPELLINGS:
        assert make(door, email=again, username="another name")[0] is None


@pytest.mark.parametrize(
    "typed",
    [
        "a@exam\u200bple.org",
        "a@exam\u00adple.org",
        "a@example.org.",
        "a@ü.org.",
        "a@xn--a.org",
        "a@💩.la",
        "é@example.org",
        "a@" + "ü" * 64 + ".org",
        "nonsense",
        "@ü.org",
        "a@",
    ],
)
def test_an_address_that_is_none_is_refused_kindly(door: str, typed: str) -> None:
    user, said = make(door, email=typed)
    assert user is None
    assert said


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_of_the_address_signs_in(typed: str) -> None:
    user = UserFactory.create(username="carol", email="nfdx@münchen-test.de")
    browser = Client()
    browser.post(SIGN_IN, {"username": typed, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(user.pk)
    form = {"username": typed, "password": PASSWORD}
    assert Client().post("/api/auth/login", form).status_code == 200


def test_an_address_that_is_none_signs_nobody_in(alice: User) -> None:
    form = {"username": "alice@exam\u200bple.org", "password": PASSWORD}
    assert "Leave out U+200B" in Client().post(SIGN_IN, form).content.decode()
    answer = Client().post("/api/auth/login", form)
    assert answer.status_code == 422
    assert "Leave out U+200B" in answer.json()["detail"]


COMPOSED, DECOMPOSED = "Caf\u00e9 au lait!", "Cafe\u0301 au lait!"


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        (COMPOSED, DECOMPOSED),
        (DECOMPOSED, COMPOSED),
        ("blue suede shoes", "ｂｌｕｅ　ｓｕｅｄｅ　ｓｈｏｅｓ"),
        ("\ufb01ve ohms \u2126", "five ohms \u03a9"),
    ],
)
def test_a_password_is_the_same_however_it_is_typed(door: str, chosen: str, typed: str) -> None:
    user, said = make(door, email="carol@example.org", password=chosen)
    assert user, said
    form = {"username": user.email, "password": typed}
    assert Client().post(SIGN_IN, form).status_code == 302
    assert Client().post("/api/auth/login", form).status_code == 200


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("e\u0301a\u0300o\u0302u\u0308", "too short"),
        ("ｐａｓｓｗｏｒｄ", "too common"),
        ("①②③④⑤⑥⑦⑧", "entirely numeric"),
        ("x y" * 400, "at most 1000 characters"),
        ("e\u0301\u0327" * 400, "at most 1000 characters"),
    ],
)
def test_a_password_is_judged_as_it_is_hashed(door: str, password: str, message: str) -> None:
    user, said = make(door, password=password)
    assert user is None
    assert message in said


def test_a_changed_password_is_the_same_however_it_is_typed(
    alices_browser: Client, alice: User
) -> None:
    form = {"old_password": PASSWORD, "new_password1": DECOMPOSED}
    form["new_password2"] = DECOMPOSED
    alices_browser.post(reverse("accounts:change_password"), form)
    alice.refresh_from_db()
    assert alice.check_password(COMPOSED)
    body = {"old_password": DECOMPOSED, "new_password": f"{DECOMPOSED} {DECOMPOSED}"}
    assert ask("POST", "/user/password", alice, body=body).status_code == 204
    alice.refresh_from_db()
    assert alice.check_password(f"{COMPOSED} {COMPOSED}")


def test_a_very_long_password_is_wrong_and_no_more(alice: User) -> None:
    form = {"username": alice.email, "password": "e\u0301\u0327" * 100_000}
    assert Client().post(SIGN_IN, form).status_code == 200
    assert Client().post("/api/auth/login", form).status_code == 422


def test_a_superuser_is_refused_in_words(alice: User) -> None:
    with pytest.raises(CommandError, match="This username already exists"):
        call_command("createsuperuser", "--noinput", "--email=e@example.org", "--username=аlice")


@pytest.mark.parametrize("query", ["ÉMI", "e\u0301mi", "nfdx@mu\u0308nchen-test.de", "NFDX"])
def test_the_admin_finds_every_spelling(adams_browser: Client, query: str) -> None:
    user = UserFactory.create(username="émile", email="nfdx@münchen-test.de")
    answer = adams_browser.get(reverse("admin:accounts_user_changelist"), {"q": query})
    assert list(answer.context["cl"].result_list) == [user]


def test_create_admin_knows_its_admin_in_every_spelling(settings: Settings) -> None:
    for typed in SPELLINGS:
        settings.LOTTERY_ADMIN_PASSWORD = PASSWORD
        DOORS["command"](email=typed, username="adam", password=PASSWORD)
    assert User.objects.get().email == MUNICH
