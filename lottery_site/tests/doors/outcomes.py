"""What came of an attempt, whichever the door: whether anything was stored, and what was said."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple

from django.core.management import CommandError
from django.utils.html import strip_tags

from accounts.mail.models import Mail
from accounts.models import User
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Holding, Submission
from lotteries.models import Lottery

MODELS = (User, Mail, Lottery, BallotBox, Submission, Ballot, Draw, DrawnBallot, Holding)
DONE = "done"


class Outcome(NamedTuple):
    is_done: bool
    said: str


def attempt(way: Callable[..., str], *values: Any) -> Outcome:
    before = read_rows()
    try:
        said = way(*values)
    except CommandError as error:
        said = str(error)
    return Outcome(read_rows() != before, said)


def read_rows() -> list[list[str]]:
    return [sorted(map(str, model._default_manager.values_list())) for model in MODELS]


def assert_outcome(expected: str, way: Callable[..., str], *values: Any) -> None:
    """It is DONE, or nothing is stored and these words are said."""
    outcome = attempt(way, *values)
    assert outcome.is_done is (expected == DONE), outcome.said
    assert expected == DONE or expected.lower() in outcome.said.lower(), outcome.said


def words_of(response: Any) -> str:
    """What an answer says: the text of a page, or the detail of a problem."""
    assert response.status_code < 500
    body = response.content.decode()
    if response["Content-Type"].startswith("application/problem+json"):
        return str(json.loads(body)["detail"])
    return " ".join(unescape(strip_tags(body)).split())
