"""An evening in Slack, from installing to leaving, with everything that can go wrong on the way, in both transports."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.http import application
from adapters.slack.platform import SlackPlatform
from bot.cards import cards
from bot.digest import Edition, compose
from bot.errors import PostponedError
from bot.library import Library
from bot.messages import Message
from bot.papers import PaperId
from bot.people import Account, Attitude, Place
from storage.tokens import Tokens
from tests.adapters.slack.conftest import KEY, install
from tests.adapters.slack.fake_slack import Channel, FakeSlack, Fault
from tests.adapters.slack.harness import (
    Browser,
    OverHttp,
    OverSocket,
    Waits,
    Workspace,
    button,
    http_settings,
    settled,
    slack,
    socket_settings,
)
from tests.adapters.slack.test_conversation import SETUP

HERE = Place("slack", "T1", "C7", "#papers")
TEN = [f"U{number}" for number in range(10)]

Start = Callable[[], Awaitable[tuple[Workspace, SlackPlatform]]]


class Process:
    """Paperboy as one process after another: each `start` is a restart."""

    def __init__(self, transport: str, fake: FakeSlack, library: Library, tokens: Tokens) -> None:
        self._transport = transport
        self._fake = fake
        self._library = library
        self._tokens = tokens
        self._running = AsyncExitStack()
        self.browser: Browser | None = None

    async def start(self) -> tuple[Workspace, SlackPlatform]:
        await self.stop()
        if self._transport == "http":
            made = slack(http_settings(self._fake, KEY), self._library, self._tokens, Waits())
            self.browser = await self._running.enter_async_context(TestClient(TestServer(application(made.routes))))
            return Workspace(self._fake, OverHttp(self.browser)), made.platform
        made = slack(socket_settings(self._fake), self._library, self._tokens, Waits())
        await self._running.enter_async_context(_connected(made.platform, self._fake))
        return Workspace(self._fake, OverSocket(self._fake)), made.platform

    async def stop(self) -> None:
        await self._running.aclose()


@asynccontextmanager
async def _connected(platform: SlackPlatform, fake: FakeSlack) -> AsyncIterator[None]:
    before = fake.connections
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.connections > before)
    yield
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture(params=["socket", "http"])
async def process(
    request: pytest.FixtureRequest, fake: FakeSlack, library: Library, tokens: Tokens
) -> AsyncIterator[Process]:
    made = Process(request.param, fake, library, tokens)
    yield made
    await made.stop()


async def _edition(library: Library) -> tuple[list[Message], list[PaperId]]:
    """The day's post as messages, a header and one for each paper, and the papers."""
    now = library.clock.now()
    shown = await cards(library, await library.front_page(3), as_of=now)
    post = compose(Edition(now.date()), shown)
    parts = [replace(post, title="", cards=(card,), footer=()) for card in shown]
    return [replace(post, cards=(), footer=()), *parts], [card.paper_id for card in shown]


async def _saved(library: Library, user: str) -> list[str]:
    person = await library.store.person(Account("slack", f"T1/{user}"))
    return sorted(e.paper_id for e in await library.store.judged(person) if e.attitude is Attitude.SAVE)


async def test_an_evening(process: Process, fake: FakeSlack, library: Library, tokens: Tokens) -> None:
    channel = fake.add(Channel("C7", is_member=False))
    workspace, platform = await process.start()
    if process.browser:
        assert "Thank you" in await install(process.browser)

    # Setting it up: the admin's modal; the public channel is joined.
    await workspace.command("digest on", user="UADMIN", channel="C7")
    view = next(reversed(fake.views))
    await workspace.submit(view, SETUP, user="UADMIN")
    assert channel.is_member
    destination = await library.store.destination(HERE.key)
    assert destination
    assert destination.enabled

    # The post: Slack is busy in the middle of it, and what it refused is sent again, once.
    messages, papers = await _edition(library)
    sent = [await platform.send(HERE, messages[0], nonce="d0")]
    fake.fail("chat.postMessage", Fault(retry_after="30"))
    with pytest.raises(PostponedError):
        await platform.send(HERE, messages[1], nonce="d1")
    for number, message in enumerate(messages[1:], start=1):
        sent.append(await platform.send(HERE, message, nonce=f"d{number}"))
        await library.store.record_post(HERE.key, sent[-1], [papers[number - 1]])
    assert list(channel.messages) == sent

    # Ten people search, each in their own words, and react; every event comes three times.
    first = []
    for number, user in enumerate(TEN):
        answer = await workspace.command(f"search diffusion {number}", user=user, channel="C7")
        first.append(answer)
        event = await workspace.react("bookmark", sent[1 + number % 3], user=user, channel="C7")
        for _ in range(2):
            await workspace.transport.send("events_api", event)
        await settled()
        if number == 4:
            workspace, platform = await process.start()
    assert len(channel.messages) == len(sent) + len(TEN)
    assert [await _saved(library, user) for user in TEN] == [[papers[number % 3]] for number in range(10)]
    assert len(fake.ephemerals) == len(TEN)

    # A button from before the restart still works; somebody changes their mind, out of order.
    save = button(first[0], "Save")
    await workspace.press(save, user="U9", channel="C7")
    assert await _saved(library, "U9") == sorted({papers[0], save["value"].removeprefix("save ")})
    await workspace.react("bookmark", sent[1], user="U0", channel="C7", on=False, at="1768863900.000002")
    await workspace.react("bookmark", sent[1], user="U0", channel="C7", at="1768863900.000001")
    assert await _saved(library, "U0") == []
    counts = await library.store.count_saves(papers, until=library.clock.now().replace(year=2027))
    assert [counts[paper] for paper in papers] == [3, 3, 3]

    # Leaving: nothing of the workspace is kept, and nothing more is said.
    said = len(channel.messages)
    await workspace.event({"type": "app_uninstalled"})
    await workspace.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}})
    assert await library.store.destination(HERE.key) is None
    assert await library.store.judged_at(HERE.key) == []
    assert await library.store.posted(HERE.key, sent[1]) == []
    assert await tokens.installation("slack", "T1") is None
    assert len(channel.messages) == said
