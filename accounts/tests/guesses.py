"""Sign-ins as the tests of the limits make them."""

from typing import Any

from django.test import Client
from django.urls import reverse

SIGN_IN = reverse("accounts:sign_in")
MOST_WRONG = 5  # from one place
MOST_WRONG_IN_ALL = 20


def post(browser: Client, email: str, password: str, **extra: Any) -> Any:
    return browser.post(SIGN_IN, {"username": email, "password": password}, **extra)


def guess(browser: Client, email: str, times: int = MOST_WRONG, **extra: Any) -> Any:
    """Wrong passwords; returns the answer to the last one."""
    for _ in range(times):
        answer = post(browser, email, "wrong guess", **extra)
    return answer


def guess_from_everywhere(email: str) -> Any:
    """As many wrong passwords as one account may get in all, from a new address each."""
    for number in range(MOST_WRONG_IN_ALL):
        answer = guess(Client(), email, 1, REMOTE_ADDR=f"198.51.100.{number}")
    return answer
