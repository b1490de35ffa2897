"""A primary, its standby, and PgBouncer in front of whichever is the primary."""

import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from bench.serving import find_spare_port
from programs import OWNER, Failure, Program, run, wait_until

PROGRAMS = Path(__file__).parent.parent / "postgresql-programs"
PREPARED = (1, 21)  # the first PgBouncer that knows prepared statements in transaction mode


# Those of the site, for sessions that come through PgBouncer (docs/operations.md).
LIMITS: LiteralString = """
ALTER ROLE lottery SET lock_timeout = '3s';
ALTER ROLE lottery SET statement_timeout = '10s';
ALTER ROLE lottery SET idle_in_transaction_session_timeout = '30s';
"""


class Server:
    """A PostgreSQL server in a folder of its own, with its default durability."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.port = folder, name, find_spare_port()
        self.data = folder / name
        self.programs = Path(run(PROGRAMS).strip())

    @property
    def address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=lottery connect_timeout=3"

    def make(self) -> None:
        command = [self.programs / "initdb", "-D", self.data, "-U", "lottery", "-A", "trust"]
        run(*command, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", cwd=self.folder, **OWNER)

    def copy(self, primary: "Server") -> None:
        """Makes it a standby, which follows the primary by its name."""
        command = [self.programs / "pg_basebackup", "-D", self.data, "-d", primary.address]
        run(*command, "--write-recovery-conf", "--checkpoint=fast", cwd=self.folder, **OWNER)

    def start(self) -> None:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "cluster_name": self.name,  # by which the primary knows its standby
            "synchronous_commit": "remote_apply",
            "wal_receiver_status_interval": "1s",
        }
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", self.data, *options]
        log = self.folder / f"{self.name}.log"
        self.program = Program(log, *command, cwd=self.folder, **OWNER)
        wait_until(f"{self.name} answers", self.answers)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT 1"))
        return False

    def ask(self, query: LiteralString, *values: Any, database: str = "postgres") -> list[Any]:
        address = f"{self.address} dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def wait_for_none(self) -> None:
        self.ask("ALTER SYSTEM RESET synchronous_standby_names")
        self.ask("SELECT pg_reload_conf()")

    def wait_for_standby(self, standby: "Server") -> None:
        """From now on a commit returns when the standby shows it."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{standby.name}'")
        self.ask("SELECT pg_reload_conf()")
        query = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_until("the standby is synchronous", lambda: self.ask(query))

    def promote(self) -> None:
        if not self.ask("SELECT pg_promote(true, 30)")[0][0]:
            raise Failure(f"{self.name} could not be promoted.")

    def stop(self) -> None:
        self.program.stop(signal.SIGINT)


class Pooler:
    """PgBouncer in transaction mode, beside one web host."""

    def __init__(self, folder: Path, name: str, program: str) -> None:
        self.folder, self.name, self.port, self.command = folder, name, find_spare_port(), program
        self.file = folder / f"{name}.ini"

    @staticmethod
    def version(program: str) -> tuple[int, ...]:
        found = re.search(r"PgBouncer (\d+)\.(\d+)\.(\d+)", run(program, "--version"))
        if not found:
            raise Failure(f"{program} is no PgBouncer.")
        return tuple(map(int, found.groups()))

    def point_to(self, primary: Server, standby: Server) -> None:
        """Writes the configuration, and has the program read it again where it runs."""
        users = self.folder / "users.txt"
        users.write_text('"lottery" ""\n')
        settings = {
            "listen_addr": "127.0.0.1",
            "listen_port": self.port,
            "unix_socket_dir": "",
            "auth_type": "trust",
            "auth_file": users,
            "pool_mode": "transaction",
            "default_pool_size": 10,
            "max_client_conn": 200,
            "server_connect_timeout": 3,
            "server_login_retry": 1,
            "query_wait_timeout": 10,
            "log_connections": 0,
            "log_disconnections": 0,
        }
        if self.version(self.command) >= PREPARED:
            settings["max_prepared_statements"] = 200
        lines = [f"{name} = {value}" for name, value in settings.items()]
        databases = [
            f"lottery = host=127.0.0.1 port={primary.port} dbname=lottery",
            f"standby = host=127.0.0.1 port={standby.port} dbname=lottery",
        ]
        text = "\n".join(["[databases]", *databases, "", "[pgbouncer]", *lines, ""])
        self.file.write_text(text)
        if hasattr(self, "program"):
            self.program.process.send_signal(signal.SIGHUP)

    def start(self) -> None:
        log = self.folder / f"{self.name}.log"
        self.program = Program(log, self.command, self.file, cwd=self.folder, **OWNER)
        wait_until(f"{self.name} answers", self.answers, 20)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"{self.address} dbname=lottery connect_timeout=3").close()
            return True
        return False

    @property
    def address(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=lottery"

    def url(self, database: str) -> str:
        """What the site has in DATABASE_URL."""
        prepare = "on" if self.version(self.command) >= PREPARED else "off"
        return f"postgres://lottery@127.0.0.1:{self.port}/{database}?pooler=on&prepare={prepare}"

    def stop(self) -> None:
        self.program.stop(signal.SIGINT)
