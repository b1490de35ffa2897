"""Whatever becomes of places after the draw: record, database and receipts check."""

from datetime import timedelta

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.checkers import verify_draw
from ballots.claiming import claim, decline
from ballots.day_after import hand_over
from ballots.models import Ballot, BallotBox, DrawnBallot
from ballots.public.receipts import receipt
from ballots.public.records import consistency, inclusion, record
from ballots.tests.factories import reload
from ballots.tests.winning import WORDS, drawn_box
from ballots.unclaimed import pass_over_unclaimed
from ballots.verification.differences import find_differences

DAY = timedelta(days=1)


def holders(box: BallotBox) -> list[DrawnBallot]:
    """Of place 1 and place 2."""
    standing = DrawnBallot.objects.standing().filter(draw=box.pk)
    return list(standing.select_related("participant", "ballot").order_by("place"))


def check(box: BallotBox) -> int:
    """How many numbers were taken; every step holds, and the database has no differences."""
    made = record(reload(box))
    steps = verify_draw.check_record(made)
    assert [step for step in steps if not step.holds] == []
    assert list(find_differences(reload(box))) == []
    return len(made["drawn"])


def test_a_whole_life(alice: User, bob: User) -> None:
    people = [alice, bob, *UserFactory.create_batch(3)]
    box = drawn_box(*[(person, 4) for person in people], claim_days=7, places=2)
    counts = [check(box)]

    first, second = holders(box)
    decline(box.lottery, first.participant, clock=lambda: box.lottery.closes_at + DAY)
    counts.append(check(box))

    newest = holders(box)[0]
    at = box.lottery.closes_at + 2 * DAY
    claim(box.lottery, newest.participant, **WORDS, clock=lambda: at)
    hand_over(box.lottery, number=newest.number, clock=lambda: at + DAY)
    assert check(box) == counts[-1]

    late = pass_over_unclaimed(box.lottery, clock=lambda: box.lottery.closes_at + 7 * DAY)
    assert [drawn.pk for drawn in late] == [second.pk]
    counts.append(check(box))
    assert counts == sorted(set(counts))


def test_every_receipt_holds(alice: User, bob: User) -> None:
    box = drawn_box((alice, 3), (bob, 4))
    made = record(reload(box))
    for ballot in Ballot.objects.with_receipts().filter(box=box):
        mine = receipt(ballot)
        proofs = inclusion(box, ballot.number, 7), consistency(box, mine["head"]["ballot_count"], 7)
        assert all(step.holds for step in verify_draw.check_files(made, [mine, *proofs]))
