"""Settings come from the environment, and a bad one stops the start with one clear line."""

import json
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lottery_site.env_file import read_settings
from lottery_site.environment import Environment
from lottery_site.tests.processes import MACHINE, manage, successful

NAMES = set(settings.ENVIRONMENT.names)
Load = Callable[..., dict[str, Any]]


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
    ("DATABASE_STANDBY_URL", "postgres://standby/lottery"),  # of SQLite
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "k" * 50),
    ("SECRET_KEY", "abcdefg" * 10),
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
    ("LOTTERY_PRIZE", "x" * 2001),
    ("LOTTERY_PRIZE", "a\x07b"),
    ("LOTTERY_TERMS", "x" * 20_001),
    ("LOTTERY_TERMS", "right \u202eto left"),
    ("LOTTERY_PLACES", "0"),
    ("LOTTERY_PLACES", "101"),
    ("LOTTERY_PLACES", "1e1"),
    ("LOTTERY_BALLOTS_EACH", "-1"),
    ("LOTTERY_BALLOTS_EACH", "1000001"),
    ("LOTTERY_CLAIM_DAYS", "367"),
    ("DRAW_BEACON", "moon"),
    ("BEACON_DELAY", "0"),
    ("BEACON_RELAYS", "api.drand.sh"),
    ("BEACON_RELAYS", "https://api.drand.sh,"),
    ("BEACON_WAIT", "-1"),
    ("CLAIM_MESSAGE_DAYS", "0"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
    ("REGISTER_RATE", "60"),
    ("LOGIN_RATE", "0/m"),
    ("SUBMISSION_RATE", "many/s"),
    ("LOTTERY_ADMIN_USERNAME", "ab"),
    ("LOTTERY_ADMIN_USERNAME", "ad\u200bmin"),
    ("LOTTERY_ADMIN_EMAIL", "admin"),
    ("LOTTERY_ADMIN_EMAIL", "admin@exam\u200bple.org"),
    ("EMAIL_URL", "pigeon://loft"),
    ("EMAIL_URL", "smtp://"),
    ("DEFAULT_FROM_EMAIL", "lottery"),
    ("TRUSTED_PROXIES", "all"),
    ("DEBUG", "maybe"),
    ("DATA_DIR", "/dev/null/data"),
]


@pytest.fixture
def load(folder: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Load:
    """Reads the settings in this process, with this environment alone (None: unset)."""

    def run(**environment: str | None) -> dict[str, Any]:
        for name, value in (dict.fromkeys(NAMES, "") | folder | environment).items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "lottery_site" / "settings.py"))

    return run


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named_and_told_what_it_should_look_like(
    load: Load, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} must be [^\n]{{10,}}\.$"):
        load(**{name: value})


def test_it_is_the_one_line_that_the_command_says(folder: dict[str, str]) -> None:
    answer = manage("check", **folder, TIME_ZONE="Amsterdam")
    assert answer.returncode == 1
    assert re.fullmatch(r"Settings: TIME_ZONE must be .{10,}\.\n", answer.stderr)


def test_a_password_in_a_bad_value_is_not_repeated(folder: dict[str, str]) -> None:
    answer = manage("check", **folder, DATABASE_URL="mysql://me:hush-hush@host/name")
    assert "hush" not in answer.stdout + answer.stderr


FILES = [
    ("TIMEZONE=Europe/Amsterdam", "TIMEZONE is no setting; did you mean TIME_ZONE\\?"),
    ("time_zone=Europe/Amsterdam", "time_zone is no setting; did you mean TIME_ZONE\\?"),
    ("Site_Url=http://a.example", "Site_Url is no setting; did you mean SITE_URL\\?"),
    ("SECRET_KEY_FLIE=/key", "SECRET_KEY_FLIE is no setting; did you mean SECRET_KEY_FILE\\?"),
    ("XYZZY=1", "XYZZY is no setting; docs/settings.md lists them all."),
    ("ENV_FILE=/etc/other", "ENV_FILE is no setting; [^\n]+"),
    ("TIME_ZONE=Amsterdam", "TIME_ZONE must be a time zone of the IANA database, [^\n]+"),
    ("PORT=８０００", "PORT must be a port from 1 to 65535, for example 8000."),
    ("TIME_ZONE: UTC", "this is neither NAME=value nor a # comment."),
    ("DEBUG=no", "DEBUG stands in line 1 already."),
]


@pytest.mark.parametrize(("line", "sentence"), FILES)
def test_a_bad_line_in_a_file_is_named_with_its_number(
    tmp_path: Path, load: Load, line: str, sentence: str
) -> None:
    file = tmp_path / "settings.env"
    file.write_text(f"DEBUG=no\n\n{line}\n")
    name = line.partition("=")[0]
    with pytest.raises(ImproperlyConfigured, match=rf"^{file}, line 3: {sentence}$"):
        load(**{name: None, "ENV_FILE": str(file)})


def test_variables_of_docker_compose_are_left_alone(tmp_path: Path, load: Load) -> None:
    file = tmp_path / "settings.env"
    file.write_text("COMPOSE_PROJECT_NAME=lottery\n")
    assert load(ENV_FILE=str(file))


def test_other_variables_of_the_process_are_left_alone(
    load: Load,
) -> None:
    assert load(TIMEZONE="Europe/Amsterdam")


@pytest.mark.parametrize("name", ["missing", ".", "a\nb"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, load: Load, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{tmp_path / name} cannot be read: "):
        load(ENV_FILE=str(tmp_path / name))


SECRETS = {
    "SECRET_KEY": "0123456789abcdef $ # ' 0123456789abcdef",
    "DATABASE_URL": "postgres://me:hush@db.example.org/lottery",
    "EMAIL_URL": "smtp+tls://me:hush@mail.example.org:587",
    "LOTTERY_ADMIN_PASSWORD": "correct horse battery staple",
}


def secret_files(folder: Path, **contents: str) -> dict[str, str]:
    """The settings that say where these secrets are."""
    for name, content in contents.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
    return {f"{name}_FILE": str(folder / name) for name in contents}


def test_a_secret_is_read_from_its_file(tmp_path: Path, load: Load) -> None:
    found = load(**secret_files(tmp_path, **{n: f"{v}\n" for n, v in SECRETS.items()}))
    assert found["SECRET_KEY"] == SECRETS["SECRET_KEY"]
    assert found["DATABASES"]["default"]["PASSWORD"] == "hush"
    assert found["EMAIL_HOST_PASSWORD"] == "hush"
    assert found["LOTTERY_ADMIN_PASSWORD"] == SECRETS["LOTTERY_ADMIN_PASSWORD"]
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_stands_in_one_place(tmp_path: Path, load: Load, name: str) -> None:
    given = secret_files(tmp_path, **{name: SECRETS[name]}) | {name: SECRETS[name]}
    with pytest.raises(ImproperlyConfigured, match=f"^{name} and {name}_FILE are both set: "):
        load(**given)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("content", "mode"), [("", 0o600), ("hush\nhush", 0o600), ("hush " * 20, 0o644)]
)
def test_a_bad_file_of_a_secret_is_named_and_not_repeated(
    tmp_path: Path, load: Load, name: str, content: str, mode: int
) -> None:
    given = secret_files(tmp_path, **{name: content})
    (tmp_path / name).chmod(mode)
    with pytest.raises(ImproperlyConfigured, match=str(tmp_path / name)) as error:
        load(**given)
    assert "hush" not in str(error.value)
    with pytest.raises(ImproperlyConfigured, match=f"^{tmp_path}/missing cannot be read: "):
        load(**{f"{name}_FILE": str(tmp_path / "missing")})


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "EMAIL_URL"])
def test_a_bad_secret_in_a_file_is_named_with_the_file(
    tmp_path: Path, load: Load, name: str
) -> None:
    given = secret_files(tmp_path, **{name: "hush"})
    with pytest.raises(ImproperlyConfigured, match=f"^{tmp_path / name}: {name} must be ") as error:
        load(**given)
    assert "hush" not in str(error.value)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path, load: Load) -> None:
    load()
    file = tmp_path / "secret_key"
    file.chmod(0o640)
    with pytest.raises(ImproperlyConfigured, match=rf"Other users can open {file}.* chmod 600"):
        load()


TEXTS = [("LOTTERY_PRIZE", 2000), ("LOTTERY_TERMS", 20_000)]


@pytest.mark.parametrize(("name", "most"), TEXTS)
def test_a_text_has_several_lines(load: Load, tmp_path: Path, name: str, most: int) -> None:
    assert load()[name] == ""
    assert load(**{name: r"A bicycle\nand a bell"})[name] == "A bicycle\nand a bell"
    assert load(**{name: "x" * most})[name] == "x" * most
    file = tmp_path / "text"
    file.write_bytes("\ufeffE\u0301e\u0301n fiets\r\n\r\n en\teen \\n bel \r\n".encode())
    assert load(**{name: None, f"{name}_FILE": str(file)})[name] == "Één fiets\n\nen een \\n bel"


@pytest.mark.parametrize(("name", "most"), TEXTS)
def test_a_bad_file_of_a_text_is_named(load: Load, tmp_path: Path, name: str, most: int) -> None:
    file, in_file = tmp_path / "text", {f"{name}_FILE": str(tmp_path / "text"), name: ""}
    with pytest.raises(ImproperlyConfigured, match=f"^{file} cannot be read: "):
        load(**in_file)
    expected = f"^{file} must have a text of at most {most} characters that can be seen, in UTF-8"
    for content in (b"x" * (most + 1), b"a\x07b", "right \u202eto left".encode(), b"\xff"):
        file.write_bytes(content)
        with pytest.raises(ImproperlyConfigured, match=expected):
            load(**in_file)
    file.write_text(" \n")
    with pytest.raises(ImproperlyConfigured, match=f"^{file} is empty: write the text, or unset"):
        load(**in_file)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} and {name}_FILE are both set: "):
        load(**in_file | {name: "A bell"})


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


def test_a_standby_is_a_second_database_with_a_router(load: Load) -> None:
    url = "postgres://me:hush@db.example.org/lottery"
    found = load(DATABASE_URL=url, DATABASE_STANDBY_URL=url.replace("db", "standby"))
    primary, standby = found["DATABASES"]["default"], found["DATABASES"]["standby"]
    assert standby == primary | {"HOST": "standby.example.org", "TEST": {"MIRROR": "default"}}
    assert found["DATABASE_ROUTERS"] == ["lottery_site.standby.StandbyRouter"]
    alone = load(DATABASE_URL=url)
    assert "DATABASE_ROUTERS" not in alone
    assert alone["DATABASES"] == {"default": primary}
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_STANDBY_URL must be "):
        load(DATABASE_URL=url, DATABASE_STANDBY_URL="sqlite:///lottery.sqlite3")


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
    assert values("SECRET_KEY", **folder, SECRET_KEY="0123456789" * 5) == {
        "SECRET_KEY": "0123456789" * 5
    }
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
    assert environment.list_given() == {"GIVEN": "by the process"}


def list_names(text: str, pattern: str) -> dict[str, str]:
    return dict(re.findall(pattern, text, re.M))


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    text = (settings.BASE_DIR / ".env.example").read_text()
    assert set(list_names(text, r"^#?([A-Z_]+)=(.*)$")) == NAMES - {"ENV_FILE"}


def test_every_line_of_the_example_file_can_be_used(tmp_path: Path) -> None:
    text = (settings.BASE_DIR / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.M))
    assert set(read_settings(tmp_path / ".env")) == NAMES - {"ENV_FILE"}


def test_the_documentation_lists_every_setting_with_its_default() -> None:
    page = (settings.BASE_DIR / "docs" / "settings.md").read_text()
    example = (settings.BASE_DIR / ".env.example").read_text()
    rows = list_names(page, r"^\| `([A-Z_]+)` \| (.*?) \|")
    assert set(rows) == NAMES - {"ENV_FILE"}
    for name, default in list_names(example, r"^#?([A-Z_]+)=(.*)$").items():
        assert rows[name].strip("`") == default or not default, name


def test_containers_are_given_every_setting_but_those_of_the_image() -> None:
    text = (settings.BASE_DIR / "docker-compose.yml").read_text()
    of_the_image = {"ENV_FILE", "BIND_ADDRESS", "PORT", "DATA_DIR", "STATIC_ROOT", "DEBUG"} | {
        "DATABASE_URL_FILE"  # it has its own database
    }
    assert set(re.findall(r"^    ([A-Z_]+):", text, re.MULTILINE)) >= NAMES - of_the_image
