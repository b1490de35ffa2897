"""The load: wrk asks requests in turn, over many connections."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

TIMEOUT = 20  # seconds for an answer: later ones are errors
# A form has a token of its own each time, as every page that shows one has.
LUA = """
local requests, number, threads = {%s}, 0, 0
function setup(thread)
  thread:set("first", threads * 7919)
  threads = threads + 1
end
function init()
  math.randomseed(os.time() + first)
end
local function digit(kind)
  return string.format("%%x", kind == "y" and math.random(8, 11) or math.random(0, 15))
end
local function token()
  return (("xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx"):gsub("[xy]", digit))
end
function request()
  number = number + 1
  local text = requests[(first + number) %% #requests + 1]
  return (text:gsub("00000000%%-0000%%-4000%%-8000%%-000000000000", token))
end
function done(summary, latency)
  local errors = 0
  for _, count in pairs(summary.errors) do errors = errors + count end
  print(string.format("requests %%d errors %%d microseconds %%d p50 %%d p99 %%d", summary.requests,
    errors, summary.duration, latency:percentile(50), latency:percentile(99)))
end
"""
TOKEN = "00000000-0000-4000-8000-000000000000"  # noqa: S105  each request has another in its place


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str] = {}
    body: str = ""

    @property
    def text(self) -> str:
        headers = {"Host": "localhost", **self.headers}
        if self.method == "POST":
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *map(": ".join, headers.items())]
        return "\r\n".join([*lines, "", self.body])

    def renew(self) -> "Request":
        """The same with a form that nobody sent yet."""
        return self._replace(body=self.body.replace(TOKEN, str(uuid4())))


class Answers(NamedTuple):
    """What came back: of errors, all but 2xx and 3xx, and what did not come at all."""

    requests: int
    errors: int
    seconds: float
    p50: float  # milliseconds, as the next
    p99: float


def read_answers(said: str) -> Answers:
    """What wrk's script prints at its end. Raises ValueError where it did not."""
    pattern = r"^requests (\d+) errors (\d+) microseconds (\d+) p50 (\d+) p99 (\d+)$"
    found = re.search(pattern, said, re.MULTILINE)
    if found is None:
        raise ValueError(f"wrk printed no result:\n{said}")
    requests, errors, microseconds, p50, p99 = map(int, found.groups())
    return Answers(requests, errors, microseconds / 1e6, p50 / 1000, p99 / 1000)


def ask(
    port: int, requests: list[Request], *, connections: int, seconds: int, folder: Path
) -> Answers:
    """Asks the requests in turn, one after the other on each connection."""
    script = folder / "requests.lua"
    script.write_text(LUA % ", ".join(json.dumps(request.text) for request in requests))
    command = [
        "wrk",
        f"-t{min(2, connections)}",
        f"-c{connections}",
        f"-d{seconds}s",
        f"--timeout={TIMEOUT}s",
    ]
    command += ["-s", str(script), f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return read_answers(said.stdout)
