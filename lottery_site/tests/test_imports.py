"""Imports and foreign keys run one way: accounts <- lotteries <- ballots <- lottery_site."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ORDER = ["accounts", "lotteries", "ballots", "lottery_site"]


def find_imports(file: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute here"
            names.add(str(node.module))
    return names


def find_packages(file: Path) -> set[str]:
    """The top-level packages among them."""
    return {name.split(".")[0] for name in find_imports(file)}


@pytest.mark.parametrize("app", ORDER)
def test_no_app_imports_one_that_builds_on_it(app: str) -> None:
    above = set(ORDER[ORDER.index(app) + 1 :])
    files = [*(settings.BASE_DIR / app).rglob("*.py")]
    assert len(files) > 5
    for file in files:
        assert not find_packages(file) & above, f"{file} imports {find_packages(file) & above}"


@pytest.mark.parametrize("folder", ["lotteries/protocol", "ballots/checkers"])
def test_what_outsiders_follow_imports_nothing_of_the_site(folder: str) -> None:
    """The formulas and the tools that check them: the standard library, and themselves."""
    own = folder.replace("/", ".")
    files = [*(settings.BASE_DIR / folder).rglob("*.py")]
    assert len(files) > 2
    for file in files:
        for name in find_imports(file):
            is_outside = name.split(".")[0] in {*ORDER, "django"} and not name.startswith(own)
            assert not is_outside, f"{file} imports {name}"


def test_no_test_imports_from_another_test() -> None:
    """What tests share is in modules whose names say what it is."""
    files = [file for app in ORDER for file in (settings.BASE_DIR / app).rglob("tests/**/*.py")]
    assert len(files) > 50
    for file in files:
        tests = {name for name in find_imports(file) if ".test_" in name}
        assert not tests, f"{file} imports {tests}"


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
