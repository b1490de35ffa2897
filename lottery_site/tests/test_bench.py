"""What `make bench` computes from what it reads. It measures nothing here."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bench.cases import People, make_cases
from bench.filling import Filled
from bench.names import CASES, PAGES
from bench.processes import TICKS, cpu_seconds, peak_megabytes
from bench.reporting import Cost, Row, collect_figures
from bench.site import at_least_one, defaults
from bench.targets import HELLOS, OF_PGBENCH, TARGETS, TO_ONE, Target, compare
from bench.wrk import Request, read_answers
from django.conf import settings

Process = Callable[..., None]


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Makes a process as /proc shows it: (its own ticks, those of its children that ended)."""

    def make(pid: int, *, parent: int, ticks: tuple[int, int] = (0, 0), kilobytes: int = 0) -> None:
        folder = tmp_path / str(pid)
        folder.mkdir()
        between = " ".join("0" * 9)
        cpu = f"{ticks[0]} 0 {ticks[1]} 0"
        (folder / "stat").write_text(f"{pid} (a ) name) S {parent} {between} {cpu} 20 0\n")
        (folder / "status").write_text(f"Name:\ta\nVmHWM:\t{kilobytes} kB\n")

    return make


def cost(**known: float) -> Cost:
    return Cost(**dict.fromkeys(Cost._fields, 1.0) | known)


def test_each_case_can_be_chosen_by_its_name_and_so_can_all_that_have_targets() -> None:
    day = date(2026, 12, 24)
    filled, people = Filled(first=day, last=day, drawn=day, people=[]), People([{}], [{}])
    assert tuple(case.name for case in make_cases(filled, people)) == PAGES
    assert {target.case for target in TARGETS} == set(CASES)


def test_no_setting_of_the_machine_decides_what_is_measured() -> None:
    assert defaults() == dict.fromkeys(set(settings.ENVIRONMENT.names) - {"ENV_FILE"}, "")


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", ""])
def test_it_refuses_what_is_no_number_from_one_on(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no whole number from 1 on"):
        at_least_one(text)


def test_it_reads_what_wrk_found() -> None:
    said = "Running 1s test\nrequests 300 errors 2 microseconds 1500000 p50 1200 p99 22500\n"
    assert read_answers(said) == (300, 2, 1.5, 1.2, 22.5)


def test_it_says_what_wrk_printed_instead_of_a_result() -> None:
    with pytest.raises(ValueError, match="unable to connect"):
        read_answers("unable to connect to 127.0.0.1\n")


def test_it_sends_a_form_whole() -> None:
    text = Request("POST", "/ballots/", {"Cookie": "a=b"}, "quantity=1").text
    head, _, body = text.partition("\r\n\r\n")
    assert head.split("\r\n") == [
        "POST /ballots/ HTTP/1.1",
        "Host: localhost",
        "Cookie: a=b",
        "Content-Length: 10",
    ]
    assert body == "quantity=1"


def test_it_adds_up_the_time_of_a_whole_family(process: Process, tmp_path: Path) -> None:
    process(1, parent=0, ticks=(1000, 1000))
    process(10, parent=1, ticks=(100, 50))
    process(11, parent=10, ticks=(30, 0))
    process(12, parent=11, ticks=(7, 0))
    assert cpu_seconds(10, tmp_path) == 187 / TICKS


def test_it_finds_the_largest_process_of_a_family(process: Process, tmp_path: Path) -> None:
    process(1, parent=0, kilobytes=900_000)
    process(10, parent=1, kilobytes=1024)
    process(11, parent=10, kilobytes=73 * 1024)
    assert peak_megabytes(10, tmp_path) == 73


@pytest.mark.parametrize(
    ("target", "value", "is_missed"),
    [
        (Target("home", HELLOS, 3), 3.29, False),
        (Target("home", HELLOS, 3), 3.31, True),
        (Target("contention", OF_PGBENCH, 0.8, is_least=True), 0.73, False),
        (Target("contention", OF_PGBENCH, 0.8, is_least=True), 0.71, True),
    ],
)
def test_a_target_is_missed_by_more_than_a_tenth(
    target: Target, value: float, is_missed: bool
) -> None:
    assert target.is_missed(value) is is_missed


def test_it_names_what_was_missed_or_not_measured_and_what_was_met() -> None:
    (missed, is_missed), (met, is_met_not), (unknown, is_unknown) = compare(
        {("home", HELLOS): 60, ("open", HELLOS): 2}, ["home", "open", "results"]
    )
    assert (is_missed, is_met_not, is_unknown) == (True, False, True)
    assert missed.startswith("home ")
    assert missed.endswith("60.00   MISSED")
    assert met.endswith("2.00")
    assert unknown.endswith("not measured")


def test_a_row_has_the_medians_of_its_rounds_and_the_errors_of_all_and_before() -> None:
    rounds = [cost(rate=rate, errors=errors) for rate, errors in ((10, 0), (90, 1), (30, 2))]
    row = Row.of_rounds("home", 16, rounds, 4)
    assert (row.cost.rate, row.cost.errors) == (30, 7)


def test_many_ballots_are_compared_with_one() -> None:
    rows = [
        Row("submit-form", 16, cost(server_ms=2, hellos=20)),
        Row("submit-100-form", 16, cost(server_ms=3)),
        Row("submit-form", 64, cost(server_ms=500)),
    ]
    figures = collect_figures(rows)
    assert figures["submit-100-form", TO_ONE] == 1.5
    assert figures["submit-form", HELLOS] == 20
