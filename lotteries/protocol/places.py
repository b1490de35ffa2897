"""From the order of the draw to its places (the draw protocol, "From the order to places")."""

from collections.abc import Hashable, Iterable, Iterator
from heapq import heapify, heappop
from typing import TypeVar

MOST_REPEATS = 1000  # in all: whoever has nearly all ballots cannot keep a draw walking

Participant = TypeVar("Participant", bound=Hashable)


def walk(
    numbers: Iterable[tuple[int, Participant]],
    *,
    vacant: Iterable[int],
    taken: Iterable[Participant] = (),
    repeats: int = 0,
) -> Iterator[tuple[int, Participant, int | None]]:
    """Takes numbers until no place is vacant: (number, participant, its place or None).

    numbers are those of the order with their participants, from where the draw stopped before; they
    are read one by one, and no further than the walk goes. vacant are the places to fill, taken the
    participants of all numbers before, repeats how many of those held nothing. A participant who
    was taken before is a repeat and holds nothing. The walk ends early where no number is left, or
    at MOST_REPEATS.
    """
    places, people, upcoming = list(vacant), set(taken), iter(numbers)
    heapify(places)
    while places and repeats < MOST_REPEATS and (found := next(upcoming, None)):
        number, participant = found
        if participant in people:
            repeats += 1
            yield number, participant, None
        else:
            people.add(participant)
            yield number, participant, heappop(places)
