"""The tables, filled fast and right: what verify_database finds no fault with."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import md5
from itertools import count, cycle, islice
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from tqdm import tqdm

from accounts.models import User
from ballots.life import close_lottery, open_lottery
from ballots.management.commands.populate_demo import moment_before_closing
from ballots.models import Ballot, BallotBox, Entry, Submission, Subtree
from lotteries.announcing import draft_lottery

OPEN, DRAWN = 30, 40  # lotteries
MOST_PEOPLE = 10_000
EACH = 0.44  # of the people take part in each lottery: in 30 of those that are not the first one
MILLION = 1_000_000
PRIZE = "A week in the tree house\nFor four, in May or June."

Values = tuple[object, ...]  # of a row


class Filled(NamedTuple):
    """Everybody has many submissions in the first lottery, and one in each of 30 others or so."""

    first: date
    last: date
    drawn: date
    people: list[User]


def fill(ballots: int) -> Filled:
    """So many ballots: most of them in the lottery that closes first, the others in all others."""
    people = make_people(min(MOST_PEOPLE, ballots // 100))
    portion = max(1, ballots // MILLION)
    today, keys, left = timezone.localdate(), count(1), ballots
    days = [*range(-DRAWN, 0), *range(2, OPEN + 1)]
    for day in tqdm(days, "lotteries", disable=None):
        box = announce(today + timedelta(days=day))
        some = Random(day).sample(people, int(len(people) * EACH))  # noqa: S311
        put_in(box, some, portion, keys)
        left -= box.ballot_count
        if day < 0:
            draw(box)
    first = announce(today + timedelta(days=1))
    put_in(first, islice(cycle(people), left // (2 * portion)), 2 * portion, keys)
    settle()
    return Filled(
        first=first.lottery.closure_date,
        last=today + timedelta(days=OPEN),
        drawn=today - timedelta(days=1),
        people=people,
    )


def make_people(number: int) -> list[User]:
    """Those who sign in have codes that the database can compute, too: from 1 on."""
    return User.objects.bulk_create(
        User(
            participant=UUID(md5(str(each).encode(), usedforsecurity=False).hexdigest()),
            email=f"{each}@example.org",
            username=f"person {each}",
            password=make_password(None),
        )
        for each in range(1, number + 1)
    )


def announce(closure_date: date) -> BallotBox:
    lottery = draft_lottery(closure_date, prize=PRIZE)
    return open_lottery(lottery, at=moment_before_closing(closure_date))


def draw(box: BallotBox) -> None:
    close_lottery(box.lottery, clock=lambda: box.lottery.closes_at)


def put_in(box: BallotBox, people: Iterable[User], quantity: int, keys: Iterator[int]) -> None:
    """A submission of each, with so many ballots. The people may come again."""
    at, total = moment_before_closing(box.lottery.closure_date), Counter[UUID]()
    rows = Rows()
    for person in people:
        rows.add(box, person, quantity, next(keys), at)
        total[person.pk] += quantity
        if len(rows.ballots) > 20_000:
            rows.write()
    rows.write()
    write_rows(Entry, ((box.pk, *each) for each in total.items()), "box participant ballot_count")
    box.participant_count = len(total)
    box.save()


class Rows:
    """What waits to be written."""

    def __init__(self) -> None:
        self.submissions: list[Values] = []
        self.ballots: list[Values] = []
        self.subtrees: list[Values] = []

    def add(self, box: BallotBox, person: User, quantity: int, key: int, at: datetime) -> None:
        ballots = [uuid4() for _ in range(quantity)]
        numbers, subtrees = box.append(person, ballots)
        span = (numbers[0], numbers[-1])
        self.submissions.append((key, box.pk, person.pk, uuid4(), *span, box.root, at))
        self.ballots += [
            (ballot, box.pk, number, key) for ballot, number in zip(ballots, numbers, strict=True)
        ]
        self.subtrees += [(box.pk, each.level, each.index, each.root) for each in subtrees]

    def write(self) -> None:
        numbers = "first_number last_number root submitted_at"
        write_rows(Submission, self.submissions, f"id box participant token {numbers}")
        write_rows(Ballot, self.ballots, "id box number submission")
        write_rows(Subtree, self.subtrees, "box level index root")
        for rows in (self.submissions, self.ballots, self.subtrees):
            rows.clear()


def write_rows(model: type[Model], rows: Iterable[Values], names: str) -> None:
    """By COPY, the fastest way in."""
    quote = connection.ops.quote_name
    found = {field.name: quote(str(field.column)) for field in model._meta.concrete_fields}
    columns = ", ".join(found[name] for name in names.split())
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def settle() -> None:
    """The database as it is some time after so much was written."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Submission]):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
