"""Registering through the API."""

from pytest_django import Settings

from accounts.tests.asking import ask

BODY = {"username": "x", "email": "x@example.org", "password": "x"}


def test_registering_is_limited_by_address(db: None, settings: Settings) -> None:
    settings.REGISTER_RATE = (2, 3600)
    answers = [ask("POST", "/user/register", body=BODY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert answers[-1]["Content-Type"] == "application/problem+json"
