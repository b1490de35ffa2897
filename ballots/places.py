"""Who holds the places of a draw: the walk of the draw protocol, over the rows of the box."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from accounts.models import User
from ballots.models import Ballot, Draw, DrawnBallot
from ballots.telling import tell_holders
from lotteries.protocol.places import walk

LARGEST_LOOK = 500  # ballots in one query


def take_numbers(
    draw: Draw, *, at: datetime, after: DrawnBallot | None = None
) -> list[DrawnBallot]:
    """Goes on with the walk from where it stopped, and stores what it takes, in a few queries.

    After is the holder whose passing over vacated a place; None for the draw itself. The caller
    has locked the box.
    """
    before = list(draw.drawn.all()) if after else []
    held = {drawn.place for drawn in before if drawn.is_standing}
    vacant = [place for place in range(1, draw.box.lottery.places + 1) if place not in held]
    ballots: dict[int, Ballot] = {}
    steps = list(
        walk(
            read_order(draw, ballots, start=len(before), first_look=len(vacant)),
            vacant=vacant,
            taken={drawn.participant_id for drawn in before},
            repeats=sum(drawn.place is None for drawn in before),
        )
    )
    # Held, so that nobody is drawn whose account is closed meanwhile, or by another name.
    people = User.objects.lock_all(participant for _, participant, _ in steps)
    taken = [
        DrawnBallot(
            draw=draw,
            position=position,
            ballot=ballots[number],
            participant=people[participant],
            username=people[participant].public_name,
            place=place,
            taken_at=at,
            after=after,
        )
        for position, (number, participant, place) in enumerate(steps, start=len(before) + 1)
    ]
    DrawnBallot.objects.bulk_create(taken)
    tell_holders(draw, [drawn for drawn in taken if drawn.place], at=at)
    return taken


def read_order(
    draw: Draw, ballots: dict[int, Ballot], *, start: int, first_look: int
) -> Iterator[tuple[int, UUID]]:
    """The order's numbers and their participants from there on; fills in the ballots it looks up.

    Most draws need as many as there are vacant places. More are looked up as repeats turn up.
    """
    order, look = islice(draw.order(), start, None), max(first_look, 1)
    while numbers := list(islice(order, look)):
        found = Ballot.objects.filter(box=draw.pk, number__in=numbers)
        ballots |= {each.number: each for each in found.select_related("submission")}
        for number in numbers:
            yield number, ballots[number].submission.participant_id
        look = min(2 * look, LARGEST_LOOK)
