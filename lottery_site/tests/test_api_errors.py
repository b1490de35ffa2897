"""Every error of the API is a problem, and names nothing that its caller does not know."""

import pytest

from accounts.models import User
from accounts.tests.asking import ask


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
