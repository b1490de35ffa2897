"""How many requests a second the site answers, beside a WSGI "hello" in the same run.

scripts/with-postgresql .venv/bin/python scripts/benchmark_api.py [SECONDS]     needs wrk

Both are served by gunicorn with the same 2 workers of 4 threads, and asked over 8 connections.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

SITE, HELLO = 8766, 8767
os.environ |= {"PORT": str(SITE), "WEB_CONCURRENCY": "2"}
os.environ["DATA_DIR"] = tempfile.mkdtemp()
BASE = Path(__file__).parent.parent
sys.path.insert(0, str(BASE))
os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tokens import issue_token
from ballots.life import open_lottery
from ballots.models import BallotBox
from lotteries.models import Lottery

PEOPLE = 8
ROUNDS = 3
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:lottery_site.gunicorn"]
HELLO_APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]
"""
# A form has a token of its own each time, as every page that shows one has.
LUA = """
local requests, number = {%s}, 0
math.randomseed(os.time() + tonumber(tostring({}):match("0x(%%x+)"), 16) %% 1000000)
local function token()
  local function hex(x)
    return string.format("%%x", x == "y" and math.random(8, 11) or math.random(0, 15))
  end
  return (("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"):gsub("[xy]", hex))
end
request = function()
  number = number + 1
  local each = requests[number %% #requests + 1]
  return wrk.format(each.method, each.path, each.headers, (each.body:gsub("TOKEN", token)))
end
"""


@contextmanager
def serving(port: int, *command: str, cwd: Path, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | environment, start_new_session=True
    )
    try:
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/ping", timeout=5)
                break
            except URLError:
                sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def lua(method: str, path: str, headers: dict[str, str], body: str) -> str:
    pairs = ", ".join(f'["{name}"] = "{value}"' for name, value in headers.items())
    return f'{{method="{method}", path="{path}", headers={{{pairs}}}, body="{body}"}}'


def rate(port: int, requests: list[str], seconds: int, folder: Path) -> float:
    """Requests a second of these requests in turn; fails where an answer is an error."""
    script = folder / "requests.lua"
    script.write_text(LUA % ", ".join(requests))
    url = f"http://127.0.0.1:{port}"
    command = ["wrk", "-t2", "-c8", f"-d{seconds}s", "-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(re.findall(r"Requests/sec:\s*([0-9.]+)", said)[0])


def of_form(user: User, path: str) -> str:
    """The form of somebody who is signed in, as their browser sends it."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/ballots/")
    client.get(path)
    cookies = client.cookies
    headers = {
        "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"].value,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return lua("POST", f"{path}ballots/", headers, "quantity=1&token=TOKEN")


def scenarios() -> dict[str, list[str]]:
    day = timezone.localdate() + timedelta(days=1)
    for ahead in range(30):
        open_lottery(Lottery(closure_date=day + timedelta(days=ahead)))
    people = [
        User.objects.create_user(f"user{number}@example.org", f"user{number}", "a password")
        for number in range(PEOPLE)
    ]
    tokens = [{"Authorization": f"Bearer {issue_token(user)}"} for user in people]
    submit = f"/api/ballots?lottery_date={day}"
    return {
        "GET /api/lotteries/DATE": [lua("GET", f"/api/lotteries/{day}", {}, "")],
        "GET /api/lotteries (30 open)": [lua("GET", "/api/lotteries", {}, "")],
        "POST /api/ballots": [lua("POST", submit, token, "") for token in tokens],
        "POST of the form": [of_form(user, f"/lotteries/{day}/") for user in people],
    }


def main(seconds: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    folder = Path(os.environ["DATA_DIR"])
    (folder / "hello.py").write_text(HELLO_APP)
    asked = scenarios()
    connection.close()
    hello = [lua("GET", "/", {}, "")]
    site = serving(SITE, *GUNICORN, "lottery_site.wsgi", cwd=BASE)
    path = f"{folder}:{BASE}"
    other = serving(HELLO, *GUNICORN, "hello:app", cwd=folder, PORT=str(HELLO), PYTHONPATH=path)
    with site, other:
        best: dict[str, float] = {}
        for _ in range(ROUNDS):  # turn by turn, so that a busy machine slows down all alike
            for name, requests in {"a WSGI hello": hello, **asked}.items():
                port = HELLO if requests is hello else SITE
                best[name] = max(best.get(name, 0), rate(port, requests, seconds, folder))
    submitted = max(BallotBox.objects.values_list("ballot_count", flat=True))
    print(f"\nOn {connection.vendor}, the best of {ROUNDS} rounds of {seconds} seconds each:")
    for name, value in best.items():
        print(f"{name:<30} {value:>9,.0f} requests a second, {value / best['a WSGI hello']:.3f}")
    print(f"{submitted:,} ballots were submitted to one lottery.")


main(int(sys.argv[1]) if sys.argv[1:] else 5)
