from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD

SIGN_IN, REGISTER = reverse("accounts:sign_in"), reverse("accounts:register")
SIGN_OUT, ACCOUNT = reverse("accounts:sign_out"), reverse("accounts:account")
ADMIN_SIGN_OUT = reverse("admin:logout")
ALICE = {"username": "alice@example.org", "password": PASSWORD}
REFUSAL = "don&#x27;t belong together"


def is_signed_in(browser: Client) -> bool:
    return browser.get(ACCOUNT).status_code == HTTPStatus.OK


@pytest.mark.parametrize("email", ["alice@example.org", "Alice@EXAMPLE.org", " alice@example.org "])
def test_it_takes_the_address_in_any_case(stranger: Client, alice: User, email: str) -> None:
    answer = stranger.post(SIGN_IN, ALICE | {"username": email})
    assert answer.headers["Location"] == reverse("ballots:home")
    assert is_signed_in(stranger)


def test_unknown_wrong_and_closed_look_the_same(stranger: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    wrong = stranger.post(SIGN_IN, ALICE | {"password": "wrong"})
    unknown = stranger.post(SIGN_IN, ALICE | {"username": "nobody@example.org"})
    closed = stranger.post(SIGN_IN, ALICE | {"username": bob.email})
    for answer in (wrong, unknown, closed):
        assert answer.status_code == HTTPStatus.OK
        assert REFUSAL in answer.content.decode()
    assert not is_signed_in(stranger)


LEADING_AWAY = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "///evil.example.org",
    "/\\evil.example.org",
    "javascript:alert(1)",
    "http:evil.example.org",
    "\thttps://evil.example.org",
]


@pytest.mark.parametrize("next_page", LEADING_AWAY)
def test_next_never_leaves_the_site(stranger: Client, alice: User, next_page: str) -> None:
    answer = stranger.post(SIGN_IN, ALICE | {"next": next_page})
    assert answer.headers["Location"] == reverse("ballots:home")
    again = stranger.get(SIGN_IN, {"next": next_page})
    assert again.headers["Location"] == reverse("ballots:home")


@pytest.mark.parametrize("next_page", LEADING_AWAY)
def test_next_never_leaves_the_site_after_registering(stranger: Client, next_page: str) -> None:
    assert "evil" not in stranger.get(REGISTER, {"next": next_page}).content.decode()
    form = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}
    answer = stranger.post(REGISTER, form | {"next": next_page})
    assert answer.headers["Location"] == reverse("ballots:home")
    assert User.objects.exists()


def test_it_comes_back_to_where_the_visitor_was(stranger: Client, alice: User) -> None:
    page = stranger.get(SIGN_IN, {"next": "/lotteries/"}).content.decode()
    assert f"{REGISTER}?next=/lotteries/" in page
    wrong = stranger.post(SIGN_IN, ALICE | {"next": "/lotteries/", "password": "wrong"})
    assert 'name="next" value="/lotteries/"' in wrong.content.decode()
    answer = stranger.post(SIGN_IN, ALICE | {"next": "/lotteries/"})
    assert answer.headers["Location"] == "/lotteries/"


def test_signing_out_takes_a_post(alices_browser: Client) -> None:
    assert alices_browser.get(SIGN_OUT).headers["Location"] == ACCOUNT
    assert alices_browser.head(SIGN_OUT).headers["Location"] == ACCOUNT
    assert is_signed_in(alices_browser)
    assert alices_browser.post(SIGN_OUT).headers["Location"] == reverse("ballots:home")
    assert not is_signed_in(alices_browser)


def test_a_link_to_signing_out_leads_a_stranger_home(stranger: Client) -> None:
    assert stranger.get(SIGN_OUT).headers["Location"] == reverse("ballots:home")


def test_an_admin_signs_out_at_the_same_door(adams_browser: Client) -> None:
    assert adams_browser.get(ADMIN_SIGN_OUT).headers["Location"] == ACCOUNT
    assert adams_browser.post(ADMIN_SIGN_OUT).headers["Location"] == reverse("ballots:home")
    assert not is_signed_in(adams_browser)


@pytest.mark.parametrize("door", [SIGN_IN, REGISTER])
def test_whoever_is_signed_in_already_goes_on(alices_browser: Client, door: str) -> None:
    for answer in (
        alices_browser.get(door, {"next": "/results/"}),
        alices_browser.post(door, ALICE | {"next": "/results/"}),
    ):
        assert answer.headers["Location"] == "/results/"


@pytest.mark.parametrize("door", [SIGN_IN, REGISTER])
def test_a_form_older_than_the_sign_in_of_another_tab_goes_on(alice: User, door: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(door, ALICE | {"next": "/results/", "csrfmiddlewaretoken": "x" * 64})
    assert browser.get(answer.headers["Location"]).headers["Location"] == "/results/"


def test_an_expired_sign_in_keeps_where_it_leads(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(SIGN_IN, ALICE | {"next": "/results/"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert f'href="{SIGN_IN}?next=%2Fresults%2F"' in answer.content.decode()


@pytest.mark.parametrize("door", [SIGN_IN, REGISTER])
@pytest.mark.parametrize("next_page", [SIGN_IN, REGISTER, SIGN_OUT, f"{SIGN_IN}?next=/results/"])
def test_next_is_no_door_again(alices_browser: Client, door: str, next_page: str) -> None:
    answer = alices_browser.get(door, {"next": next_page})
    assert answer.headers["Location"] == reverse("ballots:home")


@pytest.mark.parametrize("path", ["/results/", "/lotteries/?after=2020-06-01", "/fairness/"])
def test_every_page_leads_to_sign_in_and_back(stranger: Client, path: str) -> None:
    page = stranger.get(path).content.decode()
    for door in (SIGN_IN, REGISTER):
        assert f'href="{door}?next={quote(path)}"' in page


def test_its_own_links_keep_where_it_leads(stranger: Client) -> None:
    page = stranger.get(SIGN_IN, {"next": "/results/"}).content.decode()
    assert page.count(f'href="{REGISTER}?next=/results/"') == 2  # navigation and text
    assert "evil" not in stranger.get(SIGN_IN, {"next": "//evil.example.org"}).content.decode()


def test_a_closed_account_is_signed_out(alices_browser: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_signed_in(alices_browser)


def test_admins_sign_in_at_the_same_door(stranger: Client, adam: User) -> None:
    answer = stranger.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{SIGN_IN}?next=/admin/"
    form = {"username": adam.email, "password": PASSWORD, "next": "/admin/"}
    assert stranger.post(SIGN_IN, form).headers["Location"] == "/admin/"
    assert stranger.get("/admin/").status_code == HTTPStatus.OK


def test_a_participant_at_the_admins_door_is_told_so(alices_browser: Client) -> None:
    answer = alices_browser.get("/admin/", follow=True)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Your account may not do this" in answer.content.decode()


def test_the_account_page_shows_the_participant_code(alices_browser: Client, alice: User) -> None:
    page = alices_browser.get(ACCOUNT).content.decode()
    for shown in (alice.email, alice.username, str(alice.participant)):
        assert shown in page


def test_an_admins_account_page_leads_to_the_admin(adams_browser: Client) -> None:
    assert "Go to the admin" in adams_browser.get(ACCOUNT).content.decode()
