"""The terminal as a chat: what is for one person stays with that person."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console.chat import Chat, talk
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.domain.messages import Button, Card, Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place
from bot.library.app import App

PUBLIC, PRIVATE = PaperId("2601.08521"), PaperId("2601.10131")


class Screen:
    """A chat, and what was printed since it was last read."""

    def __init__(self, app: App) -> None:
        self._screen = io.StringIO()
        self.app = app
        console = Console(file=self._screen, width=100, color_system=None)
        self.chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), console, person="ana")

    async def take(self, *lines: str) -> str:
        self._screen.seek(0)
        self._screen.truncate()
        for line in lines:
            await self.chat.take(line)
        return self._screen.getvalue()

    async def saved(self, name: str) -> list[str]:
        person = await self.app.store.person(Account("console", name, name))
        return [entry.paper_id for entry in await self.app.store.feedback_of(person)]


@pytest.fixture
async def screen(app: App) -> Screen:
    """A channel with a public post, and a private answer to ana below it."""
    screen = Screen(app)
    await screen.chat.post(message(PUBLIC, "Public button"), "#general")
    await screen.chat.post(message(PRIVATE, "Private button", private=True), "#general")
    return screen


def message(paper: PaperId, button: str, *, private: bool = False) -> Message:
    card = Card(paper_id=paper, title=f"Paper {paper}", rank=1)
    return Message(title="T", cards=(card,), buttons=(Button(button, command=f"show {paper}"),), private=private)


async def test_a_private_answer_is_the_askers_to_react_to_and_press(screen: Screen) -> None:
    assert f"Paper {PRIVATE}" in await screen.take(":bookmark: 1")
    assert await screen.saved("ana") == [PRIVATE]
    assert PRIVATE in await screen.take("private button")


async def test_nobody_else_reaches_a_private_answer(screen: Screen) -> None:
    await screen.take("/as ben")
    assert f"Paper {PUBLIC}" in await screen.take(":bookmark: 1")
    assert await screen.saved("ben") == [PUBLIC]
    assert "Commands begin with" in await screen.take("private button")
    assert PUBLIC in await screen.take("public button")


async def test_a_private_answer_is_no_post_of_the_channel(screen: Screen) -> None:
    store, place = screen.app.store, Place("console", "terminal", "#general", "#general")
    assert await store.posted(place.key, "m1") == [PUBLIC]
    assert await store.posted(place.key, "m2") == []


async def test_what_is_posted_next_is_what_everybody_sees_last(screen: Screen) -> None:
    await screen.chat.post(message(PUBLIC, "Next"), "#general")
    assert f"Paper {PUBLIC}" in await screen.take(":bookmark: 1")
    assert "Commands begin with" in await screen.take("private button")


async def test_a_private_word_without_papers_leaves_the_papers_there(screen: Screen) -> None:
    await screen.chat.post(message(PUBLIC, "Next"), "#general")
    await screen.chat.post(Message(title="Only for you", private=True), "#general")
    assert f"Paper {PUBLIC}" in await screen.take(":bookmark: 1")


async def test_names_cannot_take_the_terminal_over(screen: Screen) -> None:
    await screen.take("/as @ev\x1b[31me\u202e", "/join #pa\x1b]0;x\x07pers")
    assert screen.chat.prompt == "ev[31me #pa]0;xpers> "
    await screen.take("/as \x1b", "/join \x1b")
    assert screen.chat.prompt == "ev[31me #pa]0;xpers> "


async def test_whoever_is_forgotten_leaves_no_typed_lines_and_no_private_posts(screen: Screen) -> None:
    lines = iter(["/papers save 2601.08521", "/papers forget-me", "Forget me", "/papers saved", "/quit"])
    forgotten_after: list[str] = []
    last = ""

    async def read(_prompt: str) -> str:
        nonlocal last
        last = next(lines)
        return last

    await talk(screen.chat, read, Console(file=io.StringIO()), forget=lambda: forgotten_after.append(last))
    assert forgotten_after == ["Forget me"]
    assert await screen.app.store.posted("console::@ana", "m2") == []


async def test_a_file_is_named_by_its_path(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "my refs.bib"
    file.write_text("@misc{one, title={A Theory of Everything There Is}, author={Ada Lovelace}}")
    shown = await screen.take(f"/papers import {file}")
    assert "1 paper saved from my refs.bib." in shown
    assert len(await screen.saved("ana")) == 1
    assert "This file cannot be read: no such file." in await screen.take("/papers import nowhere.bib")
    assert "Which file?" in await screen.take("/papers import")
