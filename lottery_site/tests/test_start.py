"""scripts/start: what make run, the container and a service manager call."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

from accounts.tests.mail.server import MailServer
from ballots.tests.processes import running, wait_until
from lottery_site.tests.processes import MACHINE, collect_static_files

START = str(settings.BASE_DIR / "scripts" / "start")
CHECK_PORT = str(settings.BASE_DIR / "scripts" / "check_port.py")

pytestmark = pytest.mark.skipif(
    not (settings.BASE_DIR / ".venv").exists(), reason="scripts/start uses .venv"
)


@pytest.fixture(scope="module")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the collected static files, which all of these sites serve."""
    folder = str(tmp_path_factory.mktemp("static"))
    collect_static_files(MACHINE | {"STATIC_ROOT": folder})
    return folder


@pytest.fixture
def site(tmp_path: Path, static_root: str) -> dict[str, str]:
    """The environment of a site of its own, at a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = {"DATA_DIR": str(tmp_path), "PORT": str(port), "WEB_CONCURRENCY": "1"}
    return MACHINE | made | {"STATIC_ROOT": static_root}


def status(site: dict[str, str], path: str, host: str = "localhost") -> int:
    connection = HTTPConnection("127.0.0.1", int(site["PORT"]), timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped_and_leaves_nothing_behind(
    site: dict[str, str], stop: signal.Signals
) -> None:
    with running(START, "--watch", env=site) as process:
        wait_until(lambda: status(site, "/health") == 200)
        assert status(site, "/admin/login/") == 302
        assert status(site, "/draw-protocol/") == 200
        os.killpg(process.pid, stop)
        output, _ = process.communicate(timeout=20)
        wait_until(lambda: is_gone(process.pid))
    lines = output.splitlines()
    assert lines[0].startswith("Admin: admin@localhost, sign in at http://localhost:")
    assert lines[1].startswith("Password: ")
    assert lines[2] == f"Lottery Site is ready: http://localhost:{site['PORT']} (Ctrl-C stops it)"
    assert "Traceback" not in output


def test_a_second_start_keeps_what_is_there(site: dict[str, str], tmp_path: Path) -> None:
    for expected in (3, 2):  # the password is told once
        with running(START, env=site) as process:
            wait_until(lambda: status(site, "/health") == 200)
            process.terminate()
            output, _ = process.communicate(timeout=20)
        assert len(output.splitlines()) == expected
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("lottery.sqlite3*")} == {0}


def test_an_https_site_is_probed_by_any_name_and_warns_once_of_printed_mails(
    site: dict[str, str],
) -> None:
    with running(START, "--watch", env=site | {"SITE_URL": "https://a.example"}) as process:
        wait_until(lambda: status(site, "/health", "10.0.0.5") == 200)
        assert status(site, "/api/ping", "not a name") == 200
        assert status(site, "/", "10.0.0.5") == 400
        os.killpg(process.pid, signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    assert output.count("Mails reach nobody") == 1
    assert output.splitlines()[-1].endswith(
        "INFO lottery_site.hosts: Refused a request for the unknown host 10.0.0.5"
    )


def register(site: dict[str, str], email: str) -> int:
    body = {"email": email, "username": "alice", "password": "correct horse battery staple"}
    connection = HTTPConnection("127.0.0.1", int(site["PORT"]), timeout=5)
    headers = {"Host": "localhost", "Content-Type": "application/json"}
    connection.request("POST", "/api/user/register", json.dumps(body), headers)
    with closing(connection):
        return connection.getresponse().status


def test_a_mail_under_way_is_handed_back_and_sent_after_the_next_start(
    site: dict[str, str], tmp_path: Path
) -> None:
    server = MailServer()
    given = site | {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    with closing(server):
        with running(START, env=given) as process:
            wait_until(lambda: status(site, "/health") == 200)
            assert register(site, "hang@example.org") == 201
            assert server.hanging.wait(30)
            process.terminate()
            process.communicate(timeout=20)
        with closing(sqlite3.connect(tmp_path / "lottery.sqlite3")) as database:
            rows = database.execute("SELECT kind, lease, sent_at, tries FROM accounts_mail")
            assert rows.fetchall() == [("confirm", None, None, 0)]
        server.never_hangs = True
        with running(START, env=given):
            wait_until(lambda: server.receivers == ["hang"])


def test_files_that_are_not_collected_are_one_line(site: dict[str, str], tmp_path: Path) -> None:
    bare = site | {"STATIC_ROOT": str(tmp_path)}
    answer = subprocess.run([START], env=bare, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1
    assert answer.stderr.endswith(" first.\n")
    assert "not collected: run manage.py collectstatic --noinput" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_bad_setting_is_one_line(site: dict[str, str]) -> None:
    answer = subprocess.run(
        [START], env=site | {"TIME_ZONE": "Mars"}, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settings: TIME_ZONE must be")
    assert len(answer.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        answer = subprocess.run(
            [sys.executable, CHECK_PORT], env={"PORT": port}, capture_output=True, text=True
        )
    assert answer.returncode == 1
    assert answer.stderr == (
        f"Port {port}: Address already in use. Choose another: make run PORT=8001\n"
    )


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("PORT={}", True),
        ("PORT = '{}' # ours", True),
        ('\ufeffexport PORT="{}"', True),
        ("PORT=٨٠٠٠", False),
        ("PORT: {}", False),
        ("PORT={}\nTIME ZONE", False),
    ],
)
def test_the_port_in_a_file_is_read_as_the_settings_read_it(
    tmp_path: Path, line: str, is_read: bool
) -> None:
    """Whatever they refuse is theirs to explain: this is silent."""
    for file in ("scripts/check_port.py", "lottery_site/env_file.py", "lottery_site/__init__.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(settings.BASE_DIR / file, tmp_path / file)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        (tmp_path / ".env").write_text(line.format(port) + "\n")
        program = [sys.executable, "-I", "-S", str(tmp_path / "scripts" / "check_port.py")]
        answer = subprocess.run(program, env={}, capture_output=True, text=True)
    assert (f"Port {port}: Address already in use" in answer.stderr) == is_read
    assert answer.returncode == int(is_read)


def test_an_old_python_is_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    answer = subprocess.run(
        [str(settings.BASE_DIR / "scripts" / "find-python")],
        env=MACHINE | {"PYTHON": str(old)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Python 3.11 or newer is needed")
    assert len(answer.stderr.splitlines()) == 1
