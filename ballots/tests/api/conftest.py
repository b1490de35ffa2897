"""A box with ballots 1 to 3, which are Alice's."""

import pytest
from django.utils import timezone

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import open_box, submit


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = open_box()
    submit(box, alice, 3, at=timezone.now())
    return box
