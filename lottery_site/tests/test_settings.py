"""Settings come from the environment, and a bad one stops the start with one clear line."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lottery_site.environment import Environment
from lottery_site.tests.processes import MACHINE, manage, successful

NAMES = set(settings.ENVIRONMENT.names)


def values(*names: str, **environment: str | None) -> dict[str, Any]:
    """The settings of these names in a process with this environment."""
    program = (
        "import json; from django.conf import settings;"
        f"print(json.dumps({{n: getattr(settings, n) for n in {names!r}}}, default=str))"
    )
    found: dict[str, Any] = json.loads(
        successful("shell", "--verbosity", "0", "--no-imports", "-c", program, **environment)
    )
    return found


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, str]:
    return {"DATA_DIR": str(tmp_path)}


BAD = [
    ("DATABASE_URL", "mysql://host/name"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "postgres://"),
    ("SECRET_KEY", "short"),
    ("SITE_URL", "lottery.example.org"),
    ("SITE_URL", "https://lottery.example.org/path"),
    ("SITE_URL", "https://lottery.example.org:99999"),
    ("TIME_ZONE", "Amsterdam"),
    ("TIME_ZONE", "../etc/passwd"),
    ("PORT", "eighty"),
    ("PORT", "0"),
    ("PROJECT_NAME", "x" * 101),
    ("BIND_ADDRESS", "localhost"),
    ("WEB_CONCURRENCY", "0"),
    ("MAX_BALLOTS_PER_SUBMISSION", "0"),
    ("LOTTERIES_AHEAD", "-1"),
    ("DRAW_BEACON", "moon"),
    ("BEACON_DELAY", "0"),
    ("BEACON_RELAYS", "api.drand.sh"),
    ("BEACON_RELAYS", "https://api.drand.sh,"),
    ("BEACON_WAIT", "-1"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
    ("REGISTER_RATE", "60"),
    ("LOGIN_RATE", "0/m"),
    ("SUBMISSION_RATE", "many/s"),
    ("LOTTERY_ADMIN_USERNAME", "ab"),
    ("LOTTERY_ADMIN_EMAIL", "admin"),
    ("EMAIL_URL", "pigeon://loft"),
    ("EMAIL_URL", "smtp://"),
    ("DEFAULT_FROM_EMAIL", "lottery"),
    ("TRUSTED_PROXIES", "all"),
    ("DEBUG", "maybe"),
    ("DATA_DIR", "/dev/null/data"),
    ("ENV_FILE", "/no/such/file"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named_and_told_what_it_should_look_like(
    folder: dict[str, str], name: str, value: str
) -> None:
    answer = manage("check", **(folder | {name: value}))
    assert answer.returncode == 1
    assert re.fullmatch(rf"Settings: {name} must be .{{10,}}\.\n", answer.stderr)


def test_a_password_in_a_bad_value_is_not_repeated(folder: dict[str, str]) -> None:
    answer = manage("check", **folder, DATABASE_URL="mysql://me:hush-hush@host/name")
    assert "hush" not in answer.stdout + answer.stderr


def test_the_server_stops_with_the_same_line(folder: dict[str, str]) -> None:

    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:lottery_site.gunicorn",
            "lottery_site.wsgi",
        ],
        env=MACHINE | folder | {"TIME_ZONE": "Amsterdam"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert answer.returncode != 0
    assert "TIME_ZONE must be a time zone of the IANA database" in answer.stderr


def test_the_beacon_needs_its_library(folder: dict[str, str]) -> None:
    program = (
        "import runpy, sys; sys.modules['py_arkworks_bls12381'] = None; sys.argv[1:] = ['check'];"
        f"runpy.run_path({str(settings.BASE_DIR / 'manage.py')!r}, run_name='__main__')"
    )
    for beacon, status in (("none", 0), ("drand", 1)):
        answer = subprocess.run(
            [sys.executable, "-c", program],
            env=MACHINE | folder | {"DRAW_BEACON": beacon},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
        assert answer.returncode == status, answer.stderr
    assert answer.stderr == (
        "Settings: DRAW_BEACON must be none or drand; "
        "drand needs: pip install --requirement requirements-drand.txt.\n"
    )


def test_an_empty_value_means_the_default(folder: dict[str, str]) -> None:
    assert values("TIME_ZONE", **folder, TIME_ZONE="") == {"TIME_ZONE": "UTC"}


def test_the_port_is_in_the_address(folder: dict[str, str]) -> None:
    assert values("SITE_URL", **folder, PORT="8123") == {"SITE_URL": "http://localhost:8123"}


def test_a_file_gives_what_the_process_does_not(tmp_path: Path, folder: dict[str, str]) -> None:
    file = tmp_path / "settings.env"
    file.write_text('PROJECT_NAME="From the file"\nTIME_ZONE=Asia/Tokyo\n')
    given = folder | {"ENV_FILE": str(file), "TIME_ZONE": "UTC"}
    found = values("PROJECT_NAME", "TIME_ZONE", **given, PROJECT_NAME=None)
    assert found == {"PROJECT_NAME": "From the file", "TIME_ZONE": "UTC"}


SWITCHES = (
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
)


def test_https_turns_on_what_belongs_to_it(folder: dict[str, str]) -> None:
    found = values(*SWITCHES, "ALLOWED_HOSTS", **folder, SITE_URL="https://lottery.example.org")
    assert found.pop("ALLOWED_HOSTS")[0] == "lottery.example.org"
    assert all(found.values())


def test_http_leaves_it_off(folder: dict[str, str]) -> None:
    assert not any(values(*SWITCHES, **folder).values())


def test_the_secret_key_is_made_once_and_is_its_owners(
    tmp_path: Path, folder: dict[str, str]
) -> None:
    with ThreadPoolExecutor() as pool:  # first starts at once agree on one
        starts = [pool.submit(values, "SECRET_KEY", **folder) for _ in range(3)]
        keys = {start.result()["SECRET_KEY"] for start in starts}
    file = tmp_path / "secret_key"
    assert keys == {file.read_text()}
    assert len(file.read_text()) >= 50
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_given_secret_key_is_used_and_kept_nowhere(
    tmp_path: Path, folder: dict[str, str]
) -> None:
    assert values("SECRET_KEY", **folder, SECRET_KEY="k" * 50) == {"SECRET_KEY": "k" * 50}
    assert not list(tmp_path.iterdir())


def test_settings_given_to_this_process_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIVEN", "by the process")
    monkeypatch.delenv("FROM_FILE", raising=False)
    (tmp_path / ".env").write_text("FROM_FILE=by the file\n")
    environment = Environment(tmp_path / ".env")
    for name in ("GIVEN", "FROM_FILE", "UNSET"):
        environment.read(name, "", str, "a text")
    assert environment.given() == {"GIVEN": "by the process"}


def listed(text: str, pattern: str) -> dict[str, str]:
    return dict(re.findall(pattern, text, re.M))


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    text = (settings.BASE_DIR / ".env.example").read_text()
    assert set(listed(text, r"^#?([A-Z_]+)=(.*)$")) == NAMES - {"ENV_FILE"}


def test_the_readme_lists_every_setting_with_its_default() -> None:
    readme = (settings.BASE_DIR / "README.md").read_text()
    example = (settings.BASE_DIR / ".env.example").read_text()
    rows = listed(readme, r"^\| `([A-Z_]+)` \| (.*?) \|")
    assert set(rows) == NAMES - {"ENV_FILE"}
    for name, default in listed(example, r"^#?([A-Z_]+)=(.*)$").items():
        assert rows[name].strip("`") == default or not default, name


def test_containers_are_given_every_setting_but_those_of_the_image() -> None:
    text = (settings.BASE_DIR / "docker-compose.yml").read_text()
    of_the_image = {"ENV_FILE", "BIND_ADDRESS", "PORT", "DATA_DIR", "STATIC_ROOT", "DEBUG"}
    assert set(re.findall(r"^    ([A-Z_]+):", text, re.MULTILINE)) >= NAMES - of_the_image
