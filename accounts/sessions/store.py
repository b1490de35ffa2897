"""What reads and writes sessions: the engine of the settings."""

from copy import deepcopy
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, User
from accounts.shared.prepared import PreparedQuery


def write_session_query(key: Any, at: Any) -> QuerySet[Session]:
    sessions = Session.objects.filter(session_key=key, expire_date__gt=at)
    return sessions.select_related("user")


find_session = PreparedQuery(write_session_query, "key", "at")


@lru_cache(4096)
def read_signed(text: bytes | str) -> dict[str, Any]:
    """What a session's text says, as long as it is this text: the row is read each time.

    To check its signature and unpack it is a tenth of what a request costs otherwise.
    """
    return db.SessionStore().decode(text)


class SessionStore(db.SessionStore):
    # Whose it was when it was read.
    user: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        return deepcopy(read_signed(session_data))

    def _get_session_from_db(self) -> Session | None:
        key = str(self.session_key)
        # A cookie can have a NUL in it, which is in no key and which PostgreSQL does not take.
        session = None if "\0" in key else find_session.first(key, timezone.now())
        if session is None:
            self._session_key = None  # nobody chooses the key of a session
        else:
            self.user = session.user
        return session
