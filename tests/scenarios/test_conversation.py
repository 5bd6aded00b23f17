"""Conversations from end to end, on the bundled sample: what is typed, and exactly what is answered.

A `.script` holds what people type, the `.transcript` beside it the whole conversation. When an answer changes on
purpose, `UPDATE_TRANSCRIPTS=1 make test` writes the transcripts anew; read the difference before you commit it.
"""

import io
import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.chat import Chat, play
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.library.app import App
from tests.support.clubs import Calendar, FakeTerminal

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.script"))


_LATER = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d)\)")
"""What lets it be a moment: `(2026-01-24 16:00)`, and the bot do what is due."""


@dataclass
class Screen(FakeTerminal):
    """Posts to channels are shown where people chat."""

    chat: Chat = field(kw_only=True)

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        await self.chat.post(message, place.channel)
        return nonce


async def held(app: App, script: str) -> str:
    """The transcript of a conversation, in which time goes on where the script says so.

    `{code}` stands for the last link code that somebody was given.
    """
    screen = io.StringIO()
    console = Console(file=screen, width=100, color_system=None, legacy_windows=False)
    chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), console, admins={"olga"})
    calendar, code = Calendar(app, [Screen(chat=chat)]), ""
    for line in script.splitlines():
        if moment := _LATER.fullmatch(line):
            console.print(f"({moment[1]} UTC)\n")
            await calendar.be(datetime.fromisoformat(moment[1]).replace(tzinfo=UTC))
            continue
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
