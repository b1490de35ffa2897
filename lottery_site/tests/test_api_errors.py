"""Every error of the API is a problem, and names nothing that its caller does not know."""

import json
import re

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.asking import ask
from ballots.tests.factories import day, open_box
from lottery_site.tests.descriptions import fields_of, operations, parameters_of

PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("GET", "/lotteries/today/", 422),
        ("GET", "/lotteries/2026-02-30", 422),
        ("GET", "/lotteries/0", 422),
        ("GET", "/lotteries/2026-W48-5", 422),
        ("GET", "/lotteries/20261224", 422),
        ("DELETE", "/lotteries", 405),
        ("PATCH", "/lotteries/2026-12-24", 405),
        ("PUT", "/lotteries/2026-12-24", 405),
        ("PUT", "/ballots/mine", 405),
    ],
)
def test_every_error_has_one_shape(db: None, method: str, path: str, status: int) -> None:
    answer = ask(method, path)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert set(answer.json()) == {"title", "status", "detail"}
    assert ("Allow" in answer) == (status == 405)


# --- Bodies

OF_HOLDERS = ["/lotteries/pass_over", "/lotteries/hand_over"]
WITH_JSON = ["/user/register", "/user/password", "/user/email", "/lotteries", *OF_HOLDERS]
BODIES = {
    b"": "body: Field required",
    b"{": "see line 1, column 2",
    b"\xef\xbb\xbf{}": "see line 1, column 1",
    b"[]": "must be a JSON object",
    b"null": "must be a JSON object",
    b'"name"': "must be a JSON object",
    b'{"name": 1, "name": 2}': "A name is in it twice",
    b'{"reason": {"a": 1, "a": 1}}': "A name is in it twice",
    b'{"number": NaN}': "NaN is no number",
    b'{"number": -Infinity}': "-Infinity is no number",
    b'{"number": ' + b"9" * 5000 + b"}": "beyond measure",
    b"[" * 100_000: "beyond measure",
    b"\xff": "not JSON in UTF-8",
    "{}".encode("utf-16"): "not JSON in UTF-8",
    '{"name": "é"}'.encode("latin-1"): "not JSON in UTF-8",
}


@pytest.mark.parametrize("path", WITH_JSON)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:20]))
def test_a_body_that_is_unclear_is_refused(adam: User, path: str, body: bytes) -> None:
    if path in OF_HOLDERS:
        path += f"?lottery_date={day(open_box())}"
    answer = ask("POST", path, adam, data=body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert BODIES[body] in answer.json()["detail"]


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udfff\\ud800"])
def test_text_that_no_database_keeps_is_refused(db: None, text: str) -> None:
    body = f'{{"username": "x{text}yz", "email": "a{text}@example.org", "password": "{text}"}}'
    answer = ask("POST", "/user/register", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert "pattern" not in answer.json()["detail"]
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; charset=utf-8",
        "application/json; charset=nonsense",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",  # what curl says if nobody tells it
        "text/plain",
        "nonsense",
    ],
)
def test_json_is_json_whatever_it_is_called(db: None, kind: str) -> None:
    body = {"username": "carol", "email": "carol@example.org", "password": "blue suede shoes 7"}
    answer = ask("POST", "/user/register", data=json.dumps(body), content_type=kind)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 422),
        ("text/plain", 422),
        ("application/x-www-form-urlencoded; charset=utf-16", 400),
        ("application/x-www-form-urlencoded; charset=nonsense", 401),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=x", 422),
    ],
)
def test_a_form_that_is_none(db: None, kind: str, status: int) -> None:
    answer = ask("POST", "/auth/login", data=b"username=x&password=\xff", content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert set(answer.json()) == {"title", "status", "detail", "error", "error_description"}


@pytest.mark.parametrize("path", ["/user/register", "/auth/login"])
def test_a_body_that_is_too_large_is_refused(db: None, path: str) -> None:
    answer = ask("POST", path, data=b"a" * 3_000_000, content_type=FORM)
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_more_fields_than_anybody_needs_are_refused(db: None) -> None:
    fields = "&".join(f"f{number}=1" for number in range(1001))
    for answer in (
        ask("GET", f"/lotteries?{fields}"),
        ask("POST", "/auth/login", data=fields, content_type=FORM),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
        assert "settings" not in answer.json()["detail"].lower()


# --- Names


NAMES = {
    name: {*parameters_of(operation), *fields_of(operation)}
    for name, operation in operations().items()
}


@pytest.mark.parametrize("operation", NAMES)
def test_what_is_wrong_or_missing_has_the_callers_name(
    alice: User, adam: User, operation: str
) -> None:
    names, (method, path) = NAMES[operation], operation.split()
    values = dict.fromkeys(names, 1.5)
    wrong = "&".join(f"{name}=%20" for name in values)
    for user in (alice, adam):
        for query in ("", f"?{wrong}", "?lottery_date=2020-02-29"):
            for body in (None, {}, values):
                for place in ("2020-02-30", "x"):
                    target = path.replace("{closure_date}", place).replace("{ballot_id}", place)
                    answer = ask(method, target + query, user, body=body)
                    if answer.status_code == 422:
                        detail = answer.json()["detail"]
                        assert set(re.findall(r"(?:^|\. )([\w.-]+): ", detail)) <= {
                            *names,
                            "body",
                            "Known",  # what is known, where something else was sent
                        }, detail
                        assert "loc" not in detail


def test_the_names_are_found_where_there_are_any(adam: User) -> None:
    """So that the test above cannot pass for want of names."""
    assert "number: " in ask("POST", "/lotteries/pass_over", adam, body={}).json()["detail"]
    assert "from: " in ask("GET", f"/lotteries/{day(open_box())}/consistency").json()["detail"]
    assert "limit: " in Client().get("/api/lotteries?limit=x").json()["detail"]
