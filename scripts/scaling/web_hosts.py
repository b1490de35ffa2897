"""A web host: the site as its scripts start it, behind a PgBouncer of its own."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import httpx
from bench.serving import find_spare_port
from bench.site import defaults
from databases import Pooler
from programs import Program, run, wait_until

BASE = Path(__file__).parent.parent.parent


class Host:
    """The settings are those of the site; it has its own port, folder and pooler.

    Its commands are given the address of the servers, whichever is the primary.
    """

    def __init__(
        self, folder: Path, name: str, pooler: Pooler, servers: str, **settings: str
    ) -> None:
        self.folder, self.name, self.pooler, self.port = (
            folder / name,
            name,
            pooler,
            find_spare_port(),
        )
        self.servers = servers
        self.folder.mkdir()
        given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = (
            given
            | defaults()
            | {
                "DATABASE_URL": pooler.url("lottery"),
                "DATABASE_STANDBY_URL": pooler.url("standby"),
                "DATA_DIR": str(self.folder),
                "PORT": str(self.port),
                **settings,
            }
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str, **environment: str) -> str:
        """What the command prints. Raises Failure where it fails."""
        command = [sys.executable, BASE / "manage.py", *arguments]
        given = self.environment | {"DATABASE_URL": self.servers} | environment
        return run(*command, env=given, cwd=BASE)

    def start(self) -> None:
        log, command = self.folder / "web.log", BASE / "scripts" / "start"
        self.program = Program(log, command, env=self.environment, cwd=BASE)

    def wait(self) -> None:
        wait_until(f"{self.name} is healthy", self.is_healthy)

    def is_healthy(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/health", timeout=5).status_code == 200
        return False

    def stop(self) -> None:
        self.program.stop()


def send_form(browser: httpx.Client, url: str, **fields: str) -> httpx.Response:
    """The form of a page that some host has shown to this browser."""
    fields["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
    return browser.post(url, data=fields)
