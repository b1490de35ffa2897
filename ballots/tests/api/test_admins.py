"""What admins do through the API."""

from accounts.models import User
from accounts.tests.asking import ask
from ballots.models import BallotBox, DrawnBallot
from ballots.tests.factories import BoxFactory, day, draw, open_box, submit


def test_a_winner_is_passed_over_once(alice: User, bob: User, adam: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 5)
    submit(box, bob, 5)
    winner = draw(box).winner
    assert winner
    body = {"number": winner.number, "ground": "unreached", "reason": "no such address"}
    path = f"/lotteries/pass_over?lottery_date={day(box)}"
    first, again = (ask("POST", path, adam, body=body) for _ in range(2))
    standing = DrawnBallot.objects.standing().get()
    assert first.json()["winner"]["id"] == str(standing.ballot_id)
    assert (first.status_code, again.status_code) == (200, 400)
    assert "holds no place now" in again.json()["detail"]


def test_a_lottery_without_ballots_is_withdrawn(adam: User, box: BallotBox) -> None:
    empty = open_box(days=4)
    assert ask("DELETE", f"/lotteries/{day(empty)}", adam).status_code == 204
    assert ask("DELETE", f"/lotteries/{day(empty)}", adam).status_code == 404
    assert "cannot be withdrawn" in ask("DELETE", f"/lotteries/{day(box)}", adam).json()["detail"]
