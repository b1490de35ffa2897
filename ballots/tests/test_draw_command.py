"""manage.py draw: a round that a person fetched by hand, under the same checks."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from ballots.models import BallotBox, Draw
from ballots.tests.beacon_answers import BAD
from ballots.tests.factories import ANSWER, BoxFactory, sealed_box


@pytest.fixture
def box(alice: User) -> BallotBox:
    return sealed_box((alice, 5))


def draw_with(box: BallotBox, tmp_path: Path, content: Any) -> str:
    file, out = tmp_path / "round.json", StringIO()
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    date = str(box.lottery.closure_date)
    call_command("draw", "--date", date, "--beacon", str(file), stdout=out)
    return out.getvalue()


def test_it_draws(box: BallotBox, tmp_path: Path) -> None:
    assert "of alice wins." in draw_with(box, tmp_path, ANSWER)
    assert Draw.objects.get().beacon_signature == ANSWER["signature"]


def test_again_it_says_the_same(box: BallotBox, tmp_path: Path) -> None:
    first, again = (draw_with(box, tmp_path, ANSWER) for _ in range(2))
    name, _, outcome = first.partition(": ")
    assert again == f"{name}: was drawn already, and the first draw stays: {outcome}"


@pytest.mark.parametrize("answer", BAD, ids=range(len(BAD)))
def test_it_checks_like_the_scheduled_job(box: BallotBox, tmp_path: Path, answer: Any) -> None:
    with pytest.raises(CommandError, match="not the announced round"):
        draw_with(box, tmp_path, json.dumps(answer))
    assert not Draw.objects.exists()


@pytest.mark.parametrize("text", ["", "{", "no JSON", "[" * 100_000])
def test_a_file_that_is_no_json(box: BallotBox, tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError, match="is not a JSON file"):
        draw_with(box, tmp_path, text)


def test_a_lottery_without_a_beacon(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="drawn without a beacon"):
        draw_with(BoxFactory.create(), tmp_path, ANSWER)


def test_a_date_without_a_lottery(db: None, tmp_path: Path) -> None:
    file = tmp_path / "round.json"
    file.write_text("{}")
    with pytest.raises(CommandError, match="no lottery that closes on 2020-01-01"):
        call_command("draw", "--date", "2020-01-01", "--beacon", str(file))


def test_a_file_that_is_not_there(box: BallotBox) -> None:
    date = str(box.lottery.closure_date)
    with pytest.raises(CommandError, match="/no/such/file cannot be read"):
        call_command("draw", "--date", date, "--beacon", "/no/such/file")
