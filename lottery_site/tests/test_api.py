"""The API beyond its contract: roles, pages of lists, receipts, tokens, limits and errors."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import AccessToken, User
from accounts.tests.factories import PASSWORD
from accounts.tokens import issue_token, user_of
from ballots.checkers import verify_draw
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from lottery_site.api import api


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def ask(method: str, path: str, user: User | None = None, **options: Any) -> Any:
    headers = options.pop("headers", {})
    if user:
        headers["Authorization"] = f"Bearer {issue_token(user)}"
    if body := options.pop("body", None):
        options |= {"data": json.dumps(body), "content_type": "application/json"}
    return Client().generic(method, f"/api{path}", headers=headers, **options)


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = open_box()
    submit(box, alice, 3, at=timezone.now())
    return box


def day(box: BallotBox) -> str:
    return box.lottery.closure_date.isoformat()


# --- Roles: a stranger, alice (who has the ballots), bob, adam (a Lottery admin), a superuser

ROLES = {
    "POST /user/register": "422 422 422 422 422",
    "POST /auth/login": "422 422 422 422 422",
    "POST /auth/logout": "401 204 204 204 204",
    "GET /user/me": "401 200 200 200 200",
    "POST /user/password": "401 422 422 422 422",
    "GET /lotteries": "200 200 200 200 200",
    "POST /lotteries": "401 403 403 422 422",
    "POST /lotteries/close_and_draw": "401 403 403 200 400",
    "POST /lotteries/pass_over": "401 403 403 422 422",
    "GET /lotteries/{closure_date}": "200 200 200 200 200",
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
    "GET /health": "200 200 200 200 200",
    "GET /ping": "200 200 200 200 200",
}


def test_the_table_has_every_operation(db: None) -> None:
    paths = api.get_openapi_schema()["paths"]
    found = {
        f"{method.upper()} {path.removeprefix('/api')}"
        for path, methods in paths.items()
        for method in methods
    }
    assert found == set(ROLES)


@pytest.mark.parametrize("operation", ROLES)
def test_what_each_may_do(
    box: BallotBox, alice: User, bob: User, adam: User, root: User, operation: str
) -> None:
    ballot = str(Ballot.objects.get(box=box, number=1).pk)
    named = operation.replace("{closure_date}", day(box)).replace("{ballot_id}", ballot)
    method, path = named.split()
    query = {"proof": "?number=1", "consistency": "?from=1"}.get(
        path.rpartition("/")[2], f"?lottery_date={day(box)}"
    )
    people = (None, alice, bob, adam, root)
    answers = [str(ask(method, path + query, user).status_code) for user in people]
    assert " ".join(answers) == ROLES[operation]


def test_a_session_signs_nobody_in(box: BallotBox, alices_browser: Client) -> None:
    assert alices_browser.get("/api/ballots/mine").status_code == 401
    assert alices_browser.post(f"/api/ballots?lottery_date={day(box)}").status_code == 401


# --- Tokens


def test_a_token_is_stored_as_its_hash(alice: User) -> None:
    token = issue_token(alice)
    assert token not in str(AccessToken.objects.values())
    assert user_of(token) == alice
    assert user_of(token + "x") is user_of("") is None


def test_a_token_expires(alice: User, settings: Settings) -> None:
    settings.ACCESS_TOKEN_EXPIRE_MINUTES = 10
    at = timezone.now()
    token = issue_token(alice, at=at)
    assert user_of(token, at=at + timedelta(minutes=9)) == alice
    assert user_of(token, at=at + timedelta(minutes=10)) is None


def test_expired_tokens_are_swept_up(alice: User) -> None:
    issue_token(alice, at=timezone.now() - timedelta(days=30))
    issue_token(alice)
    assert AccessToken.objects.count() == 1


def test_another_password_ends_all_tokens(alice: User) -> None:
    token = issue_token(alice)
    alice.set_password("another long password")
    alice.save()
    assert user_of(token) is None


def test_a_closed_account_has_no_tokens(alice: User) -> None:
    token = issue_token(alice)
    User.objects.update(is_active=False)
    assert user_of(token) is None


def test_signing_out_revokes_the_token_alone(alice: User) -> None:
    kept, token = issue_token(alice), issue_token(alice)
    headers = {"Authorization": f"Bearer {token}"}
    assert ask("POST", "/auth/logout", headers=headers).status_code == 204
    assert ask("POST", "/auth/logout", headers=headers).status_code == 401
    assert user_of(kept) == alice


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x y", "é"])
def test_what_is_no_token(db: None, header: str) -> None:
    assert ask("GET", "/ballots/mine", headers={"Authorization": header}).status_code == 401


# --- The account


def test_whose_token_it_is(alice: User) -> None:
    answer = ask("GET", "/user/me", alice).json()
    assert (answer["id"], answer["email"]) == (str(alice.pk), "alice@example.org")


def test_another_password(alice: User) -> None:
    body = {"old_password": PASSWORD, "new_password": "green suede shoes 8"}
    assert ask("POST", "/user/password", alice, body=body).status_code == 204
    assert User.objects.get(pk=alice.pk).check_password("green suede shoes 8")


def test_a_wrong_password_is_explained(alice: User) -> None:
    body = {"old_password": "wrong", "new_password": "123"}
    said = ask("POST", "/user/password", alice, body=body).json()["detail"]
    assert "old_password: Your old password was entered incorrectly" in said
    assert "This password is too short" in said


@pytest.mark.parametrize(
    "wrong", [{"old_password": "wrong"}, {"new_password": "123"}, {"new_password": None}]
)
def test_a_password_that_is_none(alice: User, wrong: dict[str, Any]) -> None:
    body = {"old_password": PASSWORD, "new_password": "green suede shoes 8"} | wrong
    assert ask("POST", "/user/password", alice, body=body).status_code == 422
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)


# --- Admins


def test_a_winner_is_passed_over_once(alice: User, adam: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 5)
    winner = draw(box).winning_ballot
    assert winner
    body = {"number": winner.number, "reason": "could not be reached"}
    path = f"/lotteries/pass_over?lottery_date={day(box)}"
    first, again = (ask("POST", path, adam, body=body) for _ in range(2))
    assert first.json()["winner"]["id"] != str(winner.pk)
    assert (first.status_code, again.status_code) == (200, 400)
    assert "is not the winning ballot" in again.json()["detail"]


def test_a_lottery_without_ballots_is_withdrawn(adam: User, box: BallotBox) -> None:
    empty = open_box(days=4)
    assert ask("DELETE", f"/lotteries/{day(empty)}", adam).status_code == 204
    assert ask("DELETE", f"/lotteries/{day(empty)}", adam).status_code == 404
    assert "cannot be withdrawn" in ask("DELETE", f"/lotteries/{day(box)}", adam).json()["detail"]


# --- Submissions


def test_my_receipt_any_time(box: BallotBox, alice: User) -> None:
    ballot = Ballot.objects.get(box=box, number=2)
    found = ask("GET", f"/ballots/{ballot.pk}/receipt", alice).json()
    verify_draw.conform("the receipt", found, verify_draw.RECEIPT)
    assert (found["number"], found["ballot"]) == (2, str(ballot.pk))


def test_a_quantity_with_its_receipts(box: BallotBox, bob: User) -> None:
    answer = ask("POST", f"/ballots?lottery_date={day(box)}&quantity=4", bob)
    receipts = answer.json()["receipts"]
    assert [receipt["number"] for receipt in receipts] == [4, 5, 6, 7]
    for receipt in receipts:
        verify_draw.conform("the receipt", receipt, verify_draw.RECEIPT)
    assert receipts[0]["ballot"] == answer.json()["id"]


@pytest.mark.parametrize("quantity", ["0", "-1", "101", "x", "1.5", "9" * 30])
def test_a_quantity_that_is_none(box: BallotBox, bob: User, quantity: str) -> None:
    answer = ask("POST", f"/ballots?lottery_date={day(box)}&quantity={quantity}", bob)
    assert answer.status_code == 422
    assert BallotBox.objects.get(pk=box.pk).ballot_count == 3


def test_a_repeated_key_makes_no_new_ballots(box: BallotBox, bob: User) -> None:
    path, headers = f"/ballots?lottery_date={day(box)}&quantity=2", {"Idempotency-Key": "one"}
    first, again = (ask("POST", path, bob, headers=dict(headers)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert BallotBox.objects.get(pk=box.pk).ballot_count == 5


def test_a_key_is_its_owners_and_of_one_quantity(box: BallotBox, alice: User, bob: User) -> None:
    path, headers = f"/ballots?lottery_date={day(box)}", {"Idempotency-Key": "one"}
    one, other = (ask("POST", path, user, headers=dict(headers)) for user in (alice, bob))
    assert one.json()["id"] != other.json()["id"]
    changed = ask("POST", f"{path}&quantity=2", bob, headers=dict(headers))
    assert changed.status_code == 422
    assert "was sent before, for 1 ballots" in changed.json()["detail"]


# --- Lists


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
    winner = draw(drawn).winning_ballot
    draw(empty)
    last, first = ask("GET", "/results").json()
    assert (last["lottery"]["id"], last["winner"]) == (str(empty.pk), None)
    assert winner
    assert first["winner"]["id"] == str(winner.pk)
    assert ask("GET", f"/results?to={day(drawn)}").json() == [first]


# --- The protocol's files are those of the pages


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


# --- Limits


def test_registering_is_limited_by_address(db: None, settings: Settings) -> None:
    settings.REGISTER_RATE = (2, 3600)
    answers = [ask("POST", "/user/register", body={"username": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_signing_in_is_limited_by_address(db: None, settings: Settings) -> None:
    settings.LOGIN_RATE = (2, 3600)
    answers = [ask("POST", "/auth/login").status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_submitting_is_limited_by_account(
    box: BallotBox, alice: User, bob: User, settings: Settings
) -> None:
    settings.SUBMISSION_RATE = (2, 3600)
    path = f"/ballots?lottery_date={day(box)}"
    assert [ask("POST", path, alice).status_code for _ in range(3)] == [201, 201, 429]
    assert ask("POST", path, bob).status_code == 201


def test_an_honest_client_meets_no_limit(box: BallotBox, alice: User) -> None:
    path = f"/ballots?lottery_date={day(box)}"
    assert {ask("POST", path, alice).status_code for _ in range(40)} == {201}


def sign_in(password: str) -> Any:
    return Client().post("/api/auth/login", {"username": "alice@example.org", "password": password})


def test_wrong_passwords_are_slowed_down_as_on_the_page(alice: User) -> None:
    answers = [sign_in("wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
    assert sign_in(PASSWORD).status_code == 429
    assert int(answers[-1]["Retry-After"]) == 900
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_the_right_password_ends_the_count_of_wrong_ones(alice: User) -> None:
    passwords = (["wrong"] * 4 + [PASSWORD]) * 2
    answers = [sign_in(password).status_code for password in passwords]
    assert answers == ([401] * 4 + [200]) * 2


# --- Errors


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("GET", "/lotteries/today/", 422),
        ("GET", "/lotteries/2026-02-30", 422),
        ("GET", "/lotteries/0", 422),
        ("DELETE", "/lotteries", 405),
        ("PATCH", "/lotteries/2026-12-24", 405),
        ("PUT", "/lotteries/2026-12-24", 405),
        ("PUT", "/ballots/mine", 405),
    ],
)
def test_every_error_has_one_shape(db: None, method: str, path: str, status: int) -> None:
    answer = ask(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert set(answer.json()) == {"title", "status", "detail"}
    assert ("Allow" in answer) == (status == 405)


def test_a_body_that_is_no_json(adam: User) -> None:
    for body in (b"{", b"\xff", b"[" * 100_000):
        answer = ask("POST", "/lotteries", adam, data=body, content_type="application/json")
        assert answer.status_code == 422


def test_an_answer_with_a_token_is_kept_by_no_cache(alice: User) -> None:
    assert ask("GET", "/ballots/mine", alice)["Cache-Control"] == "no-store"


# --- Cost


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/lotteries?state=all", 2),
        ("/results", 2),
        ("/ballots/mine", 3),
        ("/ballots/lottery/DAY", 4),
        ("/lotteries/DAY", 1),
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
    user = adam if "lottery/" in path else alice
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
