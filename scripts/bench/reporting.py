"""The tables that are printed."""

import os
import platform
from argparse import Namespace
from collections.abc import Collection, Iterable
from statistics import median
from typing import NamedTuple

from django.db import connection

from bench.targets import HELLOS, LEVEL, TO_ONE, Figures, compare

ONE = {"submit-100-api": "submit-api", "submit-100-form": "submit-form"}


class Cost(NamedTuple):
    """Of a case in one round, or the medians of several."""

    rate: float  # requests a second, errors left out
    p50: float  # milliseconds, as the next
    p99: float
    errors: float  # the sum of all rounds, and of what warms up before
    server_ms: float  # of processor time a request
    database_ms: float
    megabytes: float  # of the largest process of the server, at its most
    hellos: float  # the server's processor time, in those of "hello" just before


class Row(NamedTuple):
    name: str
    connections: int
    cost: Cost

    @classmethod
    def of_rounds(cls, name: str, level: int, rounds: list[Cost], errors: float = 0) -> "Row":
        """With the errors of what warmed up before the rounds."""
        medians = Cost(*map(median, zip(*rounds, strict=True)))
        errors += sum(each.errors for each in rounds)
        return cls(name, level, medians._replace(errors=errors))


def describe_machine(asked: Namespace) -> str:
    version = connection.cursor().connection.info.server_version
    return (
        f"{os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}, "
        f"PostgreSQL {version // 10000}.{version % 10000}, {asked.ballots:,} ballots, "
        f"{asked.rounds} rounds of {asked.seconds} s."
    )


def print_rows(rows: Iterable[Row]) -> None:
    print(
        "\n| case | connections | requests/s | p50 ms | p99 ms | errors | server CPU ms | "
        "database CPU ms | MB | hellos |\n|---|" + "---:|" * 9
    )
    for name, level, cost in sorted(rows, key=lambda row: row.connections):
        print(
            f"| {name} | {level} | {cost.rate:,.0f} | {cost.p50:.1f} | {cost.p99:.1f} | "
            f"{cost.errors:,.0f} | {cost.server_ms:.2f} | {cost.database_ms:.2f} | "
            f"{cost.megabytes:.0f} | {cost.hellos:.1f} |"
        )


def print_targets(rows: list[Row], measured: Figures, cases: Collection[str]) -> bool:
    """Whether one is missed, or a request was answered by an error."""
    print("\nTargets:")
    lines = compare(measured | collect_figures(rows), cases)
    for line, _ in lines:
        print(line)
    failed = [row for row in rows if row.cost.errors]
    for name, level, cost in failed:
        print(f"{name:<20} {cost.errors:,.0f} errors at {level} connections   MISSED")
    return bool(failed) or any(is_missed for _, is_missed in lines)


def collect_figures(rows: list[Row]) -> Figures:
    """What the targets are about, from the rows."""
    costs = {row.name: row.cost for row in rows if row.connections == LEVEL}
    figures: Figures = {(name, HELLOS): cost.hellos for name, cost in costs.items()}
    for name, one in ONE.items():
        if name in costs and one in costs:
            figures[name, TO_ONE] = costs[name].server_ms / costs[one].server_ms
    return figures
