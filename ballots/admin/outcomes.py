"""How a draw ended, as the lists of the admin tell it."""

from ballots.models import BallotBox, DrawnBallot, Place

MOST_SHOWN = 3  # places beside the first one; their own page has them all


def tell_holder(drawn: DrawnBallot) -> str:
    return f"{drawn.shown_as}, ballot {drawn.number}"


def tell_winner(box: BallotBox) -> str:
    """Who holds place 1."""
    return tell_holder(box.winner) if box.winner else "–"


def tell_other_places(box: BallotBox) -> str:
    """Who holds the next ones, and how many more there are."""
    others = box.draw.places[1:] if box.is_drawn and box.ballot_count else []
    told = [tell_place(place) for place in others[:MOST_SHOWN]]
    more = len(others) - len(told)
    return "\n".join([*told, f"and {more} more"] if more else told) or "–"


def tell_place(place: Place) -> str:
    return f"{place.number}: {tell_holder(place.holder) if place.holder else 'vacant'}"


def tell_passing_over(drawn: DrawnBallot) -> str:
    """Of somebody passed over: when, who, why, and who decided it."""
    by = f" (by {drawn.passed_over_by.username})" if drawn.passed_over_by else ""
    when = f"{drawn.passed_over_at:%Y-%m-%d %H:%M %Z}"
    return f"{when}, place {drawn.place}, {tell_holder(drawn)}: {drawn.reason}{by}"
