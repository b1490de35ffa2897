"""What a person has at stake here: why an account, or a name, is left as it is."""

from accounts.models import User
from ballots.models import Answer, BallotBox, Holding, HoldingQuerySet


def ballots_in_an_undrawn_lottery(user: User) -> str | None:
    """The latest of these lotteries, and when its ballots are no longer at stake."""
    boxes = BallotBox.objects.of(user).filter(draw=None).select_related("lottery")
    box = boxes.order_by("-lottery__closes_at").first()
    if box is None:
        return None
    closes_at = box.lottery.closes_at_local
    return f"ballots in {box.lottery}, until its draw (it closes at {closes_at:%Y-%m-%d %H:%M %Z})"


def unclaimed_place(user: User) -> str | None:
    """A place that the person neither claimed nor declined."""
    return name_first(Holding.objects.of(user).unanswered())


def held_place(user: User) -> str | None:
    """A place of theirs that is not declined, and whose prize is not handed over."""
    held = Holding.objects.of(user).standing().filter(handed_over_at=None)
    return name_first(held.exclude(answer=Answer.DECLINED))


def held_place_and_until_when(user: User) -> str | None:
    """Whoever changed the account meanwhile could get the prize in the holder's place."""
    place = held_place(user)
    return place and f"{place}, until it is handed over"


def name_first(holdings: HoldingQuerySet) -> str | None:
    """The one that was drawn first."""
    found = holdings.select_related("drawn__draw__box__lottery")
    holding = found.order_by("drawn__taken_at").first()
    if holding is None:
        return None
    return f"place {holding.drawn.place} in {holding.drawn.draw.box.lottery}"


def forget_messages(user: User) -> None:
    """What the person wrote to the organisers, and how they were to be reached."""
    Holding.objects.of(user).update(message="", contact="")
