"""Queries that are asked at every request: what the ORM makes of them is made once and kept."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Value, query

Row = TypeVar("Row")


class Parameter(Value):
    """Stands in a query for what is given, by this name, each time that it is asked."""

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any]]:
        return "%s", (self,)

    @property
    def pk(self) -> "Parameter":
        """Where a queryset's method takes a row, its key is given."""
        return self


class Statement(NamedTuple):
    sql: str
    parameters: tuple[Any, ...]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    make: Callable[[list[Any]], Any]  # what the query is about, of a row


class PreparedQuery(Generic[Row]):
    """A query as a function: its rows are those of the queryset that was written for it.

    Takes querysets with values_list(), and those of models with select_related() or only().
    """

    def __init__(self, write: Callable[..., "QuerySet[Any, Row]"], *names: str) -> None:
        self.write, self.names = write, names
        self.statements: dict[str, Statement] = {}  # for each database

    @cached_property
    def queryset(self) -> "QuerySet[Any, Row]":
        return self.write(*map(Parameter, self.names))

    def ask(self, *values: Any) -> "Asked[Row]":
        """Sends it: in a pipeline, the answer can be read behind that."""
        alias = router.db_for_read(self.queryset.model)
        connection = connections[alias]
        statement = self.statements.get(alias)
        if statement is None:
            statement = self.statements[alias] = prepare(self.queryset.using(alias), connection)
        given = dict(zip(self.names, values, strict=True))
        cursor = connection.cursor()
        cursor.execute(statement.sql, list(fill_in(statement.parameters, given, connection)))
        return Asked(cursor, statement, connection)

    def __call__(self, *values: Any) -> list[Row]:
        """All of them, by one query."""
        return self.ask(*values).all()

    def first(self, *values: Any) -> Row | None:
        return self.ask(*values).first()


class Asked(NamedTuple, Generic[Row]):
    """A query that was sent."""

    cursor: Any
    statement: Statement
    connection: BaseDatabaseWrapper

    def all(self) -> list[Row]:
        with self.cursor:
            rows = self.cursor.fetchall()
        make = self.statement.make
        return [make(convert(row, self.statement, self.connection)) for row in rows]

    def first(self) -> Row | None:
        return next(iter(self.all()), None)


def prepare(queryset: "QuerySet[Any, Any]", connection: BaseDatabaseWrapper) -> Statement:
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    found = compiler.get_converters([expression for expression, *_ in compiler.select])
    converters = [(place, each, expression) for place, (each, expression) in found.items()]
    is_of_models = queryset._iterable_class is query.ModelIterable
    make = model_maker(compiler, queryset.db) if is_of_models else tuple
    return Statement(sql, parameters, converters, make)


def model_maker(compiler: Any, alias: str) -> Callable[[list[Any]], Any]:
    """Makes a model's instance of a row, with all that came along, as ModelIterable does."""
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [expression.target.attname for expression, *_ in compiler.select[start:end]]
    find_related: Any = query.get_related_populators  # whose stub is that of another version
    related = find_related(compiler.klass_info, compiler.select, alias)
    annotations = list(compiler.annotation_col_map.items())

    def make(row: list[Any]) -> Any:
        instance = model.from_db(alias, names, row[start:end])
        for each in related:
            each.populate(row, instance)
        for name, place in annotations:
            setattr(instance, name, row[place])
        return instance

    return make


def fill_in(
    parameters: Iterable[Any], given: dict[str, Any], connection: BaseDatabaseWrapper
) -> Iterable[Any]:
    for parameter in parameters:
        is_given = isinstance(parameter, Parameter)
        yield adapt(given[parameter.value], connection) if is_given else parameter


def adapt(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """As the database takes it: SQLite has neither UUIDs nor moments."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_unknown_value(value)


def convert(row: tuple[Any, ...], statement: Statement, connection: BaseDatabaseWrapper) -> Any:
    """As Python takes it."""
    if not statement.converters:
        return row
    values = list(row)
    for place, converters, expression in statement.converters:
        for converter in converters:
            values[place] = converter(values[place], expression, connection)
    return values
