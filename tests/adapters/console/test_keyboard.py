"""Tab completion in the terminal."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.keyboard import ChatCompleter, Complete, Keyboard
from bot.chat.completion import Asker, complete
from bot.chat.dispatch import Dispatcher
from bot.chat.registry import Completion
from bot.commands import registry
from bot.domain.messages import Choice
from bot.library.app import App
from tests.support.commands import ANA, PAPERS, ask


def completing(app: App) -> Complete:
    """Completion for Ana in a channel."""

    async def completed(kind: Completion, typed: str, given: Mapping[str, str]) -> list[Choice]:
        return await complete(registry, app, kind, typed, Asker(ANA, PAPERS, given))

    return completed


async def completed(app: App, typed: str) -> list[str]:
    """The lines that a tab may make of what was typed."""
    completer = ChatCompleter(registry, completing(app))
    found = completer.get_completions_async(Document(typed), CompleteEvent())
    return [typed[: len(typed) + each.start_position] + each.text async for each in found]


async def test_commands_and_choices_are_completed(app: App) -> None:
    assert "/papers digest topics" in await completed(app, "/papers digest to")
    assert await completed(app, "/papers trending we") == ["/papers trending week"]


async def test_searches_and_topics_are_completed(app: App) -> None:
    assert "/papers search robots cat:cs.CV" in await completed(app, "/papers search robots cat:cs.cv")
    for act in ("add", "follow"):
        assert f"/papers topics {act} cat:cs.LG" in await completed(app, f"/papers topics {act} cat:cs.l")
    assert await completed(app, "/papers help sea") == ["/papers help search"]


async def test_what_is_followed_and_posts_are_completed_by_name(app: App) -> None:
    dispatcher = Dispatcher(registry, app)
    for line in (
        "follow lab:deepmind",
        "follow channel lab:meta",
        "digest add robotics 9:00",
        "digest add vision 9:00",
    ):
        await ask(dispatcher, line, admin=True)
    assert await completed(app, "/papers unfollow ") == ["/papers unfollow me", "/papers unfollow channel"]
    assert await completed(app, "/papers unfollow la") == ["/papers unfollow lab:deepmind"]
    assert await completed(app, "/papers unfollow channel ") == ["/papers unfollow channel lab:meta"]
    assert await completed(app, "/papers follow now author:zhe") != []
    assert await completed(app, "/papers digest remove ro") == ["/papers digest remove robotics"]
    assert await completed(app, "/papers digest count 3 post v") == ["/papers digest count 3 post vision"]
    assert await completed(app, "/papers digest preview post ") == [
        "/papers digest preview post robotics",
        "/papers digest preview post vision",
    ]


async def test_a_line_is_remembered_for_the_next_day_and_ctrl_d_ends_the_conversation(app: App, tmp_path: Path) -> None:
    history = tmp_path / "history"
    complete_here = completing(app)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("/papers trending week\r")
        assert await Keyboard(registry, complete_here, history).read("ana> ") == "/papers trending week"
        keys.send_text("\x1b[A\r")  # the arrow upwards
        assert await Keyboard(registry, complete_here, history).read("ana> ") == "/papers trending week"
        keys.send_text("\x04")  # Ctrl-D
        with pytest.raises(EOFError):
            await Keyboard(registry, complete_here).read("ana> ")


async def test_kept_lines_are_deleted_when_somebody_is_forgotten(app: App, tmp_path: Path) -> None:
    history = tmp_path / "chat_history"
    history.write_text("+/papers search my secret illness\n")
    keyboard = Keyboard(registry, completing(app), history)
    keyboard.forget()
    assert not history.exists()
    keyboard.forget()
