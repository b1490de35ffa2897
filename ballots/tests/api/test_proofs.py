"""Records and proofs of the API are those of the pages."""

import pytest
from django.test import Client

from accounts.tests.asking import ask
from ballots.models import BallotBox
from ballots.tests.factories import day


@pytest.mark.parametrize(
    "name", ["record", "head", "proof?number=2", "consistency?from=2", "proof?number=1&size=2"]
)
def test_records_and_proofs_are_those_that_the_site_publishes(box: BallotBox, name: str) -> None:
    file, _, query = name.partition("?")
    page = Client().get(f"/lotteries/{day(box)}/{file}.json?{query}").json()
    assert ask("GET", f"/lotteries/{day(box)}/{name}").json() == page


@pytest.mark.parametrize("query", ["proof?number=4", "proof?number=1&size=9", "consistency?from=4"])
def test_a_proof_of_what_is_not_there(box: BallotBox, query: str) -> None:
    assert ask("GET", f"/lotteries/{day(box)}/{query}").status_code == 422
