"""The pages that describe the API: from this installation alone, under the site's policy."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from conftest import needs
from lottery_site.api import api
from lottery_site.tests.browsers import CHROMIUM


def schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_openapi_3_1(db: None, stranger: Client) -> None:
    assert stranger.get("/api/openapi.json").json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(("name", "operation"), operations(), ids=lambda one: str(one)[:40])
def test_every_operation_is_described(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"].endswith(".")
    statuses = set(operation["responses"])
    assert statuses & {200, 201, 204}
    assert (401 in statuses) >= ("security" in operation)
    for status, response in operation["responses"].items():
        kind = "application/problem+json" if int(status) >= 400 else "application/json"
        assert status == 204 or list(response["content"]) == [kind]


def test_everything_sent_has_an_example() -> None:
    for name in ("Registration", "Credentials", "LotteryIn"):
        found = schema()["components"]["schemas"].get(name)
        if found:
            described = [str(field) for field in found["properties"].values()]
            assert all("example" in field or "default" in field for field in described)


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
