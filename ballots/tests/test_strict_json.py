"""The script reads strict JSON and nothing else; a browser's test has the same texts."""

from typing import Any

import pytest

from ballots.checkers import verify_draw
from ballots.checkers.verify_draw import Malformed, parse
from ballots.tests.json_texts import BAD, GOOD


@pytest.mark.parametrize(("text", "value"), GOOD)
def test_it_reads(text: bytes, value: Any) -> None:
    assert parse(text) == value
    assert type(parse(text)) is type(value)


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_it_refuses(text: bytes) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_it_says_that_a_text_is_too_large() -> None:
    with pytest.raises(Malformed, match="It is larger than 67108864 bytes"):
        parse(b" " * verify_draw.LARGEST + b"7")


def test_it_says_that_a_text_is_too_deep() -> None:
    with pytest.raises(Malformed, match="too many values inside values"):
        parse(b"[" * 200 + b"]" * 200)
