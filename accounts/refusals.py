"""What the rules about people refuse: for each its status and its sentence, whichever the door."""

from http import HTTPStatus

from accounts.shared.refusals import Refusal


class TooManyRequests(Refusal):
    """A limit is reached. It says how long to wait, also in Retry-After (RFC 9110, 10.2.3)."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    sentence = "Too many requests. Wait {wait}, then try again."

    def __init__(self, *, seconds: int) -> None:
        super().__init__(wait=tell_wait(seconds))
        self.headers = {"Retry-After": str(seconds)}


class TooManyWrongPasswords(TooManyRequests):
    sentence = (
        "Too many wrong passwords. Wait {wait} before you try again, "
        "or choose a new password by e-mail."
    )
    template = "accounts/slowed_down.html"


class AccountAtStake(Refusal):
    status = HTTPStatus.CONFLICT
    sentence = (
        "The account {username} has {stake}: until then admins change nothing of it. "
        "The person can still change the password."
    )


class AccountGone(Refusal):
    """It was there when it was looked up, and is no more."""

    status = HTTPStatus.FORBIDDEN
    sentence = "This account has been closed or deleted meanwhile, and nothing was done."


class AccountClosed(Refusal):
    """Nobody changes an account that its person has closed."""

    status = HTTPStatus.CONFLICT
    sentence = "The person has closed this account, and nothing of it can be changed."


class AdminsKeepTheirAccount(Refusal):
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "Admins cannot close their account. Have another admin make you a participant first, "
        "and close it then."
    )


class PlaceUnclaimed(Refusal):
    status = HTTPStatus.CONFLICT
    sentence = "You hold {place}: claim or decline it first. Then you can close your account."


class PlaceHeld(Refusal):
    status = HTTPStatus.CONFLICT
    sentence = (
        "You hold {place}: your username stays as it is until the organisers have handed it over, "
        "or you decline it."
    )


class MailIsOut(Refusal):
    status = HTTPStatus.CONFLICT
    sentence = "A mail server has this mail already, or it is gone: nothing is sent twice."


class LinkWorksNoMore(Refusal):
    status = HTTPStatus.GONE
    sentence = "It has been used, it is too old, or your account has changed since it was sent."
    template = "accounts/link_works_no_more.html"


def tell_wait(seconds: int) -> str:
    """How long to wait, rounded up to whole minutes above one."""
    if seconds <= 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
