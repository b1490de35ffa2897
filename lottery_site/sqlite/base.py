"""Django's SQLite, with the site's own limit for waiting."""

from typing import Any

from django.db.backends.sqlite3 import base

from lottery_site.wrapping import SiteConnection


class DatabaseWrapper(SiteConnection, base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | {"timeout": params.pop("waits").write}
