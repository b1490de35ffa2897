"""What a person has at stake, as the apps above know it: while it lasts, admins keep off."""

from collections.abc import Callable

from accounts.models import User

# Answers with what and until when ("ballots in …, until its draw"), or None.
Question = Callable[[User], str | None]
questions: list[Question] = []


def what_is_at_stake(user: User) -> str | None:
    """The first that an app names. Apps add their question when they are ready."""
    return next((stake for ask in questions if (stake := ask(user))), None)
