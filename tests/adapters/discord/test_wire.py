"""The real discord.py against a small Discord on this machine: what simulators leave out, and a whole evening."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.install import check, sync_commands
from adapters.discord.places import place_of
from adapters.discord.platform import DiscordPlatform, from_settings
from bot.cards import cards
from bot.commands import registry
from bot.config import Settings
from bot.dispatch import Dispatcher
from bot.errors import PostponedError, UnclearError, UserError
from bot.feedback import Reactions
from bot.library import Library
from bot.messages import Message, text
from bot.people import Account, Place
from tests.adapters.discord.conftest import texts_of
from tests.adapters.discord.fake_discord import BOT, FakeDiscord, user
from tests.adapters.discord.fake_gateway import PATIENCE
from tests.adapters.discord.fake_people import GUILD, NEWS, Person, channel, guild

PAPERS, ANNOUNCED = "11", "12"
HERE = Place("discord", GUILD, PAPERS, "#papers")
SAVE = "\U0001f516"
HELLO = Message(body=(text("hello"),))


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """The small Discord; in the end no request may have broken a limit."""
    discord_ = FakeDiscord()
    discord_.channels = {PAPERS: channel(PAPERS, "papers"), ANNOUNCED: channel(ANNOUNCED, "news", NEWS)}
    guilds = [guild(list(discord_.channels.values()))]
    me = {"user": user(BOT, "paperboy", bot=True), "application": {"id": BOT, "flags": 0}}
    discord_.gateway.ready = lambda: ({**me, "guilds": [{"id": GUILD, "unavailable": True}]}, guilds)
    async with discord_.running():
        monkeypatch.setattr(Route, "BASE", discord_.url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(discord_.gateway.url))
        yield discord_
    assert discord_.violations == []


@asynccontextmanager
async def connected(fake: FakeDiscord, library: Library) -> AsyncIterator[DiscordPlatform]:
    """The platform, connected and ready, as the settings make it."""
    settings = Settings(_env_file=None, DISCORD_TOKEN="a.token.here")
    platform = from_settings(settings, Dispatcher(registry, library), Reactions(library.store))
    running = asyncio.create_task(platform.run())
    await fake.until(lambda: fake.gateway.connected)
    await platform.client.wait_until_ready()
    try:
        yield platform
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def saves(library: Library, person: Person) -> list[str]:
    known = await library.store.person(Account("discord", person.id))
    return [entry.paper_id for entry in await library.store.judged(known) if entry.attitude.value == "save"]


async def test_it_asks_for_two_intents_and_nothing_privileged(fake: FakeDiscord, library: Library) -> None:
    async with connected(fake, library):
        assert fake.gateway.identifies[0]["intents"] == (1 << 0) | (1 << 10)


async def test_a_message_is_sent_again_after_a_failure_and_shown_once(fake: FakeDiscord, library: Library) -> None:
    async with connected(fake, library) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", 502, 0.01)
        sent = await platform.send(HERE, HELLO, nonce="1")
        assert await platform.send(HERE, HELLO, nonce="1") == sent
        assert [message["id"] for message in fake.shown(PAPERS)] == [sent]
        assert len([request for request in fake.requests if request.path.endswith("/messages")]) == 4


async def test_a_long_rate_limit_is_left_to_the_sender(fake: FakeDiscord, library: Library) -> None:
    async with connected(fake, library) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", 600.0)
        with pytest.raises(PostponedError) as caught:
            await platform.send(HERE, HELLO, nonce="1")
        assert caught.value.retry_after == 600.0


async def test_a_connection_that_breaks_is_unclear_and_sending_again_is_safe(
    fake: FakeDiscord, library: Library
) -> None:
    async with connected(fake, library) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", "drop")
        with pytest.raises(UnclearError):
            await platform.send(HERE, HELLO, nonce="1")
        await platform.send(HERE, HELLO, nonce="1")
        assert len(fake.shown(PAPERS)) == 1


async def test_what_was_missed_is_heard_after_a_resume(fake: FakeDiscord, library: Library) -> None:
    async with connected(fake, library):
        ben = Person(fake, 301, "ben")
        shown = await ben.slash(PAPERS, "show", paper="2601.03236")
        assert shown.original
        await _recorded(library, shown.original)
        await fake.gateway.ask_to_reconnect()
        await ben.react(shown.original, SAVE)
        await fake.until(lambda: fake.gateway.resumes)
        await fake.until(lambda: any(message["channel_id"] == f"9{ben.id}" for message in _everywhere(fake)))
        assert await saves(library, ben) == ["2601.03236"]
        assert len(fake.gateway.identifies) == 1


async def test_a_socket_that_breaks_is_resumed(fake: FakeDiscord, library: Library) -> None:
    async with connected(fake, library):
        fake.gateway.drop()
        await fake.until(lambda: fake.gateway.resumes)
        ben = Person(fake, 301, "ben")
        assert (await ben.slash(PAPERS, "status")).original


async def test_commands_are_registered_and_the_application_checked(fake: FakeDiscord) -> None:
    assert "sync-commands" in await check(registry, "a.token.here")
    assert await sync_commands(registry, "a.token.here") == ["papers", "Save paper", "Similar papers"]
    told = await check(registry, "a.token.here")
    assert "sync-commands" not in told
    assert "client_id=100" in told


async def test_a_token_discord_does_not_know_is_told(fake: FakeDiscord, library: Library) -> None:
    fake.fail("GET", "/users/@me", 401, 401)
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        await check(registry, "a.wrong.token")
    settings = Settings(_env_file=None, DISCORD_TOKEN="a.wrong.token")
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        await from_settings(settings, Dispatcher(registry, library), Reactions(library.store)).run()


async def test_an_evening(fake: FakeDiscord, library: Library) -> None:
    """Installed, set up, the daily post, ten people searching and reacting, a restart in the middle, removed."""
    await sync_commands(registry, "a.token.here")
    ana = Person(fake, 300, "ana", admin=True)
    people = [Person(fake, 301 + number, f"reader{number}") for number in range(10)]
    async with connected(fake, library) as platform:
        await _set_up(fake, ana)
        posts = await _daily_post(fake, library, platform)
        answers = await asyncio.gather(*(one.slash(PAPERS, "search", query="robot learning") for one in people))
    async with connected(fake, library):
        for number, one in enumerate(people):
            await one.react(posts[number % len(posts)], SAVE)
        await fake.until(lambda: len(_told(fake)) == len(people))
        for number, one in enumerate(people[5:], start=5):
            await one.react(posts[number % len(posts)], SAVE, off=True)
        pressed = await asyncio.gather(*(one.press(answers[n].original or {}, "Save") for n, one in enumerate(people)))
        await asyncio.gather(*(one.press(answers[n].original or {}, "More") for n, one in enumerate(people)))
        assert ["Saved" in texts_of(each.original) for each in pressed] == [True] * 10
        first = (await library.store.posted(HERE.key, posts[0]["id"]))[0]
        assert first in await saves(library, people[0])
        await eventually(lambda: _everybody_saved(library, people, [2] * 5 + [1] * 5))
        # Everybody sees one header, one message for each paper, and the ten answers, now on their second page.
        assert len(fake.shown(PAPERS)) == 1 + len(posts) + len(people)
        assert all("page 2" in texts_of(answer.original) for answer in answers)
        await fake.gateway.send("GUILD_DELETE", {"id": GUILD})
        await _forgotten(fake, library)
    assert fake.violations == []


async def _set_up(fake: FakeDiscord, ana: Person) -> None:
    panel = (await ana.slash(PAPERS, "digest on")).original
    assert panel
    await ana.choose(panel, f"setup:{PAPERS}:count", "3")
    form = await ana.press(panel, "Time, zone, topics")
    await ana.fill_in(form, panel, time="18:00", timezone="Europe/Berlin", topics="robots")
    await ana.press(panel, "Start")
    assert "The next post comes" in texts_of(panel)


async def _daily_post(fake: FakeDiscord, library: Library, platform: DiscordPlatform) -> list[Any]:
    """A header and a message for each paper, posted and remembered."""
    found = platform.client.get_channel(int(PAPERS))
    assert isinstance(found, discord.TextChannel)
    place = place_of(found)
    destination = await library.store.destination(place.key)
    assert destination
    assert (destination.enabled, destination.count, f"{destination.at:%H:%M}") == (True, 3, "18:00")
    page = await cards(library, await library.front_page(destination.count), as_of=library.clock.now())
    first = await platform.send(place, Message(title=f"Papers · {date(2026, 1, 19)}"), nonce="0")
    for number, card in enumerate(page, start=1):
        sent = await platform.send(place, Message(cards=(card,)), nonce=str(number), first=first)
        await library.store.record_post(place.key, sent, [card.paper_id])
    return fake.shown(PAPERS)[1:]


def _everywhere(fake: FakeDiscord) -> list[Any]:
    return [message for messages in fake.messages.values() for message in messages]


def _told(fake: FakeDiscord) -> list[Any]:
    """Direct messages: each says that a first save was noted."""
    return [message for name, messages in fake.messages.items() if name.startswith("9") for message in messages]


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for the store to say something; it tells nobody when it changes, so it is asked again and again."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def _everybody_saved(library: Library, people: list[Person], numbers: list[int]) -> bool:
    return [len(await saves(library, one)) for one in people] == numbers


async def _recorded(library: Library, message: Any) -> None:
    """Wait until the papers of an answer are remembered, which happens right after it is shown."""

    async def remembered() -> bool:
        return bool(await library.store.posted(HERE.key, message["id"]))

    await eventually(remembered)


async def _forgotten(fake: FakeDiscord, library: Library) -> None:
    async def gone() -> bool:
        return await library.store.destination(HERE.key) is None

    await eventually(gone)
    assert await library.store.topics(HERE.key) == []
    assert await library.store.judged_at(HERE.key) == []
    assert [await library.store.posted(HERE.key, message["id"]) for message in fake.shown(PAPERS)] == [[]] * 14
