"""Django's SQLite, with the site's own limits for waiting."""

from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from accounts.shared.troubles import SiteBusy
from accounts.shared.turns import Turns
from lottery_site.wrapping import SiteConnection

WRITERS = Turns()


class DatabaseWrapper(SiteConnection, base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | {"timeout": params.pop("waits").write}

    def _start_transaction_under_autocommit(self) -> None:
        """Takes the lock of all that is written, in turn. SQLite itself gives it to anybody."""
        try:
            with WRITERS.take():
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except SiteBusy as busy:
            raise OperationalError("database is locked") from busy
