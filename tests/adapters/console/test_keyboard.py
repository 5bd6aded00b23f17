"""Tab completion in the terminal."""

from functools import partial

from adapters.console.keyboard import ChatCompleter
from bot.chat.completion import complete
from bot.commands import registry
from bot.library.app import App


async def completed(app: App, typed: str) -> list[str]:
    """The lines that a tab may make of what was typed."""
    part, choices = await ChatCompleter(registry, partial(complete, registry, app)).choices(typed)
    return [typed[: len(typed) - len(part)] + choice.value for choice in choices]


async def test_commands_and_choices_are_completed(app: App) -> None:
    assert "/papers digest topics" in await completed(app, "/papers digest to")
    assert await completed(app, "/papers trending we") == ["/papers trending week"]


async def test_searches_and_topics_are_completed(app: App) -> None:
    assert "/papers search robots cat:cs.CV" in await completed(app, "/papers search robots cat:cs.cv")
    assert "/papers topics follow cat:cs.LG" in await completed(app, "/papers topics follow cat:cs.l")
    assert await completed(app, "/papers help sea") == ["/papers help search"]
