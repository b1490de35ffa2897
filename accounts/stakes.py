"""What a person has at stake, as the apps above know it. They add their questions when ready."""

from collections.abc import Callable

from accounts.models import User

# Answers with what and until when ("ballots in …, until its draw"), or None.
Question = Callable[[User], str | None]
# While it lasts, admins keep off.
questions: list[Question] = []
# Ballots whose lottery is still to be drawn.
undrawn_ballots: list[Question] = []
# A place that the person neither claimed nor declined ("place 1 in …"): the account stays.
unclaimed_places: list[Question] = []
# A place that is not handed over yet, claimed or not: the username stays.
held_places: list[Question] = []


def what_is_at_stake(user: User) -> str | None:
    """The first that an app names."""
    return first_answer(questions, user)


def first_answer(asked: list[Question], user: User) -> str | None:
    return next((answer for ask in asked if (answer := ask(user))), None)
