"""The verb that puts ballots in the box."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from pytest_django import Settings

from accounts.models import User
from accounts.refusals import AccountGone
from accounts.shared.refusals import Refusal
from ballots.life import close_lottery, withdraw_lottery
from ballots.models import Ballot, BallotBox, Entry, Submission
from ballots.refusals import (
    AdminsTakeNoPart,
    DataDamaged,
    LotteryClosed,
    NoLotteryOnDate,
    QuantityOutOfRange,
    TokenUsedForAnotherQuantity,
)
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, draw, submit
from lotteries.models import Lottery
from lotteries.refusals import LotteryWithdrawn

TOKEN = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def box(db: None) -> BallotBox:
    return BoxFactory.create(closure_date=NOON.date())


def is_empty(box: BallotBox) -> bool:
    box = BallotBox.objects.get(pk=box.pk)
    rows = Ballot.objects.count() + Submission.objects.count() + Entry.objects.count()
    return rows == 0 and box.ballot_count == 0 and bytes(box.peaks) == b""


def test_it_numbers_the_ballots_of_a_lottery_from_1(box: BallotBox, alice: User, bob: User) -> None:
    assert submit(box, alice, 3).numbers == range(1, 4)
    assert submit(box, bob).numbers == range(4, 5)
    assert submit(box, alice, 2).numbers == range(5, 7)


def test_each_lottery_counts_for_itself(box: BallotBox, alice: User) -> None:
    submit(box, alice, 3)
    assert submit(BoxFactory.create(), alice).first_number == 1


def test_it_stores_box_submission_entry_and_ballots(box: BallotBox, alice: User) -> None:
    submission = submit(box, alice, 3, at=NOON)
    box = BallotBox.objects.get(pk=box.pk)
    assert (box.ballot_count, box.participant_count) == (3, 1)
    assert submission.root == box.root
    assert submission.submitted_at == NOON
    assert sorted(submission.ballots.values_list("number", flat=True)) == [1, 2, 3]
    assert box.entries.get().ballot_count == 3


def test_entries_add_up(box: BallotBox, alice: User, bob: User) -> None:
    for participant, quantity in [(alice, 3), (bob, 1), (alice, 2)]:
        submit(box, participant, quantity)
    totals = dict(box.entries.values_list("participant__username", "ballot_count"))
    assert totals == {"alice": 5, "bob": 1}
    assert BallotBox.objects.get(pk=box.pk).participant_count == 2


def test_ballots_are_random_uuids(box: BallotBox, alice: User) -> None:
    submit(box, alice, 20)
    ballots = list(Ballot.objects.values_list("id", flat=True))
    assert len(set(ballots)) == 20
    assert {ballot.version for ballot in ballots} == {4}


def test_a_token_used_again_returns_the_first_submission(box: BallotBox, alice: User) -> None:
    first = submit(box, alice, 2, token=TOKEN)
    assert submit(box, alice, 2, token=TOKEN) == first
    assert Ballot.objects.count() == 2


def test_a_token_used_again_for_another_quantity_is_refused(box: BallotBox, alice: User) -> None:
    submit(box, alice, 2, token=TOKEN)
    with pytest.raises(TokenUsedForAnotherQuantity, match="for 2 ballots"):
        submit(box, alice, 5, token=TOKEN)
    assert Ballot.objects.count() == 2


def test_an_account_that_was_deleted_meanwhile_is_refused(box: BallotBox, alice: User) -> None:
    User.objects.filter(pk=alice.pk).delete()
    with pytest.raises(AccountGone):
        submit(box, alice)
    assert is_empty(box)


def test_a_token_still_returns_it_after_closing(box: BallotBox, alice: User) -> None:
    first = submit(box, alice, token=TOKEN)
    draw(box)
    assert submit(box, alice, token=TOKEN, at=MIDNIGHT) == first


def test_a_token_still_returns_it_to_a_participant_who_became_admin(
    box: BallotBox, alice: User
) -> None:
    first = submit(box, alice, token=TOKEN)
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert submit(box, alice, token=TOKEN) == first


def test_the_same_token_of_somebody_else_is_another_one(
    box: BallotBox, alice: User, bob: User
) -> None:
    assert submit(box, alice, token=TOKEN) != submit(box, bob, token=TOKEN)


@pytest.mark.parametrize("quantity", [-1, 0, 101, 2**63])
def test_it_refuses_a_quantity_out_of_range(box: BallotBox, alice: User, quantity: int) -> None:
    with pytest.raises(QuantityOutOfRange, match="from 1 to 100"):
        submit(box, alice, quantity)
    assert is_empty(box)


def test_the_largest_quantity_is_a_setting(box: BallotBox, alice: User, settings: Settings) -> None:
    settings.MAX_BALLOTS_PER_SUBMISSION = 2
    assert submit(box, alice, 2).quantity == 2
    with pytest.raises(QuantityOutOfRange, match="from 1 to 2"):
        submit(box, alice, 3)


def test_it_refuses_admins(box: BallotBox, adam: User, root: User) -> None:
    for admin in (adam, root):
        with pytest.raises(AdminsTakeNoPart):
            submit(box, admin)
    assert is_empty(box)


def test_it_refuses_a_ballot_after_closing(box: BallotBox, alice: User) -> None:
    with pytest.raises(LotteryClosed):
        submit(box, alice, at=MIDNIGHT)
    assert is_empty(box)


def test_it_refuses_a_ballot_after_an_early_draw(box: BallotBox, alice: User) -> None:
    close_lottery(box.lottery, early=True, clock=lambda: NOON)
    with pytest.raises(LotteryClosed):
        submit(box, alice, at=NOON + timedelta(seconds=1))
    assert is_empty(box)


def test_it_refuses_a_lottery_that_was_withdrawn(box: BallotBox, alice: User) -> None:
    withdraw_lottery(Lottery.objects.get(pk=box.pk))
    with pytest.raises(NoLotteryOnDate):
        submit(box, alice)


DAMAGES: list[Callable[[], object]] = [
    lambda: BallotBox.objects.update(peaks=b""),
    lambda: BallotBox.objects.update(sealed_at=None),
    lambda: Lottery.objects.update(time_zone="Mars/Phobos"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_puts_nothing_in_a_box_whose_rows_are_damaged(
    box: BallotBox, alice: User, damage: Callable[[], object]
) -> None:
    """Of a lottery that was drawn early, which only its seal says."""
    submit(box, alice, 3)
    close_lottery(box.lottery, early=True, clock=lambda: NOON)
    damage()
    with pytest.raises(DataDamaged):
        submit(box, alice, at=NOON)
    assert Ballot.objects.count() == 3


def test_a_lottery_without_its_box_is_damaged(box: BallotBox, alice: User) -> None:
    BallotBox.objects.all().delete()
    with pytest.raises(DataDamaged):
        submit(box, alice)


def test_every_refusal_is_a_sentence_for_people() -> None:
    refusals: list[Refusal] = [AdminsTakeNoPart(), LotteryClosed(), LotteryWithdrawn()]
    assert all(str(refusal).endswith(".") for refusal in refusals)


def test_a_withdrawn_lottery_is_gone_and_its_date_is_free_again(box: BallotBox) -> None:
    withdraw_lottery(Lottery.objects.get(pk=box.pk))
    assert BoxFactory.create(closure_date=NOON.date()).ballot_count == 0
    with pytest.raises(ObjectDoesNotExist):
        Lottery.objects.get(pk=box.pk)


def test_a_lottery_with_ballots_or_a_draw_is_not_withdrawn(box: BallotBox, alice: User) -> None:
    submit(box, alice)
    empty = BoxFactory.create()
    draw(empty)
    for kept in (box, empty):
        with pytest.raises(Refusal, match="cannot be withdrawn"):
            withdraw_lottery(kept.lottery)
        assert BallotBox.objects.filter(pk=kept.pk).exists()
