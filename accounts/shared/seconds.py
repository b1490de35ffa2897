"""Moments of the database as whole seconds since 1970: a list of them is read much faster."""

from typing import Any

from django.db.models import BigIntegerField, Func


class Seconds(Func):
    """The second that a moment is in. NULL where SQLite has a text that is no moment."""

    template = "CAST(floor(extract(epoch FROM %(expressions)s)) AS bigint)"
    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        """Without the fraction, which SQLite would round."""
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS integer)"
        return self.as_sql(compiler, connection, template=template, **kwargs)
