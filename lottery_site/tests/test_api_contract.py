"""The API as existing clients know it, over a real socket, with and without the last slash."""

import http.client
import json
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tokens import issue_token
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, day, draw, open_box, sealed_box, submit

pytestmark = pytest.mark.django_db(transaction=True)

Answer = tuple[int, Any]
LOTTERY = {
    *("id", "name", "closure_date", "is_closed", "created_at", "winning_ballot_id"),
    *("prize", "terms", "places", "ballots_each", "claim_days", "announcement", "notes"),
}
BALLOT = {"id", "user_id", "lottery_id", "submitted_at"}
OAUTH = {"error", "error_description"}  # where tokens are given
SECRET = "blue suede shoes 7"


class ApiClient:
    """A client of the contract, with the base URL that it is given."""

    def __init__(self, url: str, slash: str) -> None:
        self.address, self.slash = urlsplit(url), slash
        self.token = ""
        self.headers: dict[str, str] = {}

    def __call__(
        self, method: str, path: str, *, body: Any = None, form: Any = None, **query: Any
    ) -> Answer:
        connection = http.client.HTTPConnection(self.address.netloc, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body), "application/json"
        if form is not None:
            data, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        target = self.address.path + path + self.slash + (f"?{urlencode(query)}" if query else "")
        connection.request(method, target, data, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        self.headers = dict(response.headers.items())
        return response.status, json.loads(text) if text else None

    def by(self, user: User) -> "ApiClient":
        other = ApiClient(self.address.geturl(), self.slash)
        other.token = issue_token(user)
        return other


@pytest.fixture(params=["", "/"], ids=["plain", "slash"])
def api(live_server: LiveServer, request: pytest.FixtureRequest) -> ApiClient:
    return ApiClient(f"{live_server.url}/api", request.param)


@pytest.fixture
def box() -> BallotBox:
    return open_box(name="tan octopus lottery")


def problem(answer: Answer) -> tuple[int, str]:
    """The status and the detail of problem details that are whole."""
    status, body = answer
    assert set(body) - OAUTH == {"title", "status", "detail"}
    assert body["status"] == status
    return status, body["detail"]


def assert_refused(answer: Answer, status: int, words: str) -> None:
    """With this status, and with the words that clients look for in the detail."""
    given, detail = problem(answer)
    assert given == status
    assert words in detail


# --- POST /user/register


def test_register(api: ApiClient) -> None:
    account = {"username": "carol", "email": "carol@example.org", "password": SECRET}
    status, body = api("POST", "/user/register", body=account)
    assert status == 201
    assert set(body) >= {"id", "email", "username", "registered_at"}
    assert User.objects.get(pk=UUID(body["id"])).username == "carol"
    datetime.fromisoformat(body["registered_at"])


@pytest.mark.parametrize("taken", ["username", "email"])
def test_register_what_is_taken(api: ApiClient, alice: User, taken: str) -> None:
    account = {"username": "carol", "email": "carol@example.org", "password": SECRET}
    account[taken] = getattr(alice, taken).upper()
    status, detail = problem(api("POST", "/user/register", body=account))
    assert status == 400
    assert taken in detail
    assert "already exists" in detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "c"},
        {"email": "carol"},
        {"password": "123"},
        {"username": None},
        {"email": "a\0@example.org"},
    ],
)
def test_register_what_is_invalid(api: ApiClient, wrong: dict[str, Any]) -> None:
    account = {"username": "carol", "email": "carol@example.org", "password": SECRET} | wrong
    assert problem(api("POST", "/user/register", body=account))[0] == 422
    assert not User.objects.exists()


# --- POST /auth/login


def test_login(api: ApiClient, alice: User) -> None:
    form = {"username": "Alice@example.org", "password": PASSWORD}
    status, body = api("POST", "/auth/login", form=form)
    assert status == 200
    assert set(body) == {"access_token", "token_type", "expires_in"}
    assert body["token_type"] == "bearer"
    api.token = body["access_token"]
    assert api("GET", "/ballots/mine") == (200, [])


def test_login_with_an_address_that_is_too_long(api: ApiClient) -> None:
    answer = api("POST", "/auth/login", form={"username": "x" * 300, "password": "wrong"})
    assert problem(answer)[0] == 422


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_login_with_the_wrong_password_or_address(api: ApiClient, alice: User, email: str) -> None:
    answer = api("POST", "/auth/login", form={"username": email, "password": "wrong"})
    assert_refused(answer, 401, "Invalid")


# --- GET /lotteries


def test_the_open_lotteries(api: ApiClient, box: BallotBox) -> None:
    draw(BoxFactory.create())
    later = open_box(days=2)
    status, body = api("GET", "/lotteries")
    assert status == 200
    assert [found["closure_date"] for found in body] == [day(later), day(box)]
    lottery = box.lottery
    assert body[1] == {
        "id": str(lottery.id),
        "name": "tan octopus lottery",
        "closure_date": day(box),
        "is_closed": False,
        "created_at": body[1]["created_at"],
        "winning_ballot_id": None,
        "prize": "",
        "terms": "",
        "places": 1,
        "ballots_each": 0,
        "claim_days": 0,
        "announcement": lottery.announcement,
        "notes": [],
    }
    # To the millisecond.
    made = datetime.fromisoformat(body[1]["created_at"])
    assert abs(made - lottery.announced_at) < timedelta(milliseconds=1)


def test_one_lottery(api: ApiClient, box: BallotBox) -> None:
    status, body = api("GET", f"/lotteries/{day(box)}")
    assert (status, set(body), body["name"]) == (200, LOTTERY, "tan octopus lottery")


def test_an_unknown_lottery(api: ApiClient) -> None:
    assert_refused(api("GET", "/lotteries/2020-01-01"), 404, "not found")


# --- GET /lotteries/DATE/winner


def test_the_winner(api: ApiClient, alice: User) -> None:
    drawn = BoxFactory.create(name="tan octopus lottery")
    submit(drawn, alice, 3)
    ballot = draw(drawn).winner
    assert ballot
    status, body = api("GET", f"/lotteries/{day(drawn)}/winner")
    assert status == 200
    assert datetime.fromisoformat(body.pop("submitted_at"))
    assert body == {
        "id": str(ballot.ballot_id),
        "user": {"id": str(alice.pk), "username": "alice"},
        "lottery": {
            "id": str(drawn.pk),
            "name": "tan octopus lottery",
            "closure_date": day(drawn),
        },
    }


def test_no_winner(api: ApiClient, box: BallotBox, alice: User) -> None:
    assert_refused(api("GET", f"/lotteries/{day(box)}/winner"), 400, "not closed")
    empty = BoxFactory.create()
    assert_refused(api("GET", f"/lotteries/{day(empty)}/winner"), 400, "no winner yet")
    draw(empty)
    assert_refused(api("GET", f"/lotteries/{day(empty)}/winner"), 400, "no winner")
    waiting = sealed_box((alice, 1))
    assert_refused(api("GET", f"/lotteries/{day(waiting)}/winner"), 400, "no winner yet")
    assert_refused(api("GET", "/lotteries/2019-01-01/winner"), 404, "not found")


# --- POST /lotteries


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def test_create_a_lottery(api: ApiClient, adam: User) -> None:
    admin = api.by(adam)
    status, body = admin("POST", "/lotteries", body={"closure_date": tomorrow(), "name": "fox"})
    assert (status, set(body), body["name"]) == (201, LOTTERY, "fox")
    later = (date.fromisoformat(tomorrow()) + timedelta(days=1)).isoformat()
    status, body = admin("POST", "/lotteries", body={"closure_date": later})
    assert (status, body["name"].endswith(" lottery")) == (201, True)


def test_create_one_in_the_past_or_on_a_date_taken(
    api: ApiClient, adam: User, box: BallotBox
) -> None:
    for taken, words in ((day(box), "already exists"), ("2020-01-01", "is over")):
        answer = api.by(adam)("POST", "/lotteries", body={"closure_date": taken})
        assert_refused(answer, 400, words)


@pytest.mark.parametrize(
    "body", [{}, {"closure_date": "soon"}, {"closure_date": 1}, [], {"closure_date": "2026-02-30"}]
)
def test_create_a_malformed_one(api: ApiClient, adam: User, body: Any) -> None:
    assert problem(api.by(adam)("POST", "/lotteries", body=body))[0] == 422


def test_a_name_that_is_too_long(api: ApiClient, adam: User) -> None:
    body = {"closure_date": tomorrow(), "name": "x" * 101}
    assert problem(api.by(adam)("POST", "/lotteries", body=body))[0] == 422


def test_creating_is_for_admins(api: ApiClient, alice: User) -> None:
    body = {"closure_date": tomorrow()}
    assert problem(api.by(alice)("POST", "/lotteries", body=body))[0] == 403
    assert problem(api("POST", "/lotteries", body=body))[0] == 401
    assert api.headers["WWW-Authenticate"] == "Bearer"


# --- POST /lotteries/close_and_draw


def test_close_and_draw(api: ApiClient, adam: User, alice: User, box: BallotBox) -> None:
    submit(box, alice, 3, at=timezone.now())
    admin = api.by(adam)
    status, body = admin("POST", "/lotteries/close_and_draw", lottery_date=day(box))
    assert (status, set(body), body["is_closed"]) == (200, LOTTERY, True)
    winner = BallotBox.objects.get(pk=box.pk).winner
    assert winner
    assert body["winning_ballot_id"] == str(winner.ballot_id)
    again = admin("POST", "/lotteries/close_and_draw", lottery_date=day(box))
    assert_refused(again, 400, "already closed")


def test_close_one_without_ballots(api: ApiClient, adam: User, box: BallotBox) -> None:
    status, body = api.by(adam)("POST", "/lotteries/close_and_draw", lottery_date=day(box))
    assert (status, body["winning_ballot_id"]) == (200, None)


def test_close_an_unknown_one(api: ApiClient, adam: User) -> None:
    answer = api.by(adam)("POST", "/lotteries/close_and_draw", lottery_date="2020-01-01")
    assert_refused(answer, 404, "not found")


def test_closing_is_for_admins(api: ApiClient, alice: User, box: BallotBox) -> None:
    for client, status in ((api.by(alice), 403), (api, 401)):
        answer = client("POST", "/lotteries/close_and_draw", lottery_date=day(box))
        assert problem(answer)[0] == status


# --- Ballots


def test_submit_a_ballot(api: ApiClient, alice: User, box: BallotBox) -> None:
    status, body = api.by(alice)("POST", "/ballots", lottery_date=day(box))
    assert (status, set(body)) == (201, BALLOT)
    assert (body["user_id"], body["lottery_id"]) == (str(alice.pk), str(box.pk))
    assert BallotBox.objects.get(pk=box.pk).ballots.get().pk == UUID(body["id"])


def test_who_may_not_submit_and_where(
    api: ApiClient, alice: User, adam: User, box: BallotBox
) -> None:
    closed = BoxFactory.create()
    for client, date_, status, words in (
        (api.by(adam), day(box), 403, "Admins cannot submit ballots"),
        (api.by(alice), day(closed), 400, "closed lottery"),
        (api.by(alice), "2019-01-01", 404, "not found"),
        (api, day(box), 401, "Sign in"),
    ):
        assert_refused(client("POST", "/ballots", lottery_date=date_), status, words)
    assert not BallotBox.objects.filter(ballot_count__gt=0).exists()


def test_my_ballots(api: ApiClient, alice: User, bob: User, box: BallotBox) -> None:
    mine = submit(box, alice, 2, at=timezone.now())
    submit(box, bob, 1, at=timezone.now())
    status, body = api.by(alice)("GET", "/ballots/mine")
    assert status == 200
    assert [set(ballot) for ballot in body] == [BALLOT, BALLOT]
    expected = mine.ballots.order_by("-number").values_list("pk", flat=True)
    assert [ballot["id"] for ballot in body] == [str(pk) for pk in expected]


def test_the_ballots_of_a_lottery(api: ApiClient, alice: User, adam: User, box: BallotBox) -> None:
    submit(box, alice, 3, at=timezone.now())
    status, body = api.by(adam)("GET", f"/ballots/lottery/{day(box)}")
    assert (status, len(body), set(body[0])) == (200, 3, BALLOT)
    assert problem(api.by(alice)("GET", f"/ballots/lottery/{day(box)}"))[0] == 403
    assert problem(api("GET", f"/ballots/lottery/{day(box)}"))[0] == 401


def test_health_and_ping(api: ApiClient) -> None:
    assert api("GET", "/health")[0] == api("GET", "/ping")[0] == 200
    BoxFactory.create()
    assert problem(api("GET", "/health"))[0] == 503
