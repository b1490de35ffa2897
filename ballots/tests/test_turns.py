"""One box that somebody holds keeps few threads waiting, and tells the others at once."""

from functools import partial

import pytest
from django.db import OperationalError

from accounts.shared.troubles import SiteBusy
from accounts.shared.turns import Turns
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from accounts.tests.trouble import lock, waits
from ballots.models import Ballot
from ballots.tests.factories import BoxFactory, submit


@pytest.mark.django_db(transaction=True)
def test_nobody_hangs_at_a_box_that_somebody_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "most", 2)
    box, people = BoxFactory.create(), UserFactory.create_batch(8)

    def submit_in_vain(number: int) -> Exception:
        with pytest.raises((SiteBusy, OperationalError)) as raised:
            submit(box, people[number])
        return raised.value

    with waits(lock=0.2, write=0.2), lock(box):
        errors = at_once(*[partial(submit_in_vain, number) for number in range(8)])
    assert len(errors) == 8
    assert not Ballot.objects.exists()
    submit(box, people[0])
