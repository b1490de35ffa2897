"""Watches a site from outside: keeps what it publishes, and compares it with what was kept before.

For each lottery the folder has one JSON file: the last record that was seen, every head with the
moment at which it was seen first, and whether the lottery was withdrawn.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree

from ballots.checkers import verify_draw

Kept = dict[str, Any]
Fetch = Callable[[str], bytes]

ATOM = "{http://www.w3.org/2005/Atom}"
LARGEST = 4 * 1024 * 1024  # bytes of an answer
SECONDS = 20


class NotFetched(Exception):
    """The site did not answer, or not with what it should."""


class Gone(NotFetched):
    """The site says that there is no such thing."""


def fetcher(site: str) -> Fetch:
    """Reads a path of the site; raises NotFetched, or Gone for one that is not there."""

    def fetch(path: str) -> bytes:
        try:
            with urlopen(site + path, timeout=SECONDS) as response:  # noqa: S310  the command checks it
                body: bytes = response.read(LARGEST + 1)
        except HTTPError as error:
            kind = Gone if error.code == HTTPStatus.NOT_FOUND else NotFetched
            raise kind(f"{path} answered {error.code}") from error
        except (OSError, ValueError) as error:
            raise NotFetched(f"{path} did not answer: {error}") from error
        if len(body) > LARGEST:
            raise NotFetched(f"{path} answered with more than {LARGEST} bytes")
        return body

    return fetch


def fetched_json(fetch: Fetch, path: str) -> Any:
    try:
        return json.loads(fetch(path))
    except (ValueError, RecursionError) as error:
        raise NotFetched(f"{path} is not JSON") from error


def published_dates(fetch: Fetch) -> set[str]:
    """The closure dates of all lotteries that the feed of the site tells of."""
    dates: set[str] = set()
    page = 1
    while True:
        try:
            # Its size is limited above, and expat limits what entities can make of it.
            root = ElementTree.fromstring(fetch(f"/feed.atom?page={page}"))  # noqa: S314
        except ElementTree.ParseError as error:
            raise NotFetched("/feed.atom is not XML") from error
        for link in root.iterfind(f"{ATOM}entry/{ATOM}link"):
            dates |= set(re.findall(r"/lotteries/(\d{4}-\d{2}-\d{2})/$", link.get("href", "")))
        if root.find(f"{ATOM}link[@rel='next']") is None:
            return dates
        page += 1


class Witness:
    """Looks at one site, for one folder; at is the moment of this look."""

    def __init__(self, fetch: Fetch, folder: Path, at: datetime) -> None:
        self.fetch, self.folder, self.at = fetch, folder, at
        self.kept: dict[str, Kept] = {}
        for file in sorted(folder.glob("*.json")):
            kept = json.loads(file.read_text())
            if not kept["is_withdrawn"]:
                self.kept[kept["record"]["closure_date"]] = kept

    def dates(self) -> list[str]:
        return sorted(published_dates(self.fetch) | set(self.kept))

    def look(self, date: str) -> Iterator[str]:
        """A sentence for each sign that history was rewritten; keeps what was published if none.

        Raises NotFetched where the site does not answer. What was kept before stays then, too.
        """
        kept = self.kept.get(date)
        path = f"/lotteries/{date}"
        alarms: list[str] = []
        try:
            # The head first: what the record says of a sealed box must then be the same.
            head = fetched_json(self.fetch, f"{path}/head.json")
            record = fetched_json(self.fetch, f"{path}/record.json")
            check_shape(head, record, date)
        except Gone:
            if kept is None:
                raise
            yield from self.withdraw(kept, "It has vanished, although it had ballots.")
            return
        if kept and kept["record"]["lottery"] != record["lottery"]:
            alarms += self.withdraw(kept, "Another lottery has taken its place.")
            kept = None
        if kept:
            alarms += changes(kept["record"], record)
            alarms += self.compare_heads(path, kept["heads"][-1], head)
        alarms += contradictions(head, record)
        if not alarms:
            self.keep(kept, head, record)
        yield from alarms

    def withdraw(self, kept: Kept, alarm: str) -> Iterator[str]:
        """A lottery without ballots may be withdrawn, as long as it is open."""
        last = kept["heads"][-1]
        if last["ballot_count"] or last["sealed"]:
            yield alarm
        else:
            self.write(kept | {"is_withdrawn": True})

    def compare_heads(self, path: str, before: Kept, head: Kept) -> Iterator[str]:
        size, new_size = before["ballot_count"], head["ballot_count"]
        if before["sealed"] and (new_size, head["root"], head["sealed"]) != (
            size,
            before["root"],
            True,
        ):
            yield "The sealed box was changed."
        elif new_size < size or (new_size == size and head["root"] != before["root"]):
            yield f"The box had {size} ballots, which are not there any more."
        elif 0 < size < new_size:
            asked = f"{path}/consistency.json?from={size}&to={new_size}"
            proof = fetched_json(self.fetch, asked)
            if not proves(proof, before, head):
                yield f"The box does not begin with the {size} ballots it had."

    def keep(self, kept: Kept | None, head: Kept, record: Kept) -> None:
        heads = kept["heads"] if kept else []
        if not heads or {**heads[-1], "seen_at": None} != {**head, "seen_at": None}:
            seen_at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            heads = [*heads, {**head, "seen_at": seen_at}]
        self.write({"record": record, "heads": heads, "is_withdrawn": False})

    def write(self, kept: Kept) -> None:
        """Whole or not at all, also where this process is killed."""
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
        with os.fdopen(handle, "w") as file:
            json.dump(kept, file, indent=1)
        Path(name).replace(self.folder / f"{kept['record']['lottery']}.json")


HEAD = {
    "version": verify_draw.whole(1, 1),
    "lottery": verify_draw.UUID,
    "ballot_count": verify_draw.whole(0, verify_draw.COUNT),
    "root": verify_draw.HEX,
    "sealed": verify_draw.is_flag,
}


def check_shape(head: Any, record: Any, date: str) -> None:
    """Raises NotFetched where these are no head and no record of that date."""
    try:
        verify_draw.conform("head.json", head, HEAD)
        # Most of it may still be null; once it is drawn, check_record looks at the formats, too.
        verify_draw.conform("record.json", record, dict.fromkeys(verify_draw.RECORD, anything))
    except verify_draw.Malformed as error:
        raise NotFetched(str(error)) from error
    if not verify_draw.UUID(record["lottery"]) or record["closure_date"] != date:
        raise NotFetched("record.json is not of this lottery")


def anything(value: object) -> bool:
    return True


def changes(before: Kept, record: Kept) -> Iterator[str]:
    """What had been published and is not the same any more."""
    for name, value in before.items():
        is_same = value is None or record[name] == value
        if name == "beacon":
            is_same = f"{record[name]}:".startswith(f"{value}:")
        elif name == "winners":
            is_same = continues(value or [], record[name])
        if not is_same:
            yield f"Its {name} was {json.dumps(value)} and is {json.dumps(record[name])} now."


def continues(before: list[Any], winners: Any) -> bool:
    """Whether the list of winners is the same, or has only become longer by passing over."""
    if not isinstance(winners, list) or len(winners) < len(before):
        return not before
    *over, last = before or [None]
    if last is None:
        return True
    now = winners[len(over)]
    is_passed_over = len(winners) > len(before)
    if is_passed_over and isinstance(now, dict):
        now = now | {"passed_over": last["passed_over"]}
    return winners[: len(over)] == over and bool(now == last)


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
    """Where what is published now does not fit itself, or the draw does not hold."""
    if head["lottery"] != record["lottery"]:
        yield "Head and record are of two lotteries."
    if head["sealed"] and (head["ballot_count"], head["root"]) != (
        record["ballot_count"],
        record["root"],
    ):
        yield "The record is not of the sealed box."
    if record["winners"] is not None:
        try:
            steps = verify_draw.check_record(record)
        except verify_draw.Malformed as error:
            yield str(error)
        else:
            if unknown := [step.detail for step in steps if step.holds is None]:
                raise NotFetched(" ".join(unknown))
            yield from (f"{step.title}: {step.detail}" for step in steps if not step.holds)
