"""The form on a lottery's page."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD
from ballots.life import close_lottery
from ballots.models import Ballot, BallotBox, Submission
from ballots.tests.factories import BoxFactory, open_box, submit


@pytest.fixture
def box(db: None) -> BallotBox:
    return open_box()


def url(box: BallotBox) -> str:
    return reverse("ballots:submit_ballots", args=[box.lottery.closure_date])


def page_url(box: BallotBox) -> str:
    return reverse("ballots:lottery", args=[box.lottery.closure_date])


def post(browser: Client, box: BallotBox, **data: Any) -> Any:
    return browser.post(url(box), {"quantity": 1, "token": str(uuid4())} | data)


def test_it_works(alices_browser: Client, box: BallotBox, alice: User) -> None:
    answer = post(alices_browser, box, quantity=3)
    submission = Submission.objects.get()
    assert (submission.participant, submission.quantity) == (alice, 3)
    assert answer.headers["Location"] == reverse(
        "ballots:submission", args=[box.lottery.closure_date, 1]
    )


def test_it_shows_the_numbers_at_once(alices_browser: Client, box: BallotBox) -> None:
    page = alices_browser.post(url(box), {"quantity": 3, "token": str(uuid4())}, follow=True)
    assert "3 ballots in the box" in page.content.decode()
    for number in (1, 2, 3):
        receipt = reverse("ballots:receipt", args=[box.lottery.closure_date, number])
        assert f'href="{receipt}"' in page.content.decode()


def test_the_form_of_the_page_can_be_sent(alices_browser: Client, box: BallotBox) -> None:
    form = alices_browser.get(page_url(box)).context["form"]
    post(alices_browser, box, quantity=form["quantity"].value(), token=str(form["token"].value()))
    assert Ballot.objects.count() == 1


def test_each_page_has_a_token_of_its_own(alices_browser: Client, box: BallotBox) -> None:
    forms = [alices_browser.get(page_url(box)).context["form"] for _ in range(2)]
    assert forms[0]["token"].value() != forms[1]["token"].value()


def test_a_repeated_form_returns_the_first_ballots(alices_browser: Client, box: BallotBox) -> None:
    token = str(uuid4())
    first = post(alices_browser, box, quantity=2, token=token)
    again = alices_browser.post(url(box), {"quantity": 2, "token": token}, follow=True)
    assert again.redirect_chain[0][0] == first.headers["Location"]
    assert "no new ones were made" in again.content.decode()
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize("odd", ["1_0", "٣", "+3", "3.0", "1e1", "0x3", "1 0"])
def test_a_number_that_could_be_misread_is_refused(
    alices_browser: Client, box: BallotBox, odd: str
) -> None:
    answer = post(alices_browser, box, quantity=odd)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a number of ballots from 1 to" in answer.content.decode()
    assert not Ballot.objects.exists()


def test_a_repeated_form_with_another_quantity_asks_again(
    alices_browser: Client, box: BallotBox
) -> None:
    token = str(uuid4())
    first = post(alices_browser, box, quantity=1, token=token)
    answer = post(alices_browser, box, quantity=5, token=token)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert f'href="{first.headers["Location"]}">1 ballot</a>' in page
    assert "of yours in the box, and it is still there." in page
    assert "No new ballots were made now. To add 5 more, press" in page
    assert Ballot.objects.count() == 1

    form = answer.context["form"]
    post(alices_browser, box, quantity=form["quantity"].value(), token=form["token"].value())
    assert Ballot.objects.count() == 6


def test_a_repeated_form_for_a_closed_lottery_says_that_it_takes_no_more(
    alices_browser: Client, alice: User
) -> None:
    box, token = BoxFactory.create(), uuid4()
    submit(box, alice, 2, token=token)
    page = post(alices_browser, box, quantity=5, token=str(token)).content.decode()
    assert "2 ballots</a>" in page
    assert "No new ballots were made now. The lottery takes no more." in page


def test_it_needs_a_login_and_comes_back_to_the_lottery(stranger: Client, box: BallotBox) -> None:
    answer = post(stranger, box)
    sign_in = reverse("accounts:sign_in")
    assert answer.headers["Location"] == f"{sign_in}?next={page_url(box)}%3Fquantity%3D1"
    assert "Nothing was submitted: sign in" in stranger.get(sign_in).content.decode()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_to_it_leads_to_the_lottery(
    stranger: Client, alices_browser: Client, box: BallotBox, method: str
) -> None:
    for browser in (stranger, alices_browser):
        assert getattr(browser, method)(url(box)).headers["Location"] == page_url(box)
    assert not Ballot.objects.exists()


def test_a_session_lost_meanwhile_keeps_the_quantity(
    stranger: Client, alice: User, box: BallotBox
) -> None:
    door = post(stranger, box, quantity=7).headers["Location"]
    form = stranger.get(door)
    signed_in = stranger.post(
        reverse("accounts:sign_in"),
        {"username": alice.email, "password": PASSWORD, "next": form.context["next"]},
    )
    assert stranger.get(signed_in.headers["Location"]).context["form"]["quantity"].value() == "7"


@pytest.mark.parametrize("quantity", ["", "-1", "x", "1" * 6, "²", '"><script>'])
def test_only_a_number_is_kept(alices_browser: Client, box: BallotBox, quantity: str) -> None:
    page = alices_browser.get(page_url(box), {"quantity": quantity})
    assert page.context["form"]["quantity"].value() == 1


def test_it_needs_a_csrf_token(alice: User, box: BallotBox) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = post(browser, box, quantity=4)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "This form has expired" in answer.content.decode()
    assert f'href="{url(box)}?quantity=4"' in answer.content.decode()
    again = browser.get(url(box), {"quantity": 4}, follow=True)
    assert again.context["form"]["quantity"].value() == "4"
    assert not Ballot.objects.exists()


def test_it_refuses_admins(adams_browser: Client, roots_browser: Client, box: BallotBox) -> None:
    for browser in (adams_browser, roots_browser):
        answer = post(browser, box)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "use an account of your own" in answer.content.decode()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("is_drawn", [True, False])
def test_it_says_that_the_lottery_has_closed_meanwhile(
    alices_browser: Client, is_drawn: bool
) -> None:
    box = BoxFactory.create()
    if is_drawn:
        close_lottery(box.lottery)
    answer = post(alices_browser, box)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "This is a closed lottery and takes no more ballots." in answer.content.decode()
    assert "Submit ballots" not in answer.content.decode()
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "101", "9" * 40, "", "many", "1.5", "\0"])
def test_it_says_what_quantity_to_choose(
    alices_browser: Client, box: BallotBox, quantity: str
) -> None:
    answer = post(alices_browser, box, quantity=quantity)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose a number of ballots from 1 to 100." in answer.content.decode()
    assert not Ballot.objects.exists()


def test_a_form_that_was_refused_can_be_corrected(alices_browser: Client, box: BallotBox) -> None:
    token = str(uuid4())
    form = post(alices_browser, box, quantity=0, token=token).context["form"]
    assert form["token"].value() != token
    assert form["quantity"].value() == "0"
    post(alices_browser, box, quantity=2, token=form["token"].value())
    assert Ballot.objects.count() == 2


@pytest.mark.parametrize("token", ["", "1", "x" * 5000])
def test_a_form_with_a_broken_token_is_to_be_sent_again(
    alices_browser: Client, box: BallotBox, token: str
) -> None:
    answer = post(alices_browser, box, token=token)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Please submit it again." in answer.content.decode()
    assert not Ballot.objects.exists()


def test_an_empty_post_is_no_error(alices_browser: Client, box: BallotBox) -> None:
    assert alices_browser.post(url(box)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_unknown_date_is_404(alices_browser: Client, box: BallotBox) -> None:
    answer = alices_browser.post("/lotteries/2020-06-01/ballots/", {"quantity": 1})
    assert answer.status_code == HTTPStatus.NOT_FOUND
