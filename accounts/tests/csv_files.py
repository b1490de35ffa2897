"""What the tests read of files in CSV."""

import csv
from io import StringIO
from typing import Any


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return str(b"".join(answer.streaming_content).decode())


def read_csv(answer: Any) -> list[dict[str, str]]:
    """The rows of a file that came whole: with its mark, and with their number at its end."""
    text = text_of(answer)
    assert text.startswith("\ufeff")
    *rows, end = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    assert list(end.values())[:2] == ["end", str(len(rows))]
    return rows
