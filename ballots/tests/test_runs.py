"""How verify_database reads ballots: in portions, each with what was stored of its submission."""

import pytest

from accounts.models import User
from ballots.models import Ballot
from ballots.tests.factories import BoxFactory, submit
from ballots.verification.log import read_runs


@pytest.mark.parametrize("portion", [1, 2, 3, 100])
def test_it_reads_every_ballot_once_in_portions_of_any_size(
    alice: User, bob: User, portion: int
) -> None:
    box = BoxFactory.create()
    made = [
        submit(box, person, quantity) for person, quantity in ((alice, 4), (bob, 1), (alice, 2))
    ]
    submit(BoxFactory.create(), alice, 3)
    runs = list(read_runs(box, may_grow=False, portion=portion))
    stored = Ballot.objects.filter(box=box).order_by("number")
    assert [ballot for run in runs for ballot in run.ballots] == [
        (ballot.number, str(ballot.pk)) for ballot in stored
    ]
    for run in runs:
        submission = next(each for each in made if run.first in each.numbers)
        assert run.last in submission.numbers
        assert run.submission.participant == submission.participant_id
        assert run.submission.root == submission.root
