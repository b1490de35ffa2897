"""The database alone: pgbench runs the statements that the site sends for a submission.

They are taken from PostgreSQL's log of one request, so that they are always the site's. What must
differ from one to the next is put in their place: the participant, the numbers and the codes.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

PERSON = "md5(:person::text)::uuid"
BEARER = "rtrim(encode(lpad(:person::text, 32, '0')::bytea, 'base64'), '=')"
DIGEST = f"encode(sha256({BEARER}::bytea), 'hex')"
NEW = "gen_random_uuid()"
KEY = "currval('ballots_submission_id_seq')"
NUMBER = 123_456_789  # of the ballot in the recorded submission: nothing else is this number
SUBMISSION = 987_654_321  # its key, likewise
# A literal with a UUID in it, which may stand in a list.
HEX = "[0-9a-f]"
CODE = re.compile(
    rf"'([^']*?)(?<!{HEX})({HEX}{{8}}-?(?:{HEX}{{4}}-?){{3}}{HEX}{{12}})(?!{HEX})([^']*)'"
)
# One entry of the log: its first line, and those behind it that begin with a tab.
ENTRY = re.compile(r"^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL):  (.*(?:\n\t.*)*)", re.MULTILINE)
EXECUTED = re.compile(r"(?:statement|execute [^:]*): (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


class Known(NamedTuple):
    """What the recorded submission was about."""

    lottery: UUID
    participant: UUID
    digest: str  # of the access token


def read_statements(log: str, session: int) -> Iterator[str]:
    """What the session executed, with the values of its parameters in their places."""
    entries = [(kind, text) for pid, kind, text in ENTRY.findall(log) if int(pid) == session]
    for (_, text), following in zip(entries, [*entries[1:], ("", "")], strict=True):
        if found := EXECUTED.fullmatch(text):
            yield fill_in(found[1].replace("\n\t", "\n"), *following)


def fill_in(statement: str, kind: str, detail: str) -> str:
    values = dict(PARAMETER.findall(detail)) if kind == "DETAIL" else {}
    return re.sub(r"\$(\d+)", lambda found: values.get(found[1], found[0]), statement)


def write_script(statements: list[str], known: Known) -> str:
    """The transaction of pgbench. The number comes from the row that the submission locks."""
    lines = ["\\set person random(1, :people)"]
    for statement in statements:
        locks = "FOR UPDATE" in statement and "ballots_ballotbox" in statement
        end = " \\gset box_" if locks else ";"
        lines.append(f"{put_in_variables(statement, known).rstrip(';')}{end}")
    return "\n".join([*lines, ""])


def put_in_variables(statement: str, known: Known) -> str:
    def replace_code(found: "re.Match[str]") -> str:
        before, code, behind = found.groups()
        if UUID(code) == known.participant:
            return PERSON
        if UUID(code) == known.lottery:
            return found[0]
        is_in_list = before or behind
        return f"('{before}' || {NEW} || '{behind}')" if is_in_list else NEW

    made = CODE.sub(replace_code, statement).replace(f"'{known.digest}'", DIGEST)
    made = re.sub(rf"'?\b{NUMBER}\b'?", "(:box_ballot_count + 1)", made)
    return re.sub(rf"'?\b{SUBMISSION}\b'?", KEY, made)


def run_pgbench(script: Path, *, people: int, connections: int, seconds: int) -> float:
    """Transactions a second. Raises RuntimeError where one failed."""
    command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--file={script}", "--jobs=2"]
    command += [f"--client={connections}", f"--time={seconds}", f"--define=people={people}"]
    done = subprocess.run(
        [*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=False
    )
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None:
        raise RuntimeError(f"pgbench failed:\n{script.read_text()}\n{done.stderr[:2000]}")
    return float(rate[1])
