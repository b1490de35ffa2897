#!/usr/bin/env python3
"""Watches a site from outside: keeps what it publishes, and compares it with what was kept before.

    python3 witness.py https://lottery.example.org --keep FOLDER

It needs Python 3.8 or newer and verify_draw.py, which the site has beside it, in the same folder.
For each lottery the folder that it keeps has one JSON file: the last record that was seen, every
head with the moment at which it was seen first, and whether the lottery was withdrawn.

The exit status is 0 only if all lotteries are as they were, 1 where history was rewritten or
something could not be checked, and 2 if it was called in another way.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from http import HTTPStatus
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Callable, Dict, List, NamedTuple, Optional
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener
from xml.etree import ElementTree

if __package__:
    from ballots.checkers import verify_draw
else:  # a file of its own, with the other one beside it
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import verify_draw  # type: ignore[import-not-found, no-redef]

Kept = Dict[str, Any]
Fetch = Callable[[str], bytes]

ATOM = "{http://www.w3.org/2005/Atom}"


class Limits(NamedTuple):
    """What one look at a site may take, whatever the site answers."""

    seconds: float = 1800  # for the whole look
    answer_seconds: float = 20  # for one answer, however slowly it comes
    answer_bytes: int = 4 * 1024 * 1024
    total_bytes: int = 256 * 1024 * 1024  # for the whole look
    pages: int = 1000  # of the feed


LIMITS = Limits()


class NotFetched(Exception):
    """The site did not answer, or not with what it should."""


class Gone(NotFetched):
    """The site says that there is no such thing."""


class Report(NamedTuple):
    """What a look at one lottery found."""

    alarms: List[str]  # signs that history was rewritten
    unchecked: List[str]  # what could not be checked, and why

    @property
    def is_good(self) -> bool:
        return not self.alarms and not self.unchecked


# --- Asking the site


class NoRedirects(HTTPRedirectHandler):
    """What another address answers says nothing of this site."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Fetcher:
    """Reads paths of the site, within the limits of one look.

    Raises NotFetched, or Gone for a path that is not there.
    """

    def __init__(
        self, site: str, limits: Limits = LIMITS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.site, self.limits, self.clock = site, limits, clock
        self.ends_at = clock() + limits.seconds
        self.bytes_left = limits.total_bytes

    def __call__(self, path: str) -> bytes:
        seconds_left = self.ends_at - self.clock()
        if seconds_left <= 0:
            raise NotFetched(f"the look took more than {self.limits.seconds:g} seconds")
        if self.bytes_left <= 0:
            raise NotFetched(f"the site sent more than {self.limits.total_bytes} bytes")
        body = self.wait_for(path, min(seconds_left, self.limits.answer_seconds))
        self.bytes_left -= len(body)
        if len(body) > self.limits.answer_bytes:
            raise NotFetched(f"{path} answered with more than {self.limits.answer_bytes} bytes")
        return body

    def wait_for(self, path: str, seconds: float) -> bytes:
        """The body, fetched in a thread: a socket's own time limit starts anew with each byte."""
        answers: Queue[Any] = Queue()
        Thread(target=lambda: answers.put(self.get(path, seconds)), daemon=True).start()
        try:
            answer = answers.get(timeout=seconds)
        except Empty:
            raise NotFetched(f"{path} did not answer within {seconds:.3g} seconds") from None
        if isinstance(answer, NotFetched):
            raise answer
        return bytes(answer)

    def get(self, path: str, seconds: float) -> bytes | NotFetched:
        try:
            with build_opener(NoRedirects).open(self.site + path, timeout=seconds) as response:
                body: bytes = response.read(self.limits.answer_bytes + 1)
                return body
        except HTTPError as error:
            error.close()
            if error.code == HTTPStatus.NOT_FOUND:
                return Gone(f"{path} answered {error.code}")
            if error.headers.get("Location"):
                return NotFetched(f"{path} answered {error.code}, with another address")
            return NotFetched(f"{path} answered {error.code}")
        except Exception as error:  # whatever the server makes of HTTP
            return NotFetched(f"{path} did not answer: {error}")


def fetch_json(fetch: Fetch, path: str) -> Any:
    try:
        return verify_draw.parse(fetch(path))
    except verify_draw.Malformed as error:
        raise NotFetched(f"{path} is not JSON as it should be. {error}") from error


def read_feed(fetch: Fetch, pages: int = LIMITS.pages) -> Iterator[str]:
    """The closure dates of all lotteries that the feed of the site tells of."""
    for page in range(1, pages + 1):
        try:
            # Its size is limited above, and expat limits what entities can make of it.
            root = ElementTree.fromstring(fetch(f"/feed.atom?page={page}"))  # noqa: S314
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise NotFetched("/feed.atom is not XML") from error
        for link in root.iterfind(f"{ATOM}entry/{ATOM}link"):
            href = link.get("href", "")
            yield from re.findall(r"/lotteries/([0-9]{4}-[0-9]{2}-[0-9]{2})/$", href)
        if root.find(f"{ATOM}link[@rel='next']") is None:
            return
    raise NotFetched(f"/feed.atom has more than {pages} pages")


# --- What was kept


HEAD = {
    "version": verify_draw.whole(verify_draw.VERSION, verify_draw.VERSION),
    "lottery": verify_draw.UUID,
    "ballot_count": verify_draw.ANY_COUNT,
    "root": verify_draw.HEX,
    "sealed": verify_draw.is_flag,
    "checkpoint": verify_draw.nullable(verify_draw.is_text),
}
SEEN_HEAD = {**HEAD, "seen_at": verify_draw.MOMENT}
KEPT = {
    "record": verify_draw.is_object,
    "heads": verify_draw.is_list(verify_draw.is_object, verify_draw.COUNT),
    "is_withdrawn": verify_draw.is_flag,
}
# What was announced is there from the beginning; the rest is null until the lottery is drawn.
RECORD = {
    name: is_valid if name in verify_draw.ANNOUNCED else verify_draw.nullable(is_valid)
    for name, is_valid in verify_draw.RECORD.items()
}


def check_record_shape(record: Any) -> None:
    """Raises Malformed unless it is the record of a lottery, drawn or not."""
    verify_draw.conform("record.json", record, RECORD)
    for row in record["drawn"] or []:
        verify_draw.conform("a number drawn", row, verify_draw.DRAWN)


def read_kept(file: Path) -> Kept:
    """What was kept in the file. Raises OSError, or Malformed where it is something else."""
    kept = verify_draw.parse(file.read_bytes())
    verify_draw.conform("it", kept, KEPT)
    check_record_shape(kept["record"])
    for head in kept["heads"]:
        verify_draw.conform("a head", head, SEEN_HEAD)
    if not kept["heads"] or file.stem != kept["record"]["lottery"]:
        raise verify_draw.Malformed("It is not what was kept of this lottery.")
    return dict(kept)


class Witness:
    """Looks at one site, for one folder; at is the moment of this look."""

    def __init__(
        self, fetch: Fetch, folder: Path, at: datetime, *, pages: int = LIMITS.pages
    ) -> None:
        self.fetch, self.folder, self.at, self.pages = fetch, folder, at, pages
        self.kept: Dict[str, Kept] = {}
        self.damaged: Dict[str, str] = {}  # name of the file: what is wrong with it
        for file in sorted(folder.glob("*.json")):
            try:
                kept = read_kept(file)
            except (OSError, TypeError, verify_draw.Malformed) as error:
                self.damaged[file.name] = f"it is not what a witness keeps. {error}"
                continue
            if not kept["is_withdrawn"]:
                self.kept[kept["record"]["closure_date"]] = kept

    def find_dates(self) -> tuple[List[str], str]:
        """(the closure dates to look at, why the feed could not be read to its end, or nothing)"""
        dates = set(self.kept)
        try:
            for date in read_feed(self.fetch, self.pages):
                dates.add(date)
        except NotFetched as error:
            return sorted(dates), str(error)
        return sorted(dates), ""

    def look(self, date: str) -> Report:
        """Compares what is published of one lottery, and keeps it if nothing was rewritten.

        Where the site does not answer, what was kept before stays.
        """
        report = Report([], [])
        try:
            self.compare(date, report)
        except NotFetched as error:
            report.unchecked.append(str(error))
        except OSError as error:
            report.unchecked.append(f"what was seen could not be kept: {error}")
        return report

    def compare(self, date: str, report: Report) -> None:
        """Fills the report; raises NotFetched."""
        kept, path = self.kept.get(date), f"/lotteries/{date}"
        try:
            record = fetch_json(self.fetch, f"{path}/record.json")
        except Gone:
            if kept is None:
                raise
            report.alarms.extend(self.withdraw(kept, "It has vanished, although it had ballots."))
            return
        # The head last: where the record is of a sealed box, the head must be, too, and the same.
        head = fetch_json(self.fetch, f"{path}/head.json")
        check_shape(head, record, date)
        if f"{record['lottery']}.json" in self.damaged:
            raise NotFetched("what was kept of it before is damaged")
        if kept and kept["record"]["lottery"] != record["lottery"]:
            report.alarms.extend(self.withdraw(kept, "Another lottery has taken its place."))
            kept = None
        report.alarms.extend(changes(kept["record"], record) if kept else [])
        report.alarms.extend(contradictions(head, record))
        check_steps(record, report)
        if kept:
            report.alarms.extend(self.compare_heads(path, kept["heads"][-1], head))
        if not report.alarms:
            self.keep(kept, head, record)

    def withdraw(self, kept: Kept, alarm: str) -> Iterator[str]:
        """A lottery without ballots may be withdrawn, as long as it is open."""
        last = kept["heads"][-1]
        if last["ballot_count"] or last["sealed"]:
            yield alarm
        else:
            self.write({**kept, "is_withdrawn": True})

    def compare_heads(self, path: str, before: Kept, head: Kept) -> Iterator[str]:
        size, new_size = before["ballot_count"], head["ballot_count"]
        now = new_size, head["root"], head["sealed"]
        if before["sealed"] and now != (size, before["root"], True):
            yield "The sealed box was changed."
        elif new_size < size or (new_size == size and head["root"] != before["root"]):
            yield f"The box had {size} ballots, which are not there any more."
        elif 0 < size < new_size:
            asked = f"{path}/consistency.json?from={size}&to={new_size}"
            if not proves(fetch_json(self.fetch, asked), before, head):
                yield f"The box does not begin with the {size} ballots it had."

    def keep(self, kept: Optional[Kept], head: Kept, record: Kept) -> None:
        heads = kept["heads"] if kept else []
        if not heads or any(heads[-1][name] != head[name] for name in HEAD):
            heads = [*heads, {**head, "seen_at": int(self.at.timestamp())}]
        self.write({"record": record, "heads": heads, "is_withdrawn": False})

    def write(self, kept: Kept) -> None:
        """Whole or not at all, also where this process is killed."""
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)
        Path(name).replace(self.folder / f"{kept['record']['lottery']}.json")


# --- Comparing


def check_shape(head: Any, record: Any, date: str) -> None:
    """Raises NotFetched where these are no head and no record of that date."""
    try:
        verify_draw.conform("head.json", head, HEAD)
        check_record_shape(record)
    except verify_draw.Malformed as error:
        raise NotFetched(str(error)) from error
    if record["closure_date"] != date:
        raise NotFetched("record.json is not of this lottery")


def changes(before: Kept, record: Kept) -> Iterator[str]:
    """What had been published and is not the same any more."""
    for name, value in before.items():
        is_same = value is None or record[name] == value
        if name == "drawn":
            is_same = continues(value or [], record[name] or [])
        elif name == "sealed_evidence":  # a later checkpoint has more cosignatures
            is_same = value is None or record[name] is not None
        if not is_same:
            yield f"Its {name} was {json.dumps(value)} and is {json.dumps(record[name])} now."


def continues(before: List[Any], drawn: List[Any]) -> bool:
    """Whether the numbers drawn are the same, but for rows at the end and for passings over."""
    return len(drawn) >= len(before) and all(
        row == {**old, "passed_over": old["passed_over"] or row["passed_over"]}
        for old, row in zip(before, drawn)
    )


def proves(proof: Any, before: Kept, head: Kept) -> bool:
    try:
        verify_draw.conform("consistency.json", proof, verify_draw.CONSISTENCY)
    except verify_draw.Malformed:
        return False
    wanted = [before["lottery"], before["ballot_count"], before["root"]]
    wanted += [head["ballot_count"], head["root"]]
    return wanted == [proof[n] for n in ("lottery", "from", "from_root", "to", "to_root")] and (
        verify_draw.is_consistent(
            before["ballot_count"],
            head["ballot_count"],
            bytes.fromhex(before["root"]),
            bytes.fromhex(head["root"]),
            verify_draw.unhex(proof["proof"]),
        )
    )


def contradictions(head: Kept, record: Kept) -> Iterator[str]:
    """Where head and record, as they are published now, do not fit each other."""
    if head["lottery"] != record["lottery"]:
        yield "Head and record are of two lotteries."
    if record["sealed_at"] is None:
        return  # it may have been sealed since the record was fetched
    if not head["sealed"]:
        yield "The record is of a sealed box, but the head is not."
    if (head["ballot_count"], head["root"]) != (record["ballot_count"], record["root"]):
        yield "The record is not of the box that the head is of."


def check_steps(record: Kept, report: Report) -> None:
    """Runs the steps of verify_draw.py: all of them once it is drawn, before that two."""
    try:
        if record["drawn"] is not None:
            steps = verify_draw.check_record(record, verify_draw.find_signature_check())
        else:
            steps = [verify_draw.check_announcement(record), verify_draw.check_closing_time(record)]
    except verify_draw.Malformed as error:
        report.alarms.append(str(error))
        return
    report.alarms.extend(f"{step.title}: {step.detail}" for step in steps if step.holds is False)
    report.unchecked.extend(f"{step.title}: {step.detail}" for step in steps if step.holds is None)


# --- The command


def read_site(text: str) -> str:
    """The address of a site, without a slash at its end."""
    try:
        url = urlsplit(text)
        is_good = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:
        is_good = False
    if not is_good or url.query or url.fragment:
        raise argparse.ArgumentTypeError(f"'{text}' is no address like https://lottery.example.org")
    return text.rstrip("/")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", type=read_site, help="the address of the site to watch")
    parser.add_argument(
        "--keep",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="where what was seen is kept; it is made if it is not there",
    )


def watch(
    site: str,
    folder: Path,
    at: datetime,
    *,
    say: Callable[[str], Any],
    shout: Callable[[str], Any],
    limits: Limits = LIMITS,
) -> bool:
    """One look at all lotteries of the site; whether all are as they were."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        witness = Witness(Fetcher(site, limits), folder, at, pages=limits.pages)
    except OSError as error:
        shout(f"{folder} is not a folder that a witness keeps: {error}")
        return False
    for name, reason in witness.damaged.items():
        shout(f"{name}: not checked: {reason}")
    dates, why_incomplete = witness.find_dates()
    if why_incomplete and not dates:
        shout(f"Nothing was checked: {why_incomplete}.")
        return False
    if why_incomplete:
        shout(f"The feed was not read to its end: {why_incomplete}.")
    bad = [date for date in dates if not tell(date, witness.look(date), shout)]
    bad += [*witness.damaged, *(["the feed"] if why_incomplete else [])]
    if bad:
        shout(f"Not as it was, or not checked: {', '.join(bad)}.")
        return False
    is_one = len(dates) == 1
    say("1 lottery is as it was." if is_one else f"{len(dates)} lotteries are as they were.")
    return True


def tell(name: str, report: Report, shout: Callable[[str], Any]) -> bool:
    for alarm in report.alarms:
        shout(f"{name}: HISTORY WAS REWRITTEN. {alarm}")
    for reason in report.unchecked:
        shout(f"{name}: not checked: {reason.rstrip('.')}.")
    return report.is_good


def print_error(line: str) -> None:
    print(line, file=sys.stderr)


def main(
    arguments: Optional[Sequence[str]] = None,
    say: Callable[[str], Any] = print,
    shout: Callable[[str], Any] = print_error,
) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    now = datetime.now(timezone.utc)
    return 0 if watch(options.url, options.keep, now, say=say, shout=shout) else 1


if __name__ == "__main__":
    sys.exit(main())
