"""The registry as Discord's commands."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import structlog

from adapters.discord.registration import command_payloads
from bot.chat.registry import OptionHelp, Registry
from bot.cli.app import main
from bot.commands import registry
from bot.domain.messages import Message
from tests.support.discord.limits import check_commands


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """The command line sends log lines to what is standard error while a test runs, and no longer."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def small() -> Registry:
    """A registry with one command that has an option of each kind."""
    made = Registry()

    @made.command("shelf put", admin=True)
    async def put(
        call: Any,
        book: Annotated[str, OptionHelp("Which book. " * 30, complete="papers")],
        size: Annotated[Literal["small", "large"], OptionHelp("How large.")] = "small",
        copies: Annotated[int, OptionHelp("How many.", minimum=1, maximum=9)] = 1,
    ) -> Message:
        """Put a book on the shelf, whatever else there is to be said about it, and there is a great deal of it to say.

        More of it.
        """
        return Message()

    return made


async def test_a_command_appears_with_all_that_its_signature_says(small: Registry) -> None:
    papers = command_payloads(small)[0]
    group = papers["options"][0]
    put = group["options"][0]
    assert (papers["name"], group["name"], put["name"]) == ("papers", "shelf", "put")
    book, size, copies = put["options"]
    assert (book["required"], book["autocomplete"], book["max_length"]) == (True, True, 300)
    assert [choice["value"] for choice in size["choices"]] == ["small", "large"]
    assert (copies["type"], copies["min_value"], copies["max_value"]) == (4, 1, 9)
    check_commands([papers])


async def test_discord_takes_all_commands() -> None:
    payloads = command_payloads(registry)
    assert [command["name"] for command in payloads] == ["papers", "Save paper", "Similar papers"]
    check_commands(payloads)


async def test_everything_is_for_servers_and_people_everywhere() -> None:
    for command in command_payloads(registry):
        assert command["integration_types"] == [0, 1]
        assert command["contexts"] == [0, 1, 2]


def test_a_dry_run_prints_what_would_be_registered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync-commands", "--dry-run"]) == 0
    check_commands(json.loads(capsys.readouterr().out))


def test_shards_that_make_no_sense_are_refused(
    sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.token.here")
    data = shutil.copytree(sample_folder, tmp_path / "data")
    assert main(["run", "--shards", "9/2", "--data-dir", str(data)]) == 1
    assert "“9/2” is not a range of shards" in capsys.readouterr().err


def test_without_a_token_nothing_is_registered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert main(["sync-commands"]) == 1
    assert "DISCORD_TOKEN is empty" in capsys.readouterr().err
