"""help and status."""

from typing import Any

import pytest

from bot.chat.dispatch import Dispatcher
from bot.chat.registry import Command
from bot.commands import registry
from bot.domain.messages import plain_text
from bot.domain.papers import PaperId
from tests.support.commands import ask

MAGMA = PaperId("2601.03236")


@pytest.mark.parametrize("command", list(registry), ids=lambda command: command.name)
async def test_every_command_explains_itself_and_keeps_to_whom_it_answers(
    dispatcher: Dispatcher, command: Command
) -> None:
    explained = await ask(dispatcher, f"help {command.name}")
    assert explained.title == command.usage
    assert command.summary in plain_text(explained)
    given: dict[str, Any] = {
        "query": "memory",
        "paper": str(MAGMA),
        "at": "9:00",
        "days": "daily",
        "timezone": "UTC",
    }
    options: dict[str, Any] = {option.name: given[option.name] for option in command.options if option.name in given}
    options |= {option.name: option.choices[0] for option in command.options if option.choices}
    options |= {option.name: option.help.minimum for option in command.options if option.kind is int}
    answer = await ask(dispatcher, command.name, admin=True, **options)
    assert "went wrong" not in plain_text(answer)
    assert answer.private or not command.private
