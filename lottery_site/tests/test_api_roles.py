"""Every operation of the API, and what it answers to each kind of person."""

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.asking import ask
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import day, open_box, submit
from lottery_site.tests.descriptions import operations, parameters_of


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = open_box()
    submit(box, alice, 3, at=timezone.now())
    return box


ROLES = {
    "POST /user/register": "422 422 422 422 422",
    "POST /auth/login": "422 422 422 422 422",
    "POST /auth/logout": "401 204 204 204 204",
    "GET /user/me": "401 200 200 200 200",
    "POST /user/password": "401 422 422 422 422",
    "PATCH /user/me": "401 422 422 422 422",
    "POST /user/email": "401 422 422 422 422",
    "POST /user/confirmation": "401 204 204 204 204",
    "POST /auth/logout_everywhere": "401 204 204 204 204",
    "POST /user/close": "401 422 422 422 422",
    "GET /user/data": "401 200 200 200 200",
    "GET /lotteries": "200 200 200 200 200",
    "POST /lotteries": "401 403 403 422 422",
    "POST /lotteries/close_and_draw": "401 403 403 200 400",
    "POST /lotteries/pass_over": "401 403 403 422 422",
    "POST /lotteries/hand_over": "401 403 403 422 422",
    "GET /lotteries/{closure_date}": "200 200 200 200 200",
    "POST /lotteries/{closure_date}/notes": "401 403 403 422 422",
    "DELETE /lotteries/{closure_date}": "401 403 403 400 400",
    "GET /lotteries/{closure_date}/winner": "400 400 400 400 400",
    "GET /lotteries/{closure_date}/record": "200 200 200 200 200",
    "GET /lotteries/{closure_date}/head": "200 200 200 200 200",
    "GET /lotteries/{closure_date}/proof": "200 200 200 200 200",
    "GET /lotteries/{closure_date}/consistency": "200 200 200 200 200",
    "GET /results": "200 200 200 200 200",
    "POST /ballots": "401 201 201 403 403",
    "GET /ballots/mine": "401 200 200 200 200",
    "GET /ballots/{ballot_id}/receipt": "401 200 404 404 404",
    "GET /ballots/lottery/{closure_date}": "401 403 403 200 200",
    "GET /ballots/lottery/{closure_date}/receipts": "401 200 200 200 200",
    "GET /health": "200 200 200 200 200",
    "GET /ping": "200 200 200 200 200",
}


def test_the_table_has_every_operation() -> None:
    assert set(operations()) == set(ROLES)


@pytest.mark.parametrize("operation", ROLES)
def test_what_each_may_do(
    box: BallotBox, alice: User, bob: User, adam: User, root: User, operation: str
) -> None:
    ballot = str(Ballot.objects.get(box=box, number=1).pk)
    named = operation.replace("{closure_date}", day(box)).replace("{ballot_id}", ballot)
    method, path = named.split()
    query = {"proof": "?number=1", "consistency": "?from=1"}.get(path.rpartition("/")[2], "")
    if "lottery_date" in parameters_of(operations()[operation]):
        query = f"?lottery_date={day(box)}"
    people = (None, alice, bob, adam, root)
    answers = [str(ask(method, path + query, user).status_code) for user in people]
    assert " ".join(answers) == ROLES[operation]
