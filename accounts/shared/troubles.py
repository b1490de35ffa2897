"""What goes wrong between the site and its database though nobody made a mistake."""

from http import HTTPStatus

from django.db import Error, InterfaceError, InternalError, OperationalError, connection

from accounts.shared.refusals import Refusal

# PostgreSQL, Appendix A. Somebody held a lock, something took too long, two waited for each other,
# or there are too many connections: the transaction was undone.
BUSY = {"55P03", "57014", "40P01", "40001", "25P03", "53300"}
# No connection, no sign-in, the server stops or starts, or it is a standby that only reads.
AWAY = ("08", "28", "3D", "57P", "25006")
NOTHING = "Nothing was stored. "
UNSURE = (
    "It is not certain whether what you sent was stored: look before you send it again. Ballots "
    "that are sent again with the same form, or the same Idempotency-Key, are not counted twice. "
)


class DatabaseTrouble(Refusal):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    template = "503.html"  # which asks the database for nothing
    seconds: int

    def __init__(self, outcome: str = "") -> None:
        super().__init__(outcome=outcome)
        self.headers = {"Retry-After": str(self.seconds)}


class SiteBusy(DatabaseTrouble):
    sentence = "The site is busy. {outcome}Please try again in a few seconds."
    seconds = 3


class DatabaseAway(DatabaseTrouble):
    sentence = "The site cannot reach its database. {outcome}Please try again in a minute."
    seconds = 30


# The first two words of its result codes.
SQLITE = {"SQLITE_BUSY": SiteBusy, "SQLITE_LOCKED": SiteBusy, "SQLITE_CANTOPEN": DatabaseAway}


def find_trouble(error: BaseException | None) -> type[DatabaseTrouble] | None:
    """What it is, also where another error was made from it; None for an error of ours."""
    while error is not None:
        if isinstance(error, Error):
            return read_driver(error)
        error = error.__cause__
    return None


def read_driver(error: Error) -> type[DatabaseTrouble] | None:
    """From what the driver says of the error, which is its cause."""
    driver = error.__cause__
    if isinstance(driver, DatabaseTrouble):  # of a backend of ours
        return type(driver)
    if name := getattr(driver, "sqlite_errorname", ""):
        return SQLITE.get("_".join(name.split("_")[:2]))  # SQLITE_BUSY_SNAPSHOT is one of BUSY
    state = getattr(driver, "sqlstate", "")
    if state is None:  # the server had no part in it
        # An InternalError: a pooler's word comes instead of the answer that was expected.
        is_lost = isinstance(error, OperationalError | InterfaceError | InternalError)
        return DatabaseAway if is_lost else None
    if state in BUSY:
        return SiteBusy
    return DatabaseAway if state.startswith(AWAY) else None


def explain_trouble(
    error: BaseException | None, *, was_to_store: bool = False
) -> DatabaseTrouble | None:
    """The refusal to show; None for an error of ours."""
    kind = find_trouble(error)
    if kind is None:
        return None
    if not was_to_store:
        return kind()
    return kind(UNSURE if may_be_stored(kind) else NOTHING)


def may_be_stored(kind: type[DatabaseTrouble]) -> bool:
    """Whether something of this request may be in the database in spite of its error.

    A connection that was lost outside of a transaction is still there; a transaction drops it.
    """
    is_lost = kind is DatabaseAway and connection.connection is not None
    return is_lost or has_sent_commit()


def has_sent_commit() -> bool:
    """Whether this thread has ended a transaction since its request began."""
    return getattr(connection, "has_sent_commit", True)


def share_commit() -> None:
    """Another thread ended a transaction with something of this request in it."""
    connection.has_sent_commit = True  # type: ignore[attr-defined]
