"""Asks relays of the beacon for a round. They are trusted with nothing: see beacons.py."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.audit.writing import Actor
from ballots.life import draw_lottery
from ballots.models import BallotBox
from ballots.refusals import BeaconRefused, NoRelayAnswered
from lotteries.models import Lottery

CONNECT_SECONDS = 3
ANSWER_SECONDS = 6  # for all of the answer, however slowly it comes
LONGEST_ANSWER = 4096  # bytes


class RelayFailed(Exception):
    """The relay gave no answer, or none that could be read."""


def draw_from_relays(lottery: Lottery, *, by: Actor | None = None) -> tuple[BallotBox, bool]:
    """Like draw_lottery, with the first answer of a relay that counts.

    Raises NoRelayAnswered, with the reasons.
    """
    reasons = []
    for relay in settings.BEACON_RELAYS:
        try:
            return draw_lottery(lottery, fetch_round(relay, lottery), by=by)
        except (RelayFailed, BeaconRefused) as error:
            reasons.append(f"{relay}: {error}")
    raise NoRelayAnswered(reasons="; ".join(reasons))


def fetch_round(relay: str, lottery: Lottery) -> Any:
    """The relay's answer for the announced round, as JSON; raises RelayFailed."""
    path = f"/{lottery.beacon_chain}/public/{lottery.beacon_round}"
    try:
        with connect(relay) as connection:
            connection.request("GET", path, headers={"Accept": "application/json"})
            response = connection.getresponse()
            body = response.read(LONGEST_ANSWER + 1)
        if response.status == 425:
            raise RelayFailed("the round is still to come")
        if response.status != 200:  # a redirect is no answer either
            raise RelayFailed(f"status {response.status}")
        if len(body) > LONGEST_ANSWER:
            raise RelayFailed(f"more than {LONGEST_ANSWER} bytes")
        return json.loads(body)
    except (OSError, http.client.HTTPException) as error:
        raise RelayFailed(f"no answer ({type(error).__name__})") from error
    except (ValueError, RecursionError) as error:
        raise RelayFailed("no JSON, or cut off") from error


@contextmanager
def connect(relay: str) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when its time is up, in the middle of an answer too."""
    url = urlsplit(relay)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    with closing(kind(str(url.hostname), url.port, timeout=CONNECT_SECONDS)) as connection:
        connection.connect()
        timer = Timer(ANSWER_SECONDS, cut, [connection.sock])
        timer.start()
        try:
            yield connection
        finally:
            timer.cancel()


def cut(connection: socket.socket) -> None:
    with suppress(OSError):  # the relay may have been first
        connection.shutdown(socket.SHUT_RDWR)
