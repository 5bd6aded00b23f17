"""What help of the command line leaves out, and what a mistyped command is told."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import main
from bot.cli.app import app, import_commands


def commands() -> list[str]:
    """Every command and group, with the words that name it."""
    import_commands(["--help"])
    return list(_named(get_command(app), ""))


def _named(group: Any, words: str) -> Iterator[str]:
    yield words
    for name, command in getattr(group, "commands", {}).items():
        yield from _named(command, f"{words} {name}".strip())


@pytest.mark.parametrize("words", commands())
def test_help_of_a_command_names_no_type_of_a_program(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words.split(), "--help"]) == 0
    told = capsys.readouterr().out
    assert "--help" in told
    assert set(re.findall(r"<[^>]*>", told)) <= {"<day|week|month>"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("find", "No such command 'find'. Did you mean 'search'?"),
        ("recomend", "No such command 'recomend'. Did you mean 'recommend'?"),
        ("start", "No such command 'start'. Did you mean 'run'?"),
        ("email subscirbe", "No such command 'subscirbe'. Did you mean 'subscribe' or 'unsubscribe'?"),
        ("saved", "No such command 'saved'. It is said in a chat: 'paperboy chat' opens one, then /papers saved."),
        ("help", "No such command 'help'."),
        ("xyzzy", "No such command 'xyzzy'."),
    ],
)
def test_a_mistyped_command_is_told_what_was_meant_or_nothing(
    typed: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed.split()) == 2
    error = capsys.readouterr().err
    assert " ".join(re.sub(r"[│╭╮╰╯─]", " ", error).split()).endswith(f"Error {told}")


def test_an_option_there_is_not_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--verbos"]) == 2
    assert "No such option: --verbos" in capsys.readouterr().err
