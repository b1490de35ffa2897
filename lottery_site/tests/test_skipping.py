"""What an operation of the API would skip is refused, for every operation of the description."""

import json
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import PASSWORD
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import day, open_box
from lottery_site.api import api
from lottery_site.tests.descriptions import fields_of, operations, parameters_of

FORM = "application/x-www-form-urlencoded"
OPERATIONS = operations()
TOKEN = "POST /auth/login"
ALL = [name for name in OPERATIONS if name != TOKEN]
WITH_BODY = [name for name in ALL if fields_of(OPERATIONS[name])]
WITHOUT_BODY = [name for name in ALL if not fields_of(OPERATIONS[name])]
WITH_QUERY = [
    (name, each["name"])
    for name in ALL
    for each in OPERATIONS[name]["parameters"]
    if each["in"] == "query"
]


@pytest.fixture
def box() -> BallotBox:
    return open_box()


def ask_of(name: str, user: User, box: BallotBox, *, query: str = "", **options: Any) -> Any:
    method, path = name.split()
    path = path.replace("{closure_date}", day(box)).replace("{ballot_id}", str(box.pk))
    return ask(method, f"{path}?{query}", user, **options)


def detail(answer: Any) -> str:
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    return str(answer.json()["detail"])


@pytest.mark.parametrize("name", ALL)
def test_an_unknown_parameter_is_named_beside_the_known_ones(
    adam: User, box: BallotBox, name: str
) -> None:
    said = detail(ask_of(name, adam, box, query="quantitiy=5"))
    assert said.startswith("Not known here: quantitiy. Known: ")
    known = {each for operation, each in WITH_QUERY if operation == name} or {"none"}
    assert set(said.removesuffix(".").rpartition(": ")[2].split(", ")) == known


@pytest.mark.parametrize(("name", "parameter"), WITH_QUERY)
def test_a_parameter_given_twice_is_named(
    adam: User, box: BallotBox, name: str, parameter: str
) -> None:
    said = detail(ask_of(name, adam, box, query=f"{parameter}=1&{parameter}=1"))
    assert said == f"Given more than once: {parameter}."


def test_the_wrong_number_of_ballots_is_not_submitted(alice: User, box: BallotBox) -> None:
    asked = f"/ballots?lottery_date={day(box)}"
    for more in ("&quantitiy=5", "&quantity=5&quantity=6", "&Quantity=5"):
        detail(ask("POST", asked + more, alice))
    detail(ask("POST", asked, alice, body={"quantity": 5}))
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("name", WITH_BODY)
def test_an_unknown_member_is_named_beside_the_known_ones(
    adam: User, box: BallotBox, name: str
) -> None:
    operation = OPERATIONS[name]
    query = f"lottery_date={day(box)}" if "lottery_date" in parameters_of(operation) else ""
    said = detail(ask_of(name, adam, box, query=query, body={"naem": "fox"}))
    assert said == f"body: Not known here: naem. Known: {', '.join(fields_of(operation))}."


@pytest.mark.parametrize("name", WITH_BODY)
def test_the_description_says_that_bodies_have_no_more(name: str) -> None:
    (content,) = OPERATIONS[name]["requestBody"]["content"].values()
    schema = content["schema"]["$ref"].rpartition("/")[2]
    described = api.get_openapi_schema()["components"]["schemas"][schema]
    assert described["additionalProperties"] is False
    assert "$ref" not in json.dumps(described["properties"])  # which would need the same


def test_nothing_is_changed_by_a_body_with_too_much(adam: User) -> None:
    body = {"closure_date": timezone.localdate().isoformat(), "names": "fox"}
    detail(ask("POST", "/lotteries", adam, body=body))
    assert not BallotBox.objects.exists()


@pytest.mark.parametrize("name", WITHOUT_BODY)
def test_a_body_where_none_is_read_is_refused(adam: User, box: BallotBox, name: str) -> None:
    for body in (b'{"quantity": 5}', b"[]", b"quantity=5"):
        for kind in ("application/json", FORM, "text/plain"):
            answer = ask_of(name, adam, box, data=body, content_type=kind)
            assert detail(answer) == "Send no body: nothing of it would be read."


def test_an_empty_object_or_form_is_no_body(alice: User, box: BallotBox) -> None:
    """Some libraries send it where there is nothing to send."""
    asked = f"/ballots?lottery_date={day(box)}"
    form = b"--x--\r\n"
    for body, kind in ((b"{}", "application/json"), (form, "multipart/form-data; boundary=x")):
        assert ask("POST", asked, alice, data=body, content_type=kind).status_code == 201
    form = b'--x\r\nContent-Disposition: form-data; name="quantity"\r\n\r\n5\r\n--x--\r\n'
    detail(ask("POST", asked, alice, data=form, content_type="multipart/form-data; boundary=x"))


@pytest.mark.parametrize("name", [name for name in ALL if OPERATIONS[name].get("security")])
def test_who_is_not_signed_in_hears_that_first(db: None, name: str) -> None:
    method, path = name.split()
    assert ask(method, f"{path}?quantitiy=5").status_code == 401


def test_much_that_is_unknown_is_not_all_repeated(db: None) -> None:
    names = {f"{number:05}" + "x" * 1000: 1 for number in range(1000)}
    said = detail(ask("POST", "/user/register", body=names))
    assert said.startswith("body: Not known here: 00000x")
    assert len(said) < 1000
    many = "&".join(f"{number}=" for number in range(900))
    assert len(detail(ask("GET", f"/results?{many}"))) < 1000


def test_a_member_that_no_text_can_have_is_named(db: None) -> None:
    answer = ask("POST", "/user/register", data=b'{"\\ud800": 1}', content_type="application/json")
    assert detail(answer).startswith("body: Not known here: ?. Known: ")


def test_where_tokens_are_given_what_is_unknown_is_ignored(alice: User) -> None:
    """As OAuth clients expect it (RFC 6749, section 3.2)."""
    form = f"username=alice@example.org&password={PASSWORD}&scope=all&audience=x"
    for path in ("/auth/login", "/auth/login?tenant=1"):
        assert ask("POST", path, data=form, content_type=FORM).status_code == 200


@pytest.mark.parametrize("name", ["username", "password", "scope"])
def test_where_tokens_are_given_too_nothing_is_given_twice(alice: User, name: str) -> None:
    form = f"username=alice@example.org&password={PASSWORD}&scope=all&{name}=x"
    answer = ask("POST", "/auth/login", data=form, content_type=FORM)
    assert detail(answer) == f"Given more than once: {name}."
    assert answer.json()["error"] == "invalid_request"
