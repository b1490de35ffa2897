"""What must hold of a ballot box at any moment, whatever happened to it."""

from django.db.models import Sum

from ballots.models import Ballot, BallotBox, Draw, Entry, Submission
from lotteries.tests.rfc9162 import tree_head


def assert_sound(box: BallotBox, receipts: list[Submission] | None = None) -> BallotBox:
    """Checks what is stored, and that the receipts issued are those of the ballots stored."""
    box = BallotBox.objects.with_results().get(pk=box.pk)
    ballots = Ballot.objects.filter(box=box).select_related("submission").order_by("number")
    numbers = [ballot.number for ballot in ballots]
    stored = Submission.objects.filter(box=box).order_by("first_number")
    assert numbers == list(range(1, box.ballot_count + 1))
    assert [number for made in stored for number in made.numbers] == numbers
    assert all(ballot.number in ballot.submission.numbers for ballot in ballots)
    assert box.root == tree_head([bytes.fromhex(ballot.leaf) for ballot in ballots]).hex()
    entries = Entry.objects.filter(box=box)
    assert entries.count() == box.participant_count
    assert (entries.aggregate(total=Sum("ballot_count"))["total"] or 0) == box.ballot_count
    assert (box.sealed_at is None) == (not Draw.objects.filter(box=box).exists())
    if receipts is not None:
        assert sorted(made.pk for made in receipts) == sorted(made.pk for made in stored)
        assert {made.root for made in receipts} == {made.root for made in stored}
    return box
