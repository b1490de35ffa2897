"""What all commands of the site have in common."""

from argparse import Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

APPS = {"accounts", "lotteries", "ballots", "lottery_site"}
COMMANDS = sorted(name for name, app in get_commands().items() if app in APPS)
OF_DJANGO = {action.dest for action in BaseCommand().create_parser("", "")._actions}


def actions(parser: ArgumentParser) -> Iterator[Action]:
    """The arguments of the parser and of its own commands."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for inner in action.choices.values():
                yield from actions(inner)
        elif action.dest not in OF_DJANGO:
            yield action


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_each_of_its_options_has_help(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    assert command.help
    for action in actions(command.create_parser("manage.py", name)):
        assert action.help, f"{name} {action.dest}"


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 9


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_takes_no_option_cut_short(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    assert not command.create_parser("manage.py", name).allow_abbrev


def test_an_option_cut_short_is_refused() -> None:
    parser = load_command_class("ballots", "close_lotteries").create_parser("manage.py", "")
    with pytest.raises(CommandError, match="unrecognized arguments: --earl"):
        parser.parse_args(["--date", "2026-12-24", "--earl"])
