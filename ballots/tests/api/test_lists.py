"""Lists of the API, a page at a time, and what they cost."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tokens import issue_token
from ballots.models import Ballot, BallotBox
from ballots.public.receipts import receipt
from ballots.tests.factories import BoxFactory, day, draw, open_box, submit


def next_of(answer: Any) -> str:
    """The path of the next page, from the Link header; empty on the last."""
    link = str(answer.headers.get("Link", ""))
    return link.partition("/api")[2].partition(">")[0]


def walk(path: str, user: User | None = None) -> list[Any]:
    found = []
    while path:
        answer = ask("GET", path, user)
        assert answer.status_code == 200
        found += answer.json()
        path = next_of(answer)
    return found


def test_my_ballots_page_by_page(box: BallotBox, alice: User, bob: User) -> None:
    other = open_box(days=3)
    for lottery, user, quantity in [(box, bob, 2), (other, alice, 5), (box, alice, 1)]:
        submit(lottery, user, quantity, at=timezone.now())
    found = walk("/ballots/mine?limit=2", alice)
    rows = Ballot.objects.filter(submission__participant=alice)
    expected = rows.order_by("-submission_id", "-number").values_list("pk", flat=True)
    assert [ballot["id"] for ballot in found] == [str(pk) for pk in expected]
    assert len(found) == 9


def test_the_ballots_of_a_lottery_page_by_page(box: BallotBox, adam: User, bob: User) -> None:
    submit(box, bob, 4, at=timezone.now())
    found = walk(f"/ballots/lottery/{day(box)}?limit=3", adam)
    rows = Ballot.objects.filter(box=box).order_by("-number").values_list("pk", flat=True)
    assert [ballot["id"] for ballot in found] == [str(pk) for pk in rows]


def test_my_receipts_of_a_lottery_page_by_page(box: BallotBox, alice: User, bob: User) -> None:
    for user, lottery in ((bob, box), (alice, box), (alice, open_box(days=3))):
        submit(lottery, user, 2, at=timezone.now())
    found = walk(f"/ballots/lottery/{day(box)}/receipts?limit=2", alice)
    mine = box.ballots.with_receipts().filter(submission__participant=alice)
    assert found == [receipt(ballot) for ballot in mine.order_by("-number")]
    assert [each["number"] for each in found] == [7, 6, 3, 2, 1]


def test_lotteries_page_by_page(db: None) -> None:
    boxes = [open_box(days=number) for number in range(1, 6)]
    found = walk("/lotteries?limit=2")
    assert [lottery["closure_date"] for lottery in found] == [day(box) for box in boxes[::-1]]


def test_a_list_is_bounded(db: None) -> None:
    assert ask("GET", "/lotteries?limit=1001").status_code == 422
    assert ask("GET", "/lotteries?limit=0").status_code == 422


@pytest.mark.parametrize("after", ["x", "00000000-0000-4000-8000-000000000000"])
def test_a_page_after_nothing(box: BallotBox, alice: User, after: str) -> None:
    for path in ("/lotteries", "/results", "/ballots/mine"):
        assert ask("GET", f"{path}?after={after}", alice).status_code == 422


def test_nobody_pages_through_the_ballots_of_others(box: BallotBox, alice: User, bob: User) -> None:
    others = Ballot.objects.filter(box=box).first()
    assert others
    assert ask("GET", f"/ballots/mine?after={others.pk}", bob).status_code == 422


def test_lotteries_by_state_and_range(box: BallotBox, alice: User) -> None:
    drawn, closed = BoxFactory.create(), BoxFactory.create()
    draw(drawn)
    for state, expected in {
        "open": [box],
        "closed": [closed, drawn],
        "drawn": [drawn],
        "all": [box, closed, drawn],
    }.items():
        found = ask("GET", f"/lotteries?state={state}").json()
        assert [lottery["id"] for lottery in found] == [str(each.pk) for each in expected]
    for range_, expected in {
        f"from={day(closed)}": [box, closed],
        f"to={day(closed)}": [closed, drawn],
        f"from={day(closed)}&to={day(closed)}": [closed],
    }.items():
        found = ask("GET", f"/lotteries?state=all&{range_}").json()
        assert [lottery["id"] for lottery in found] == [str(each.pk) for each in expected]


def test_results_with_their_winners(alice: User) -> None:
    drawn, empty = BoxFactory.create(), BoxFactory.create()
    submit(drawn, alice, 2)
    winner = draw(drawn).winner
    draw(empty)
    last, first = ask("GET", "/results").json()
    assert (last["lottery"]["id"], last["winner"]) == (str(empty.pk), None)
    assert winner
    assert first["winner"]["id"] == str(winner.ballot_id)
    assert ask("GET", f"/results?to={day(drawn)}").json() == [first]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/lotteries?state=all", 3),
        ("/results", 2),
        ("/ballots/mine", 3),
        ("/ballots/lottery/DAY", 4),
        ("/ballots/lottery/DAY/receipts", 4),
        ("/lotteries/DAY", 2),
    ],
)
def test_a_list_makes_so_many_queries_however_long_it_is(
    box: BallotBox,
    alice: User,
    adam: User,
    path: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = adam if path == "/ballots/lottery/DAY" else alice
    headers = {"Authorization": f"Bearer {issue_token(user)}"}
    draw(BoxFactory.create())
    for _ in range(2):
        with django_assert_num_queries(queries):
            address = path.replace("DAY", day(box))
            assert ask("GET", address, headers=dict(headers)).status_code == 200
        for _ in range(20):
            drawn = BoxFactory.create()
            submit(drawn, alice, 2)
            draw(drawn)
            submit(box, alice, 3, at=timezone.now())
