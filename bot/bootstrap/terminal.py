"""The terminal, and assistants beside it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.domain.messages import Choice
from bot.library.app import App
from bot.runtime.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from rich.console import Console

    from adapters.console.chat import Chat
    from bot.chat.dispatch import Dispatcher, Observer
    from bot.chat.registry import Completion
    from bot.domain.people import Place


def dispatcher(app: App, observer: "Observer | None" = None, limits: Limits = NO_LIMITS) -> "Dispatcher":
    """Every command, answering from an app; `observer` is told of each answer, costly ones count for `limits`."""
    from bot.chat.dispatch import Dispatcher
    from bot.commands import registry

    return Dispatcher(registry, app, observer, limits)


def console_chat(app: App, console: "Console", *, person: str = "you", channel: str = "#general") -> "Chat":
    """The terminal as a chat."""
    from adapters.console.chat import Chat
    from bot.chat.reactions import Reactions

    reactions = Reactions(app.store, app.library.lookup)
    return Chat(app, dispatcher(app), reactions, console, person=person, channel=channel, admins={person})


async def talk(chat: "Chat", app: App, console: "Console", *, history: Path | None = None) -> None:
    """Hold a conversation with whoever is at the keyboard."""
    from adapters.console.chat import talk
    from adapters.console.keyboard import Keyboard
    from bot.chat.completion import complete
    from bot.commands import registry

    async def completed(kind: "Completion", typed: str, given: Mapping[str, str]) -> Sequence[Choice]:
        return await complete(registry, app, kind, typed, chat.asker(given))

    keyboard = Keyboard(registry, completed, history)
    await talk(chat, keyboard.read, console, forget=keyboard.forget)


async def play(chat: "Chat", lines: Iterable[str], console: "Console") -> None:
    """Hold the conversation of a script."""
    from adapters.console.chat import play

    await play(chat, lines, console)


async def serve_mcp(app: App, person: str, settings: Settings | None = None, channel: "Place | None" = None) -> None:
    """Serve the assistant of somebody in the terminal over standard input and output; given settings, over HTTP.

    Of `channel` it may list what was saved there.
    """
    from adapters.platforms import needing_extra
    from bot.domain.people import Account

    with needing_extra("mcp"):
        from adapters.mcp.server import mcp_server, serve_http, serve_stdio

    server = mcp_server(dispatcher(app), Account("console", person, person), channel)
    if settings:
        token = settings.mcp_token.get_secret_value()
        await serve_http(server, token, settings.http_host, settings.http_port)
    else:
        await serve_stdio(server)
