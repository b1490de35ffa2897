"""The most ballots for one participant: whole submissions, and what is left is said kindly."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.life import submit_ballots
from ballots.models import Ballot, BallotBox, Submission
from ballots.refusals import TokenUsedForAnotherQuantity, TooManyBallots, TooManySubmissions
from ballots.tests.factories import BoxFactory, draw, open_box, reload, submit

TOKEN = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def box(db: None) -> BallotBox:
    """One of which each participant may have 5 ballots."""
    return BoxFactory.create(ballots_each=5)


def test_each_participant_can_have_so_many(box: BallotBox, alice: User, bob: User) -> None:
    submit(box, alice, 3)
    submit(box, alice, 2)
    submit(box, bob, 5)
    assert reload(box).ballot_count == 10


@pytest.mark.parametrize(
    ("before", "quantity", "left"),
    [
        (0, 6, "You have none yet: 5 at most."),
        (3, 3, "You have 3 ballots already: 2 more at most."),
        (4, 100, "You have 4 ballots already: 1 more at most."),
        (5, 1, "You have 5 ballots already: no more can be added."),
    ],
)
def test_a_submission_is_made_whole_or_not_at_all(
    box: BallotBox, alice: User, before: int, quantity: int, left: str
) -> None:
    if before:
        submit(box, alice, before)
    with pytest.raises(TooManyBallots) as refused:
        submit(box, alice, quantity)
    assert str(refused.value) == (
        f"This lottery takes at most 5 ballots from one participant: these were not made. {left}"
    )
    assert reload(box).ballot_count == Ballot.objects.count() == before


def test_without_a_limit_there_is_none(alice: User) -> None:
    box = BoxFactory.create(ballots_each=0)
    for _ in range(3):
        submit(box, alice, 100)
    assert reload(box).ballot_count == 300


def test_each_lottery_counts_for_itself(box: BallotBox, alice: User) -> None:
    other = BoxFactory.create(ballots_each=2)
    submit(box, alice, 5)
    assert submit(other, alice, 2).quantity == 2


def test_a_repeated_form_gets_its_receipts_when_nothing_is_left(
    box: BallotBox, alice: User
) -> None:
    made = submit(box, alice, 5, token=TOKEN)
    assert submit(box, alice, 5, token=TOKEN) == made
    draw(box)
    assert submit(box, alice, 5, token=TOKEN) == made
    with pytest.raises(TokenUsedForAnotherQuantity):
        submit(box, alice, 1, token=TOKEN)


def test_the_limit_is_told_before_the_rate(box: BallotBox, alice: User, settings: Settings) -> None:
    """Who may submit no more is not told to wait."""
    settings.SUBMISSION_RATE = (1, 3600)
    submit(box, alice, 4)
    with pytest.raises(TooManySubmissions):
        submit(box, alice, 1)
    with pytest.raises(TooManyBallots):
        submit(box, alice, 2)
    assert reload(box).ballot_count == 4


def submitting(
    box: BallotBox, participant: User, quantity: int, token: UUID
) -> Callable[[], tuple[Submission, bool]]:
    at = box.lottery.announced_at
    return lambda: submit_ballots(
        closure_date=box.lottery.closure_date,
        participant=participant,
        quantity=quantity,
        token=token,
        is_limited=False,
        clock=lambda: at,
    )


@pytest.mark.django_db(transaction=True)
def test_50_at_once_never_have_more() -> None:
    box, people = BoxFactory.create(ballots_each=7), UserFactory.create_batch(5)
    jobs = [
        submitting(box, person, quantity, uuid4())
        for person in people
        for quantity in (1, 2, 3, 4, 5, 1, 2, 3, 4, 7)
    ]
    outcomes = at_once(*jobs)
    made = [each[0] for each in outcomes if isinstance(each, tuple)]
    refused = [each for each in outcomes if isinstance(each, TooManyBallots)]
    assert len(made) + len(refused) == 50
    for person in people:
        has = sum(each.quantity for each in made if each.participant_id == person.pk)
        # Where any was refused it did not fit: 7 never do any more, once there is one.
        assert 1 <= has <= 7
        assert Ballot.objects.of(person).count() == has
        assert box.entries.get(participant=person).ballot_count == has
    stored = reload(box)
    assert stored.ballot_count == Ballot.objects.count() == sum(each.quantity for each in made)
    numbers = sorted(number for each in made for number in each.numbers)
    assert numbers == list(range(1, stored.ballot_count + 1))


@pytest.mark.django_db(transaction=True)
def test_of_20_with_one_token_and_different_quantities_one_is_made() -> None:
    box, alice = BoxFactory.create(ballots_each=9), UserFactory.create()
    quantities = [1, 2, 3, 4, 10] * 4
    outcomes = at_once(*(submitting(box, alice, quantity, TOKEN) for quantity in quantities))
    made = {each[0].pk for each in outcomes if isinstance(each, tuple)}
    new = [each for each in outcomes if isinstance(each, tuple) and each[1]]
    assert len(made) == len(new) == 1
    first = Submission.objects.get()
    for quantity, outcome in zip(quantities, outcomes, strict=True):
        if quantity == first.quantity:
            assert isinstance(outcome, tuple)
        else:
            assert isinstance(outcome, TokenUsedForAnotherQuantity | TooManyBallots)
    assert Ballot.objects.count() == reload(box).ballot_count == first.quantity


def test_the_page_says_what_one_has_and_how_much_is_left(
    alice: User, alices_browser: Client, stranger: Client
) -> None:
    box = open_box(ballots_each=5)
    url = reverse("ballots:lottery", args=[box.lottery.closure_date])
    submit(box, alice, 3, at=timezone.now())
    page = alices_browser.get(url).content.decode()
    assert "You have 3 of at most 5 ballots." in page
    assert 'max="2"' in page
    assert "At most 5 ballots for each participant." in stranger.get(url).content.decode()


def test_the_page_refuses_what_is_too_much_and_says_why(
    alice: User, alices_browser: Client
) -> None:
    box = open_box(ballots_each=5)
    url = reverse("ballots:submit_ballots", args=[box.lottery.closure_date])
    submit(box, alice, 3, at=timezone.now())
    page = alices_browser.post(url, {"quantity": "3", "token": str(uuid4())})
    assert page.status_code == 400
    assert "You have 3 ballots already: 2 more at most." in page.content.decode()


def test_when_nothing_is_left_a_sentence_is_there_instead_of_the_form(
    alice: User, alices_browser: Client
) -> None:
    box = open_box(ballots_each=5)
    url = reverse("ballots:lottery", args=[box.lottery.closure_date])
    submit(box, alice, 5, token=TOKEN, at=timezone.now())
    page = alices_browser.get(url).content.decode()
    assert "You have 5 of at most 5 ballots." in page
    assert "That is all that one participant can have in this lottery" in page
    assert 'name="quantity"' not in page
    submitting = reverse("ballots:submit_ballots", args=[box.lottery.closure_date])
    again = alices_browser.post(submitting, {"quantity": "5", "token": str(TOKEN)})
    assert again.status_code == 302
    other = alices_browser.post(submitting, {"quantity": "1", "token": str(TOKEN)})
    assert "was sent before" in other.content.decode()
    assert "once again" not in other.content.decode()


def test_the_api_says_the_same(alice: User) -> None:
    box = open_box(ballots_each=5)
    path = f"/ballots?lottery_date={box.lottery.closure_date}"
    assert (
        ask("POST", f"{path}&quantity=5", alice, headers={"Idempotency-Key": "1"}).status_code
        == 201
    )
    answer = ask("POST", path, alice)
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("You have 5 ballots already: no more can be added.")
    again = ask("POST", f"{path}&quantity=5", alice, headers={"Idempotency-Key": "1"})
    assert again.status_code == 201
    assert len(again.json()["receipts"]) == 5
