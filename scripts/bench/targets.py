"""What the site is to reach, and what of it was missed."""

from collections.abc import Collection
from typing import NamedTuple

LEVEL = 16  # connections, at which most targets are measured
LENIENCE = 0.1  # of a target, by which a figure may miss it: measurements differ
HELLOS = "server CPU in hellos"
TO_ONE = "server CPU to that of one ballot"
SECONDS = "seconds of CPU for 1,000,000 ballots"
OF_PGBENCH = "rate to that of pgbench"
TAIL = "p99 to p50"
ERRORS = "errors"

Figures = dict[tuple[str, str], float]  # by case and what is measured


class Target(NamedTuple):
    case: str
    figure: str
    bound: float
    is_least: bool = False  # else it is the most

    def is_missed(self, value: float) -> bool:
        """By more than a tenth."""
        if self.is_least:
            return value < self.bound * (1 - LENIENCE)
        return value > self.bound * (1 + LENIENCE)


TARGETS = (
    Target("submit-api", HELLOS, 9),
    Target("submit-form", HELLOS, 12),
    Target("submit-100-api", TO_ONE, 2),
    Target("submit-100-form", TO_ONE, 2),
    Target("lottery-stranger", HELLOS, 3),
    Target("lottery-participant", HELLOS, 6),
    Target("lottery-drawn", HELLOS, 3),
    Target("home", HELLOS, 3),
    Target("open", HELLOS, 3),
    Target("results", HELLOS, 3),
    Target("my-ballots", HELLOS, 12),
    Target("my-entry", HELLOS, 12),
    Target("api-lottery", HELLOS, 5),
    Target("api-list", HELLOS, 8),
    Target("api-winner", HELLOS, 6),
    Target("api-results", HELLOS, 12),
    Target("contention", OF_PGBENCH, 0.8, is_least=True),
    Target("contention", TAIL, 5),
    Target("contention", ERRORS, 0),
    Target("verify", SECONDS, 6),
)


def compare(figures: Figures, cases: Collection[str]) -> list[tuple[str, bool]]:
    """(a line, whether it is not met) for each target of these cases."""
    targets = [target for target in TARGETS if target.case in cases]
    return [describe(target, figures.get((target.case, target.figure))) for target in targets]


def describe(target: Target, value: float | None) -> tuple[str, bool]:
    kind = "at least" if target.is_least else "at most"
    promise = f"{target.case:<20} {target.figure:<37} {kind:<8} {target.bound:>4g}"
    if value is None:
        return f"{promise}   not measured", True
    is_missed = target.is_missed(value)
    return f"{promise}   {value:8.2f}{'   MISSED' if is_missed else ''}", is_missed
