"""Demo data, made through the same verbs as the real thing."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import localdate, now
from tqdm import tqdm

from accounts.audit.writing import operator
from accounts.models import User
from accounts.registering import register
from accounts.shared.commands import SiteCommand
from accounts.shared.explaining import explain
from accounts.shared.numbers import tell_count
from ballots.life import close_lottery, open_lottery, submit_ballots
from ballots.management.arguments import iso_date, whole_number
from ballots.management.demo import live_the_day_after, promise
from ballots.models import Ballot, BallotBox
from ballots.refusals import AdminsTakeNoPart, LotteryClosed, TooManyBallots
from lotteries.announcing import draft_lottery
from lotteries.models import Lottery
from lotteries.protocol.closing import closing_time

NOUNS = ("lottery", "user", "ballot"), ("lotteries", "users", "ballots")
PASSWORD = "tan octopus lottery"  # noqa: S105  demo participants only, and printed for everyone


class Command(SiteCommand):
    help = (
        "Makes lotteries, participants and random ballots to look at. Safe to repeat. "
        "Lotteries of past dates are dated, filled and drawn as if they had been run then, and of "
        "their places some are claimed, handed over, declined or passed over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "-l", "--lotteries", type=whole_number(1, 1000), default=30, help="how many: 30"
        )
        parser.add_argument(
            "-u", "--users", type=whole_number(1, 10_000), default=10, help="how many: 10"
        )
        parser.add_argument(
            "-b", "--ballots", type=whole_number(0, 100_000), default=100, help="of each user: 100"
        )
        parser.add_argument(
            "-d", "--date", type=iso_date, help="the first closure date; today if left out"
        )
        parser.add_argument(
            "-n",
            "--number",
            type=whole_number(1, 1_000_000),
            default=1,
            help="of the first user: 1",
        )
        parser.add_argument(
            "--force", action="store_true", help="even where SITE_URL is that of a real site"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_HTTPS and not options["force"]:
            raise CommandError(
                f"{settings.SITE_URL} looks like a real site, whose lotteries and users stay for "
                "good. Add --force to make demo data there all the same."
            )
        first_date, before = options["date"] or localdate(), counts()
        numbers = range(options["number"], options["number"] + options["users"])
        try:
            boxes = [self.box(first_date + timedelta(days=n)) for n in range(options["lotteries"])]
            users = [self.user(n) for n in tqdm(numbers, "users", disable=None)]
        except ValidationError as error:
            raise CommandError(f"Demo data could not be made. {explain(error)}") from error
        except OverflowError as error:
            raise CommandError(
                "Demo data could not be made: choose dates before the year 9999."
            ) from error
        for number, user in zip(numbers, tqdm(users, "ballots", disable=None), strict=True):
            self.submit(number, user, boxes, options["ballots"])
        self.close(boxes)
        new = [after - there for after, there in zip(counts(), before, strict=True)]
        self.stdout.write(f"New: {', '.join(map(tell_count, new, *NOUNS))}.")
        lotteries, persons = map(tell_count, (len(boxes), len(users)), *NOUNS)
        self.stdout.write(
            f"{lotteries} from {first_date}, {persons}. "
            f"Sign in as {users[0].email} with the password: {PASSWORD}"
        )

    def box(self, closure_date: date) -> BallotBox:
        there = BallotBox.objects.filter(lottery__closure_date=closure_date)
        at = moment_before_closing(closure_date)
        return there.select_related("lottery").first() or open_lottery(
            draft_lottery(closure_date, **promise(closure_date)), by=operator(), at=at
        )

    def user(self, number: int) -> User:
        email = f"demo.{number}@example.org"
        there = User.objects.filter(email=email).first()
        return there or make_user(number, email)

    def submit(self, number: int, user: User, boxes: list[BallotBox], ballots: int) -> None:
        """The same choices for the same number each time, so that a repeat adds nothing."""
        chosen = Counter(Random(number).choices(range(len(boxes)), k=ballots))  # noqa: S311
        for index, quantity in sorted(chosen.items()):
            try:
                fill(boxes[index].lottery, user, quantity)
            except (LotteryClosed, TooManyBallots):
                continue  # drawn by an earlier run, or filled by another hand
            except AdminsTakeNoPart as refusal:
                raise CommandError(f"{user.email}: {refusal}") from refusal

    def close(self, boxes: list[BallotBox]) -> None:
        for box in tqdm(boxes, "draws", disable=None):
            draw_if_over(box.lottery)


def counts() -> tuple[int, int, int]:
    return Lottery.objects.count(), User.objects.count(), Ballot.objects.count()


def make_user(number: int, email: str) -> User:
    """A participant who can claim what they win; every fifth is shown by code alone."""
    name = f"demo {number}"
    user = register(email=email, username=name, password=PASSWORD, is_made_up=True, by=operator())
    user.is_shown_by_code = number % 5 == 0
    user.save(update_fields=["is_shown_by_code"])
    return user


def moment_before_closing(closure_date: date) -> datetime:
    """Now; for a date that is over, noon or so of that day."""
    closes_at = closing_time(closure_date, ZoneInfo(settings.TIME_ZONE))
    return min(now(), closes_at - timedelta(hours=12))


def fill(lottery: Lottery, participant: User, quantity: int) -> None:
    """Submits the ballots with tokens that are always the same ones."""
    most = settings.MAX_BALLOTS_PER_SUBMISSION
    quantity = min(quantity, lottery.ballots_each or quantity)
    for start in range(0, quantity, most):
        submit_ballots(
            closure_date=lottery.closure_date,
            participant=participant,
            quantity=min(most, quantity - start),
            token=uuid5(NAMESPACE_URL, f"lottery demo {start}"),
            is_limited=False,  # all at the same moment, where the date is over
            clock=lambda: moment_before_closing(lottery.closure_date),
        )


def draw_if_over(lottery: Lottery) -> None:
    """Draws once; then some claim what they won, some don't, and somebody may not win."""
    if lottery.closes_at > now():
        return
    box, is_first = close_lottery(lottery, by=operator(), clock=lambda: lottery.closes_at)
    if is_first and box.is_drawn:
        live_the_day_after(box, at=min(now(), lottery.closes_at + timedelta(hours=1)))
