"""Conversations from end to end, on the bundled sample: what is typed, and exactly what is answered.

A `.script` holds what people type, the `.transcript` beside it the whole conversation. When an answer changes on
purpose, `UPDATE_TRANSCRIPTS=1 make test` writes the transcripts anew; read the difference before you commit it.
"""

import io
import os
import re
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.chat import Chat, play
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.library.app import App

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.script"))


async def held(app: App, script: str) -> str:
    """The transcript of a conversation. `{code}` stands for the last link code that somebody was given."""
    screen = io.StringIO()
    console = Console(file=screen, width=100, color_system=None, legacy_windows=False)
    chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), console, admins={"olga"})
    code = ""
    for line in script.splitlines():
        await play(chat, [line.replace("{code}", code)], console)
        codes = re.findall(r"link ([A-Z2-9]{8})\b", screen.getvalue())
        code = codes[-1] if codes else ""
    shown = "\n".join(line.rstrip() for line in screen.getvalue().splitlines()) + "\n"
    return shown.replace(code, "{code}") if code else shown


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(app: App, script: Path) -> None:
    transcript = await held(app, script.read_text(encoding="utf-8"))
    expected = script.with_suffix(".transcript")
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        expected.write_text(transcript, encoding="utf-8")
    assert transcript == expected.read_text(encoding="utf-8")
