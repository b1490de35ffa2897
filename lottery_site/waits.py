"""How long the site waits for its database, whoever asks it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waits:
    """Seconds, for one connection."""

    connect: float = 3  # all addresses of the server together
    lock: float = 3
    statement: float = 10
    idle: float = 30  # between two statements of a transaction, which holds its locks meanwhile
    write: float = 5  # for SQLite's one lock, which is for all that is written
    answer: float = 2  # on top of a statement's, until a server that says nothing is given up


WEB = Waits()
# Nobody looks at a page meanwhile. Draws, migrations, checks of all ballots and benchmarks are long
# by nature; a lock they wait for is at the front of a queue that people keep joining.
COMMAND = Waits(lock=30, statement=600, write=60)
