"""The attacks, by their names: each lasts as long as its context."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from datetime import date
from functools import partial
from itertools import count
from threading import Event
from typing import NamedTuple

from bench.processes import list_family
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction

from attack.clients import (
    HALF_A_BODY,
    HALF_A_HEAD,
    Client,
    ask_home,
    drip,
    guess,
    linger,
    many,
    read_nothing,
    send_half,
    submit,
)
from attack.forwarding import Forwarder
from ballots.models import BallotBox

LARGE = "ninja/swagger-ui-bundle.js"


class Target(NamedTuple):
    port: int  # of the site
    forwarder: Forwarder  # between it and its database
    postmaster: int  # the process of the database that all its others come from
    lottery: date
    programs: list[dict[str, str]]  # the headers of participants


Attack = Callable[[Target], AbstractContextManager[None]]


def by(number: int, client: Client) -> Attack:
    return lambda target: many(number, client, target.port)


def ask_for_large_file(target: Target) -> AbstractContextManager[None]:
    return many(50, read_nothing(staticfiles_storage.url(LARGE)), target.port)


@contextmanager
def lock_box(target: Target) -> Iterator[None]:
    """Somebody holds the lock of a box for which fifty submissions wait."""
    numbers = count()

    def client(port: int, ends: Event) -> None:
        headers = target.programs[next(numbers) % len(target.programs)]
        submit(f"/api/ballots?lottery_date={target.lottery}", headers)(port, ends)

    # They end once the lock is free.
    with ExitStack() as attackers, transaction.atomic():
        BallotBox.objects.select_for_update().get(lottery__closure_date=target.lottery)
        attackers.enter_context(many(50, client, target.port))
        yield


@contextmanager
def ask_meanwhile(target: Target, undo: Callable[[], None]) -> Iterator[None]:
    """Some visitors ask until after it is undone."""
    try:
        with many(20, ask_home, target.port):
            yield
            undo()
    finally:
        undo()


@contextmanager
def silence_database(target: Target) -> Iterator[None]:
    """What the site and its database tell each other gets lost, without a word."""
    target.forwarder.swallows.set()
    with ask_meanwhile(target, target.forwarder.swallows.clear):
        yield


@contextmanager
def stop_database(target: Target) -> Iterator[None]:
    """Its processes stand still, and their connections with them."""
    family = list_family(target.postmaster)
    for process in family:
        os.kill(process, signal.SIGSTOP)
    with ask_meanwhile(target, partial(continue_all, family)):
        yield


def continue_all(family: list[int]) -> None:
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


@contextmanager
def take_database_away(target: Target) -> Iterator[None]:
    """It refuses connections, and has ended those that there were."""
    target.forwarder.refuses.set()
    target.forwarder.reset_all()
    with ask_meanwhile(target, target.forwarder.refuses.clear):
        yield


ATTACKS: dict[str, Attack] = {
    "nothing": lambda target: nullcontext(),
    "half-open": by(100, send_half(HALF_A_HEAD)),
    "slow-bodies": by(16, send_half(HALF_A_BODY)),
    "dripping": by(100, drip),
    "lingering": by(50, linger),
    "no-reader": ask_for_large_file,
    "wrong-passwords": by(32, guess),
    "locked-box": lock_box,
    "silent-database": silence_database,
    "stopped-database": stop_database,
    "no-database": take_database_away,
}
