"""The witness before a site that means it ill: it ends in time, and says what it left."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from ballots.checkers.verify_draw import announcement_hash
from ballots.checkers.witness import LIMITS, Limits, watch

AT = datetime(2026, 1, 1, tzinfo=UTC)
DATE = "2026-01-02"
LOTTERY = "00000000-0000-0000-0000-000000000007"
SHORT = LIMITS._replace(seconds=3, answer_seconds=0.4)
HEAD = {
    "version": 2,
    "lottery": LOTTERY,
    "ballot_count": 0,
    "root": "0" * 64,
    "sealed": False,
    "checkpoint": None,
}
RECORD: dict[str, Any] = {
    "version": 2,
    "lottery": LOTTERY,
    "name": "tan octopus lottery",
    "prize": "",
    "terms": "",
    "closure_date": DATE,
    "time_zone": "UTC",
    "closes_at": 1767398400,
    "announced_at": 1767000000,
    "places": 1,
    "ballots_each": 0,
    "claim_days": 0,
    "seed_commitment": "1" * 64,
    "beacon": "none",
    "sealed_at": None,
    "ballot_count": None,
    "participant_count": None,
    "root": None,
    "seed": None,
    "drawn_at": None,
    "beacon_signature": None,
    "drawn": None,
    "sealed_evidence": None,
}
RECORD["announcement"] = announcement_hash(RECORD)
Answer = Callable[[BaseHTTPRequestHandler], None]
over = Event()  # no drip goes on after its test


def feed(*dates: str, next_page: bool = False) -> bytes:
    entries = "".join(f'<entry><link href="/lotteries/{date}/"/></entry>' for date in dates)
    older = '<link rel="next" href="x"/>' if next_page else ""
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{older}{entries}</feed>'.encode()


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    drip(handler)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drip(handler)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: no time limit of the socket alone ever ends this."""
    while not over.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def pour(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not over.is_set():
        handler.wfile.write(b" " * 65536)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def speak_no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"hello\r\n\r\n")


HONEST: dict[str, Answer] = {
    "/feed.atom": answer(feed(DATE)),
    f"/lotteries/{DATE}/record.json": answer(json.dumps(RECORD).encode()),
    f"/lotteries/{DATE}/head.json": answer(json.dumps(HEAD).encode()),
}


@contextmanager
def site(**changes: Answer) -> Iterator[tuple[str, list[str]]]:
    """(the address of a site, the paths that it was asked for): honest but for the changes."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            asked.append(path)
            name = path.rpartition("/")[2].split(".")[0]
            try:
                changes.get(name, HONEST.get(path, answer(b"", 404)))(self)
            except OSError:
                self.close_connection = True  # whoever asked has had enough

        def log_message(self, *args: Any) -> None:
            pass

    over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def look(url: str, folder: Path, limits: Limits = SHORT) -> tuple[bool, str]:
    said: list[str] = []
    is_good = watch(url, folder, AT, say=said.append, shout=said.append, limits=limits)
    return is_good, "\n".join(said)


def test_an_honest_one_is_as_it_was(tmp_path: Path) -> None:
    with site() as (url, _):
        assert look(url, tmp_path) == look(url, tmp_path) == (True, "1 lottery is as it was.")


@pytest.mark.parametrize("name", ["feed", "record", "head"])
@pytest.mark.parametrize("slow", [drip_body, drip_headers])
def test_an_answer_that_drips(tmp_path: Path, name: str, slow: Answer) -> None:
    start = time.monotonic()
    with site(**{name: slow}) as (url, _):
        is_good, said = look(url, tmp_path)
    assert not is_good
    assert "did not answer within 0.4 seconds" in said
    assert time.monotonic() - start < SHORT.seconds + 2


def test_the_whole_look_has_an_end(tmp_path: Path) -> None:
    dates = [f"2026-02-{day:02}" for day in range(1, 29)]
    limits = SHORT._replace(seconds=0.9)
    start = time.monotonic()
    with site(feed=answer(feed(*dates)), record=drip_body) as (url, _):
        is_good, said = look(url, tmp_path, limits)
    assert not is_good
    assert said.count("the look took more than 0.9 seconds") >= 20
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("bad", [pour, hang_up, speak_no_http, answer(b"", 500), answer(b"\xff")])
@pytest.mark.parametrize("name", ["feed", "record", "head"])
def test_an_answer_that_is_none(tmp_path: Path, name: str, bad: Answer) -> None:
    with site(**{name: bad}) as (url, _):
        is_good, said = look(url, tmp_path, SHORT._replace(answer_bytes=100_000))
    assert not is_good
    assert ("Nothing was checked: " if name == "feed" else f"{DATE}: not checked: ") in said
    assert [*tmp_path.iterdir()] == []


def test_all_bytes_together_have_a_limit(tmp_path: Path) -> None:
    dates = [f"2026-02-{day:02}" for day in range(1, 29)]
    limits = SHORT._replace(total_bytes=20_000)
    with site(feed=answer(feed(*dates)), record=answer(b" " * 5000)) as (url, asked):
        is_good, said = look(url, tmp_path, limits)
    assert not is_good
    assert "the site sent more than 20000 bytes" in said
    assert len(asked) < 7


def test_a_feed_without_an_end(tmp_path: Path) -> None:
    with site(feed=answer(feed(DATE, next_page=True))) as (url, asked):
        is_good, said = look(url, tmp_path, SHORT._replace(pages=3))
    assert not is_good
    assert "/feed.atom has more than 3 pages" in said
    assert asked.count("/feed.atom") == 3
    assert (tmp_path / f"{LOTTERY}.json").exists()


@pytest.mark.parametrize("bad", [answer(b"<feed", 200), answer(b"", 503), drip_body])
def test_a_feed_that_cannot_be_read_stops_nothing_else(tmp_path: Path, bad: Answer) -> None:
    with site() as (url, _):
        look(url, tmp_path)
    changed = answer(json.dumps(RECORD | {"name": "red fox lottery"}).encode())
    with site(feed=bad, record=changed) as (url, _):
        is_good, said = look(url, tmp_path)
    assert not is_good
    assert "The feed was not read to its end" in said
    assert f"{DATE}: HISTORY WAS REWRITTEN. Its name was" in said
    assert f"Not as it was, or not checked: {DATE}, the feed." in said


def test_one_bad_lottery_stops_no_other(tmp_path: Path) -> None:
    with site(feed=answer(feed("2026-01-01", DATE))) as (url, _):
        is_good, said = look(url, tmp_path)
    assert not is_good
    assert said.endswith("Not as it was, or not checked: 2026-01-01.")
    assert (tmp_path / f"{LOTTERY}.json").exists()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_follows_no_redirect(tmp_path: Path, status: int) -> None:
    with site() as (other, asked):
        record = f"{other}/lotteries/{DATE}/record.json"
        for target in (record, record.replace("http:", "ftp:"), "file:///etc/passwd"):
            with site(record=answer(b"", status, Location=target)) as (url, _):
                is_good, said = look(url, tmp_path)
            assert not is_good
            assert f"answered {status}, with another address" in said
        assert asked == []
