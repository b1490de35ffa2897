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
NUMBER = 123_456_789  # of the ballot in the recorded submission: nothing else is this number
NEXT_NUMBER = "(:box_ballot_count + 1)"
HEX = "[0-9a-f]"
CODE = rf"(?<!{HEX}){HEX}{{8}}-?(?:{HEX}{{4}}-?){{3}}{HEX}{{12}}(?!{HEX})"
CHANGING = re.compile(rf"{CODE}|\b{NUMBER}\b")
LITERAL = re.compile(r"'((?:[^']|'')*)'")
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
    """What changes may be a whole literal, or stand within one in JSON."""

    def replace(found: "re.Match[str]") -> str:
        text = found[1]
        if text == known.digest:
            return DIGEST
        if CHANGING.fullmatch(text):
            return expression_of(text, known)
        made = CHANGING.sub(lambda each: f"' || {expression_of(each[0], known)} || '", text)
        return found[0] if made == text else f"('{made}')"

    return LITERAL.sub(replace, statement)


def expression_of(text: str, known: Known) -> str:
    if text == str(NUMBER):
        return NEXT_NUMBER
    code = UUID(text)
    if code == known.lottery:
        return f"'{text}'"
    return PERSON if code == known.participant else NEW


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
