"""CSV files: what spreadsheets take them for, and how whoever reads one knows that it is whole."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest

from accounts.shared.spreadsheets import BATCH, cell, csv_parts, send_csv
from accounts.tests.csv_files import read_csv

FORMULAS = [
    ("=1+1", "'=1+1"),
    ("+1", "'+1"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("＝1", "'＝1"),
    (" =1", "' =1"),
    ('"=1"', '\'"=1"'),
    ("\tx", "'\tx"),
    ("\r=1", "'\r'=1"),
    ("alice;=1+1", "alice;'=1+1"),
    ('alice;"=1+1"', 'alice;\'"=1+1"'),
    ("alice, @home", "alice,' @home"),
    ("alice|-1", "alice|'-1"),
    ("two\n=lines", "two\n'=lines"),
]
PLAIN = ["alice", "a=b", "x-y", "me@example.org", "'quoted'", "", "Ålice 愛", "a, b; c", "1e5"]


@pytest.mark.parametrize(("text", "safe"), FORMULAS)
def test_no_spreadsheet_runs_what_people_wrote(text: str, safe: str) -> None:
    assert cell(text) == safe


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
@pytest.mark.parametrize("text", [text for text, _ in FORMULAS])
def test_nor_where_another_separator_cuts_it(separator: str, text: str) -> None:
    """A spreadsheet set to another country's separator cuts lines elsewhere."""
    file = "".join(csv_parts(["number", "name"], [[1, text]])).removeprefix("\ufeff")
    for line in csv.reader(file.splitlines(), delimiter=separator):
        for found in line:
            assert not found.lstrip(' "\t').startswith(tuple("=+-@＝")), line


def test_a_number_is_a_number_and_nothing_is_nothing() -> None:
    file = "".join(csv_parts(["a", "b", "c"], [[-1, None, True]]))
    assert file == "\ufeffa,b,c\r\n-1,,True\r\nend,1,\r\n"


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 3 * BATCH])
def test_the_last_line_has_the_number_of_rows(count: int) -> None:
    rows = [[number, f"name, {number}"] for number in range(count)]
    found = read_csv(send_csv("x.csv", ["number", "name"], rows))
    assert [row["name"] for row in found] == [name for _, name in rows]


def test_a_file_that_breaks_off_has_no_such_line() -> None:
    def rows() -> Iterator[list[int]]:
        yield from [[number, number] for number in range(BATCH + 1)]
        raise ConnectionError

    parts = csv_parts(["a", "b"], rows())
    sent = StringIO()
    with pytest.raises(ConnectionError):
        sent.writelines(parts)
    assert sent.getvalue().count("\r\n") == 1 + BATCH
    assert "end" not in sent.getvalue()


def test_rows_are_asked_for_as_they_are_sent() -> None:
    asked: list[int] = []
    parts = csv_parts(["a", "b"], ([asked.append(n), n] for n in range(10 * BATCH)))  # type: ignore[func-returns-value]
    assert asked == []
    next(parts)
    assert len(asked) == BATCH
