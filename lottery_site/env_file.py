"""Files of settings, one NAME=value a line: each line means one thing, or stops the start.

What shells, Docker Compose and people would take for different values is refused. It needs nothing
but Python: scripts/check_port.py reads .env before anything is installed.
"""

import re
from pathlib import Path
from typing import NamedTuple

NAME = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)")
QUOTED = {
    "'": (re.compile(r"'([^']*)'"), "the quote is not closed in this line"),
    '"': (
        re.compile(r'"((?:[^"\\$]|\\["\\$])*)"'),
        r"close the double quotes in this line, with \\ for a \ in them and \$ for a $",
    ),
}
QUOTES = "'\"“”„‟‘’‚‛«»`"


class Unreadable(ValueError):
    """Says where a file does not mean one thing, and never quotes it: it may be a secret."""


class Line(NamedTuple):
    number: int
    value: str


def read_settings(file: Path) -> dict[str, Line]:
    """What the file says, by name. Raises Unreadable, with a sentence that names file and line."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}") from error
    found: dict[str, Line] = {}
    # Not splitlines(), which takes more characters for the end of a line than editors do.
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", content), start=1):
        try:
            setting = read_line(decode(line, is_first=number == 1))
            if setting and setting[0] in found:
                raise ValueError(f"{setting[0]} stands in line {found[setting[0]].number} already")
        except ValueError as error:
            raise Unreadable(f"{file}, line {number}: {error}") from None
        if setting:
            found[setting[0]] = Line(number, setting[1])
    return found


def decode(line: bytes, *, is_first: bool) -> str:
    try:
        return line.decode("utf-8-sig" if is_first else "utf-8")
    except UnicodeDecodeError:
        raise ValueError("this is not UTF-8: save the file with that encoding") from None


def read_line(line: str) -> tuple[str, str] | None:
    """(Name, value), or None for a line that is empty or a comment. Raises ValueError."""
    line = line.strip(" \t")
    if not line or line.startswith("#"):
        return None
    for character in line:
        if not character.isprintable() and character != "\t":
            raise ValueError(f"there is a character that nobody sees (U+{ord(character):04X})")
    found = NAME.fullmatch(line)
    if not found:
        raise ValueError("this is neither NAME=value nor a # comment")
    return found[1], read_value(found[2])


def read_value(text: str) -> str:
    """The text behind the = sign, without its quotes and its comment."""
    if not text:
        return ""
    if text[0] not in QUOTES:
        return read_bare(text)
    if text[0] not in QUOTED:
        raise ValueError("put the value in straight quotes, ' or \"")
    pattern, advice = QUOTED[text[0]]
    quoted = pattern.match(text)
    if not quoted:
        raise ValueError(advice)
    if not re.fullmatch(r"([ \t]+#.*)?", text[quoted.end() :]):
        raise ValueError("there is something behind the closing quote")
    return quoted[1] if text[0] == "'" else re.sub(r"\\(.)", r"\1", quoted[1])


def read_bare(text: str) -> str:
    """A value without quotes, up to a comment that has a space on both sides of its #."""
    value, *comments = re.split(r"(?:^|[ \t]+)#", text, maxsplit=1)
    if comments and comments[0].strip("#")[:1] not in {"", " ", "\t"}:
        raise ValueError("put a value with # in quotes, and a space behind the # of a comment")
    if "$" in value or value.endswith(("\\", *QUOTES)):
        raise ValueError("put a value with a $, or with a \\ or a quote at its end, in quotes")
    return value


def write_line(name: str, value: str) -> str:
    """The line that reads as this value. Raises ValueError for one that no line can have."""
    if not value.isprintable():
        raise ValueError(f"{name} has a line break or a character that nobody sees")
    escaped = re.sub(r'(["\\$])', r"\\\1", value)
    return f'{name}="{escaped}"\n'
