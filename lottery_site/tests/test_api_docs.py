"""The pages that describe the API: from this installation alone, under the site's policy."""

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from conftest import needs
from lottery_site.tests.browsers import CHROMIUM
from lottery_site.tests.descriptions import fields_of, operations, parameters_of

OPERATIONS = operations()
# To admins, or to who has closed the account meanwhile.
FORBIDDEN = {"POST /ballots", "PATCH /user/me", "POST /user/close"}


def test_it_is_openapi_3_1(db: None, stranger: Client) -> None:
    assert stranger.get("/api/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert set(operation["responses"]) & {200, 201, 204}
    for status, response in operation["responses"].items():
        kind = "application/problem+json" if int(status) >= 400 else "application/json"
        assert status == 204 or list(response["content"]) == [kind]


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_it_can_refuse_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    statuses, names = set(operation["responses"]), parameters_of(operation)
    (door,) = operation.get("security", [{}])
    assert statuses >= {400, 413, 422}  # of any that cannot be read, or has what would be skipped
    assert (404 in statuses) == bool(names & {"closure_date", "lottery_date", "ballot_id"})
    assert (401 in statuses) == (bool(door) or name == "POST /auth/login")
    assert (403 in statuses) == ("AdminToken" in door or name in FORBIDDEN)


def test_everything_sent_has_an_example() -> None:
    sent = [field for operation in OPERATIONS.values() for field in fields_of(operation).items()]
    assert len(sent) > 10
    for name, field in sent:
        assert {"examples", "default"} & set(field), name


def test_numbers_have_their_least_value() -> None:
    parameters = [each for operation in OPERATIONS.values() for each in operation["parameters"]]
    numbers = {
        each["name"]: str(each["schema"]) for each in parameters if "integer" in str(each["schema"])
    }
    assert set(numbers) == {"limit", "number", "size", "from", "to", "quantity"}
    assert all("'minimum': 1," in schema for schema in numbers.values())


@pytest.mark.once
@needs("browser", present=CHROMIUM)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_need_no_other_address(page: Page, live_server: LiveServer, path: str) -> None:
    """The page fixture fails where the content security policy objects to anything."""
    asked: list[str] = []
    page.on("response", lambda response: asked.append(response.url))
    page.goto(path)
    page.get_by_text("/lotteries/close_and_draw").first.wait_for()
    page.wait_for_timeout(500)
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
