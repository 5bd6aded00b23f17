"""The terminal as a chat."""

from io import StringIO

from rich.console import Console

from bot.bootstrap import console_chat, play
from bot.library.app import App


async def test_a_script_is_played_and_answered(app: App) -> None:
    console = Console(file=StringIO(), width=100)
    await play(console_chat(app, console), ["/papers search 2601.03236"], console)
    assert "MAGMA: A Multi-Graph" in console.file.getvalue()  # type: ignore[attr-defined]
