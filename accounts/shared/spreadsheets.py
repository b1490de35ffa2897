"""Tables as CSV files (RFC 4180), sent row by row, for spreadsheets first and programs second.

They are UTF-8 behind a byte order mark: without one, Excel takes a file for one in the old code
page of the machine and garbles every name that is not ASCII. Programs read them as utf-8-sig.

The last line is "end" and the number of rows. A file without it is not whole: how long it will be
is not known when it begins, and a proxy may end an answer that broke off as if it were complete.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice

from django.http import StreamingHttpResponse

BATCH = 500  # rows sent at once
MARK = "\ufeff"
# Where a cell would begin as a formula (OWASP, "CSV Injection"): at its start, and behind whatever
# separates cells in a spreadsheet of another country, which cuts a text in two.
FORMULA = re.compile(r"(?:^|(?<=[,;|\t\r\n]))(?=[ \"']*[=+\-@＝＋－＠])|^(?=[\t\r\n])")


def cell(value: object) -> object:
    """A value that no spreadsheet runs: a ' comes before whatever it could take for a formula.

    Usernames, names of lotteries and reasons are people's own words.
    """
    if value is None or isinstance(value, int):
        return value
    return FORMULA.sub("'", str(value))


def lines(rows: Iterable[Sequence[object]]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerows(map(cell, row) for row in rows)
    return buffer.getvalue()


def csv_parts(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file in parts, never more of it in memory than one of them."""
    part, count, left = MARK + lines([columns]), 0, iter(rows)
    while batch := list(islice(left, BATCH)):
        count += len(batch)
        yield part + lines(batch)
        part = ""
    yield part + lines([["end", count, *[""] * (len(columns) - 2)]])


def send_csv(
    filename: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """The rows, of two columns or more each, as a file to save.

    The first of them are read before the answer begins: then it can still be another one.
    """
    parts = csv_parts(columns, rows)
    return StreamingHttpResponse(
        chain([next(parts)], parts),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
