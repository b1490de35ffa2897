"""Web processes count together: none has a limit of its own."""

import subprocess
import sys

import pytest
from django.conf import settings

from accounts.limits.counting import Limit
from accounts.refusals import TooManyRequests
from ballots.tests.processes import process_environment

LIMIT = Limit("tests", most=30, seconds=3600)
PROGRAM = """
import django; django.setup()
from accounts.refusals import TooManyRequests
from accounts.limits.counting import Limit
passed, limit = 0, Limit("tests", most=30, seconds=3600)
for _ in range(20):
    try:
        limit.spend("alice")
        passed += 1
    except TooManyRequests:
        pass
print(passed)
"""


@pytest.mark.django_db(transaction=True)
def test_two_at_the_limit_at_once_pass_it_by_none() -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=process_environment(),
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    passed = [int(process.communicate(timeout=60)[0]) for process in started]
    assert sum(passed) == LIMIT.most
    with pytest.raises(TooManyRequests):
        LIMIT.spend("alice")
