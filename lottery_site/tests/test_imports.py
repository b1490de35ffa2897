"""Imports and foreign keys run one way: accounts <- lotteries <- ballots <- lottery_site."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ORDER = ["accounts", "lotteries", "ballots", "lottery_site"]


def imported(file: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute here"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("app", ORDER)
def test_no_app_imports_one_that_builds_on_it(app: str) -> None:
    above = set(ORDER[ORDER.index(app) + 1 :])
    files = [*(settings.BASE_DIR / app).rglob("*.py")]
    assert len(files) > 5
    for file in files:
        assert not imported(file) & above, f"{file} imports {imported(file) & above}"


@pytest.mark.parametrize("app", ORDER[:3])
def test_no_foreign_key_points_at_an_app_that_builds_on_it(app: str) -> None:
    below = {*ORDER[: ORDER.index(app) + 1], "auth", "contenttypes"}
    for model in apps.get_app_config(app).get_models():
        targets = {
            field.related_model._meta.app_label
            for field in model._meta.get_fields()
            if field.concrete and field.related_model
        }
        assert targets <= below, model
