"""The day of a lottery in the README: exactly its lines, run by a shell."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from accounts.registering import register
from ballots.models import BallotBox
from conftest import needs

README = (settings.BASE_DIR / "README.md").read_text()


@needs("curl", present=shutil.which("curl"))
@pytest.mark.django_db(transaction=True)
def test_the_day_of_a_lottery_with_curl(live_server: LiveServer, tmp_path: Path) -> None:
    register(
        email="admin@localhost",
        username="admin",
        password="the password of the first start",
        is_admin=True,
    )
    (lines,) = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = lines.replace("http://localhost:8000", live_server.url)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", lines],
        cwd=tmp_path,
        env=os.environ | {"ADMIN_PASSWORD": "the password of the first start"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.count("\nEvery step holds.") == 2  # with and without a receipt
    assert '"detail"' not in done.stdout
    box = BallotBox.objects.with_results().get()
    assert box.ballot_count == 11
    assert box.winner
    assert str(box.winner.ballot_id) in done.stdout
