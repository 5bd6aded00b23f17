"""An evening in a Discord server, from installing to removing, with what goes wrong on the way."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from adapters.discord.platform import DiscordPlatform
from adapters.discord.registration import sync_commands
from bot.commands import registry
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata
from tests.support.discord.fake_discord import Asked, FakeDiscord
from tests.support.discord.fake_people import GUILD, Person
from tests.support.discord.fake_rooms import CROSSPOSTED, EPHEMERAL
from tests.support.discord.wire import ANNOUNCED, HERE, PAPERS, READING, connected, eventually, judged
from tests.support.discord.world import texts_of

AFTERNOON, SIX = datetime(2026, 1, 20, 16, tzinfo=UTC), datetime(2026, 1, 20, 17, tzinfo=UTC)
SHARED = PaperId("2601.03236")
SAVE, LIKE, DISLIKE, TWO = "\U0001f516", "\U0001f44d", "\U0001f44e", "2\ufe0f\u20e3"
QUERIES = ("robot learning", "diffusion models", "memory agents", "reasoning", "video generation", "speech synthesis",
           "retrieval", "code generation", "medical images", "author:li")  # fmt: skip
TITLE = "Trending papers · Tuesday, 20 Jan 2026"


class Evening:
    """A clock that goes on by a millisecond each time it is asked, and otherwise when it is set."""

    def __init__(self) -> None:
        self.moment = AFTERNOON

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment


async def test_an_evening(fake: FakeDiscord, app: App) -> None:
    ana = Person(fake, 300, "ana", admin=True)
    people = [Person(fake, 301 + number, f"reader{number}") for number in range(10)]
    await sync_commands(registry, "a.token.here")

    clock = Evening()
    app.clock = clock
    async with connected(fake, app, discord_linked_papers=True) as platform:
        await _set_up(fake, ana)
        await people[0].slash(PAPERS, "digest me", at="18:00", timezone="Europe/Berlin")
        fake.fail("POST", f"/channels/{PAPERS}/messages", 0.01, "lose")
        fake.fail("POST", f"/channels/{READING}/threads", 502)
        fake.fail("POST", rf"/channels/{ANNOUNCED}/messages/\d+/crosspost", 0.01)
        clock.moment = SIX
        await _deliver(app, platform)
        assert len(fake.shown(PAPERS)) == 2, "the header was shown, and the bot does not know; no paper was"
        searches = await asyncio.gather(
            *(one.slash(PAPERS, "search", query=QUERIES[n]) for n, one in enumerate(people))
        )

    clock.moment = SIX + timedelta(seconds=30)
    async with connected(fake, app, discord_linked_papers=True) as platform:
        await _deliver(app, platform)
        await _deliver(app, platform)
        posts = _check_posts(fake)
        expected = await _react(fake, app, people, posts, searches)
        for one in people:
            assert await judged(app, one) == sorted(expected[one.id])
        _check_what_was_said(fake, people, searches)

        said = len(fake.requests)
        await fake.gateway.send("GUILD_DELETE", {"id": GUILD})
        await eventually(lambda: _is_forgotten(app))
        clock.moment = SIX + timedelta(days=1)
        await _deliver(app, platform)
        assert not [sent for sent in fake.requests[said:] if sent.path.startswith(f"/channels/{PAPERS}")]
        await _check_what_is_kept(app, people)


async def _set_up(fake: FakeDiscord, ana: Person) -> None:
    """Three channels, each in its own way, in one and the same panel; and links are watched in the first."""
    panel = (await ana.slash(PAPERS, "digest on")).original
    assert panel
    for channel, layout, topics in ((PAPERS, "threads", "robots"), (ANNOUNCED, "compact", ""), (READING, "cards", "")):
        await ana.choose(panel, "setup:channel", channel)
        await ana.choose(panel, f"setup:{channel}:count", "3")
        await ana.choose(panel, f"setup:{channel}:layout", layout)
        await ana.choose(panel, f"setup:{channel}:scope", "topics-first")
        form = await ana.press(panel, "Time, zone, topics")
        await ana.fill_in(form, panel, time="18:00", timezone="Europe/Berlin", topics=topics)
        preview = (await ana.press(panel, "Preview")).original
        assert "Trending papers" in texts_of(preview)
        assert "⚠️" not in texts_of(panel)
        await ana.press(panel, "Start")
        assert "The next post comes" in texts_of(panel)
    told = await ana.slash(PAPERS, "watch", links="on")
    assert "are watched here" in texts_of(told.original)


async def _deliver(app: App, platform: DiscordPlatform) -> None:
    """A tick of a process that has just begun."""
    await Deliverer(app.store, PostComposer(app), [platform], app.clock).tick()


def _check_posts(fake: FakeDiscord) -> dict[str, list[Any]]:
    """Every post is there as it was set up, once; returns the messages with papers by channel."""
    header, *papers = [message for message in fake.shown(PAPERS) if "interaction_metadata" not in message]
    assert texts_of(header).splitlines()[0] == f"## {TITLE}"
    assert [_titles(message) for message in papers] == [[thread["name"]] for thread in fake.threads(PAPERS)]
    assert [message["thread"]["id"] for message in papers] == [message["id"] for message in papers]
    assert len(papers) == 3

    [news] = fake.shown(ANNOUNCED)
    assert texts_of(news).splitlines()[0] == f"## {TITLE}"
    assert len(_titles(news)) == 3
    assert news["flags"] & CROSSPOSTED
    assert fake.threads(ANNOUNCED) == []

    [reading] = fake.threads(READING)
    assert (reading["name"], reading["applied_tags"]) == (TITLE, [f"{READING}1"])
    _, *inside = fake.shown(reading["id"])
    assert [len(_titles(message)) for message in inside] == [1, 1, 1]
    return {PAPERS: papers, ANNOUNCED: [news], READING: inside}


def _titles(message: Any) -> list[str]:
    """The titles of the papers a message shows."""
    lines = [line for line in texts_of(message).splitlines() if line.startswith("### ")]
    return [line.partition("[")[2].rpartition("](")[0].replace("\\", "") for line in lines]


async def _react(
    fake: FakeDiscord, app: App, people: list[Person], posts: dict[str, list[Any]], searches: list[Asked]
) -> dict[str, set[tuple[str, str]]]:
    """Everybody saves a paper; some think again; some use other posts and buttons. Returns what each thinks now."""
    expected: dict[str, set[tuple[str, str]]] = {one.id: set() for one in people}

    async def shows(channel: str, message: Any) -> list[str]:
        return list(await app.store.posted(f"discord:{GUILD}:{channel}", message["id"]))

    for number, one in enumerate(people):
        message = posts[PAPERS][number % 3]
        await one.react(message, SAVE)
        for paper in await shows(PAPERS, message):
            _give(expected[one.id], paper, "save")
    await fake.until(lambda: all(_talk(fake, one) for one in people))
    for number, one in enumerate(people[5:], start=5):
        await one.react(posts[PAPERS][number % 3], SAVE, off=True)
        expected[one.id] = set()
    for one in people[:2]:
        await one.react(posts[ANNOUNCED][0], TWO)
        _give(expected[one.id], (await shows(ANNOUNCED, posts[ANNOUNCED][0]))[1], "save")
    for one, emoji, kind in ((people[2], LIKE, "like"), (people[3], DISLIKE, "dislike")):
        await one.react(posts[READING][0], emoji)
        _give(expected[one.id], (await shows(READING, posts[READING][0]))[0], kind)
    link = await people[9].say(PAPERS, f"and this one? https://arxiv.org/abs/{SHARED}")
    await people[4].react(link, SAVE)
    _give(expected[people[4].id], SHARED, "save")

    for one, search in zip(people, searches, strict=True):
        assert search.original
        _give(expected[one.id], (await shows(PAPERS, search.original))[0], "save")
        pressed = await one.press(search.original, "1")
        assert "Saved" in texts_of(pressed.original)
        for label in ("More", "Back"):
            await one.press(search.original, label)

    async def everybody_has() -> bool:
        return all([await judged(app, one) == sorted(expected[one.id]) for one in people])

    await eventually(everybody_has)
    return expected


def _give(given: set[tuple[str, str]], paper: str, kind: str) -> None:
    """One state for each paper: the last word counts, and a like says nothing new of a saved one."""
    if kind != "like" or (paper, "save") not in given:
        given -= {each for each in given if each[0] == paper}
        given.add((paper, kind))


def _talk(fake: FakeDiscord, one: Person) -> list[Any]:
    """What the bot told somebody of their first save, in their private talk."""
    return [message for message in fake.messages[f"9{one.id}"] if "Saved to your list" in texts_of(message)]


def _check_what_was_said(fake: FakeDiscord, people: list[Person], searches: list[Asked]) -> None:
    """The post, ten answers on their first page, the answer to `watch` and one link: nothing else is to be seen."""
    assert len(fake.shown(PAPERS)) == 1 + 3 + 10 + 1 + 1
    for one, search, query in zip(people, searches, QUERIES, strict=True):
        assert texts_of(search.original).splitlines()[0].replace("\\", "") == f"## Search: {query}"
        assert len(_talk(fake, one)) == 1
    own = [message for message in fake.messages[f"9{people[0].id}"] if message not in _talk(fake, people[0])]
    confirmed, post = own
    assert texts_of(confirmed).startswith("## Your daily post")
    assert texts_of(post).startswith("## Your papers · Tuesday, 20 Jan 2026")
    assert len(_titles(post)) == 5
    assert sum(len(messages) for name, messages in fake.messages.items() if name.startswith("9")) == 10 + len(own)
    private = [message for message in fake.messages[PAPERS] if message["flags"] & EPHEMERAL]
    # The panel and three previews, one's own digest, ten saves by button.
    assert len(private) == 1 + 3 + 1 + 10


async def _is_forgotten(app: App) -> bool:
    return await app.store.destination(HERE.key) is None


async def _check_what_is_kept(app: App, people: list[Person]) -> None:
    """Nothing names the server any more; one person's own digest goes on."""
    store = app.store
    assert isinstance(store, SqlStore)
    async with store.reading() as connection:
        rows = {table.name: (await connection.execute(select(table))).all() for table in metadata.sorted_tables}
    for name, kept in rows.items():
        assert not [row for row in kept if any(str(value).startswith(f"discord:{GUILD}") for value in row)], name
    [destination] = rows["destinations"]
    assert destination.channel == f"@{people[0].id}"
    assert [(row.destination, row.status) for row in rows["deliveries"]] == [(destination.key, "sent")] * 2
    assert {row.place for row in rows["posts"]} == {destination.key}
    assert [rows[name] for name in ("feedback", "topics", "watched", "emoji", "deputies")] == [[], [], [], [], []]
