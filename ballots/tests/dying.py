# ruff: noqa: E402  Django is set up before its models are imported
"""A process that is killed: python -m ballots.tests.dying VERB STEP

Runs the verb (draw, submit, results, decline or deadline) on the one lottery there is, and kills
itself (SIGKILL) after the SQL statement number STEP. It ends well where the verb has fewer
statements, and dies right after the commit if STEP is 0.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import django

django.setup()

from django.db import connection, transaction

from accounts.models import User
from ballots.claiming import decline
from ballots.mails.results import queue_results
from ballots.tests.factories import MIDNIGHT, draw, submit
from ballots.tests.winning import holder
from ballots.unclaimed import pass_over_unclaimed
from lotteries.models import Lottery

lottery, participant = Lottery.objects.select_related("box").get(), User.objects.all()[0]
closes_at = lottery.closes_at


def winner() -> User:
    return holder(lottery.box).participant


verbs: dict[str, Callable[[], object]] = {
    "draw": lambda: draw(lottery.box),
    "submit": lambda: submit(lottery.box, participant, 3),
    "results": lambda: queue_results(MIDNIGHT, batch=2),
    "decline": lambda: decline(lottery, winner(), clock=lambda: closes_at),
    "deadline": lambda: pass_over_unclaimed(lottery, clock=lambda: closes_at + timedelta(days=7)),
}
verb, step, statements = verbs[sys.argv[1]], int(sys.argv[2]), count(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after_the_step(execute: Callable[..., Any], *args: Any) -> Any:
    result = execute(*args)
    if next(statements) == step:
        die()
    return result


with connection.execute_wrapper(die_after_the_step):
    verb()
if step == 0:
    transaction.on_commit(die)
