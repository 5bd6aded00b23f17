"""What every released version stored comes to the tables of today, whole, on SQLite and on PostgreSQL."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import time
from pathlib import Path

import psycopg
import pytest

from bot.cli import main
from bot.domain.clubs import MeetingState
from bot.domain.deliveries import Status
from bot.domain.destinations import Layout
from bot.domain.notes import READ, Shelf
from bot.domain.people import FeedbackKind, Topic, person_key
from bot.errors import StoreError
from storage.sql.schema import known_versions, migrate, schema_version
from storage.sql.store import SqlStore
from storage.sql.tokens import Tokens
from tests.support.command_line import failure, found
from tests.support.databases import Postgres, Sqlite
from tools.release_fixture import (
    ANA,
    ANA_TOO,
    BEN,
    CHANNEL,
    CLUB,
    ELSEWHERE,
    FINGERPRINT,
    GRAPHS,
    GRAPHS_DOI,
    HOLDER,
    KEY,
    MAILBOX,
    NOW,
    ROOM,
    THURSDAY,
    UNREAD,
)

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(path.name.partition(".")[0] for path in RELEASED.glob("*.sqlite.sql"))
LOOKUPS, FOLLOWS, NAMED_POSTS, CITATIONS, NOTES = "0018", "0020", "0021", "0022", "0023"
SIGHTINGS, UNFURLED, FEEDS, CLUBS = "0024", "0025", "0026", "0027"
"""The versions that brought these."""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=["sqlite", "postgres"])
def released(request: pytest.FixtureRequest, version: str) -> str:
    """A database as a released version left it."""
    databases: Sqlite | Postgres = request.getfixturevalue(request.param)
    url = databases.empty()
    load = {"sqlite": _load_sqlite, "postgres": _load_postgres}[request.param]
    load(url, version)
    return url


def _load_sqlite(url: str, version: str) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.executescript((RELEASED / f"{version}.sqlite.sql").read_text(encoding="utf-8"))


def _load_postgres(url: str, version: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute((RELEASED / f"{version}.postgresql.sql").read_bytes())


@pytest.fixture
def upgraded(released: str, version: str) -> str:
    """The same with the tables of today."""
    assert schema_version(released) == version
    if version != known_versions()[-1]:
        with pytest.raises(StoreError, match=r"is not up to date; run `paperboy .*migrate`"):
            asyncio.run(_opened(released))
    migrate(released)
    assert schema_version(released) == known_versions()[-1]
    return released


async def _opened(url: str) -> None:
    async with await SqlStore.open(url):
        pass


async def test_papers_are_read_as_they_would_be_today(upgraded: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        assert await store.count_papers() == 3
        [holder, graphs] = [stored.paper for stored in await store.papers([HOLDER, GRAPHS_DOI])]
        signals = await store.signals([GRAPHS], until=NOW)
        states = {state.name: state for state in await store.source_states()}
    assert (holder.title, holder.authors) == ("On Hölder α-continuity", ("Otto Hölder", "Ada Lovelace"))
    assert holder.title_tex == r"On H\"older $\alpha$-continuity"
    assert (graphs.id, graphs.categories) == (GRAPHS, ("cs.LG", "cs.AI"))
    assert [signal.value for signal in signals[GRAPHS]] == [12]
    assert (states["huggingface"].cursor, states["arxiv"].error) == ("2026-01-19", "503 Service Unavailable")


async def test_people_and_what_they_said_are_kept(upgraded: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        ana, ben = await store.person(ANA), await store.person(BEN)
        assert await store.person(ANA_TOO) == ana
        said = {(entry.paper_id, entry.kind) for entry in await store.feedback_of(ana)}
        [disliked] = await store.feedback_of(ben)
        assert await store.saved_command("k1", now=NOW) == "search x"
    assert said == {(HOLDER, FeedbackKind.SAVE), (GRAPHS, FeedbackKind.LIKE)}
    assert (disliked.paper_id, disliked.kind) == (GRAPHS, FeedbackKind.DISLIKE)


async def test_channels_keep_their_posts_topics_and_rules(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        posts = {post.post: post for post in await store.posts_of(CHANNEL.key)}
        room = await store.destination(ROOM.key)
        topics = await store.topics(CHANNEL.key)
        assert await store.is_watched(CHANNEL.key)
        assert (await store.emoji(["slack:T1"]))["slack:T1"].save == ":star:"
        assert [(each.platform, each.id) for each in await store.delegates("slack:T1")] == [(BEN.platform, BEN.id)]
    daily = posts[""]
    assert (daily.at, daily.timezone, daily.days, daily.count) == (time(9), "Europe/Berlin", frozenset(range(5)), 3)
    assert daily.weekly == 4
    assert room
    assert (room.at, room.layout, room.minimum) == (time(11), Layout.COMPACT, 3)
    named = version >= NAMED_POSTS
    assert posts.keys() == ({"", "robots"} if named else {""})
    assert topics == [
        Topic("graph neural networks", name="graphs" if named else ""),
        Topic("crypto", wanted=False),
    ]


async def test_what_was_sent_is_not_sent_again_and_what_was_on_its_way_still_is(upgraded: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        delivered = {
            upcoming.destination.key: upcoming.deliveries
            for upcoming in await store.upcoming([CHANNEL.key, ROOM.key])
            if upcoming.deliveries
        }
        assert await store.posted(CHANNEL.key, "m1") == [HOLDER]
        assert len(await store.shown(CHANNEL.key)) == 1
        await store.claim_due(now=NOW, limit=10)
        again = {each.destination.key: each.deliveries for each in await store.upcoming([CHANNEL.key, ROOM.key])}
    [sent], [underway] = delivered[CHANNEL.key], delivered[ROOM.key]
    assert (sent.status, sent.sent) == (Status.SENT, ("m1",))
    assert (underway.status, underway.sent, underway.started_at) == (Status.SENDING, ("m1",), NOW)
    assert {key: again[key] for key in delivered} == delivered


async def test_mailboxes_and_what_they_refuse_are_kept(upgraded: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        [mailbox] = await store.mailboxes_of(await store.person(ANA))
        tagged = await store.mailbox_tagged(await store.mailbox_tag(MAILBOX.key))
        assert await store.note_bounce(MAILBOX.key, now=NOW) == 2
        assert await store.suppression("gone@example.org") == "a hard bounce"
        [ask] = await store.begin_asks(now=NOW, limit=10)
    assert tagged == mailbox
    assert (mailbox.place.channel, mailbox.at) == ("ana@example.org", time(7))
    assert ask.address == "new@example.org"


async def test_workspaces_keep_their_tokens_and_events_are_not_taken_twice(upgraded: str) -> None:
    async with Tokens(upgraded, [KEY]) as tokens:
        installed = await tokens.installation("slack", "T1")
        assert not await tokens.first_sight("slack", "Ev1", now=NOW)
    assert installed
    assert installed.secrets == '{"bot_token": "xoxb-invented"}'


async def test_follows_and_services_are_kept(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        owner = f"person:{await store.person(ANA)}"
        follows = await store.follows(owner, MAILBOX.key)
        services = await store.service_states()
        pending = [await store.pending(each.number) for each in follows]
    assert [each.name for each in services] == (["arxiv"] if version >= LOOKUPS else [])
    author = ['author:"Ada Lovelace"'] if version >= FOLLOWS else []
    cited_by = [f"cited-by:{HOLDER}"] if version >= CITATIONS else []
    assert [each.name for each in follows] == author + cited_by
    assert pending == [[2]] * len(follows)


async def test_who_cited_a_paper_before_is_no_news(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        known = await store.citing(1)
        assert await store.due_cited(read_before=NOW) == []
    assert known == ({GRAPHS, ELSEWHERE} if version >= CITATIONS else set())


async def test_notes_and_tags_stay_on_their_lists(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        ana, ben = await store.person(ANA), await store.person(BEN)
        own, channel = await store.shelf(person_key(ana)), await store.shelf(CHANNEL.key)
    if version < NOTES:
        assert own == channel == Shelf()
        return
    [note] = own.notes[HOLDER]
    assert (note.text, note.person, note.at) == ("Ask Otto about the bound.", ana, NOW)
    assert own.tags == {HOLDER: [READ, "to-read"]}
    told = [(note.text, note.person, note.author) for note in channel.notes[HOLDER]]
    assert told == [("For Monday.", ana, "Ana"), ("I was there.", ben, "")]
    assert channel.tags == {GRAPHS: ["club"]}


async def test_a_vote_that_was_open_still_is(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        club, meeting = await store.club(CLUB.key), await store.meeting(CLUB.key, THURSDAY)
        proposed = await store.proposals(CLUB.key)
        if version < CLUBS:
            assert (club, meeting, proposed) == (None, None, [])
            return
        assert club
        assert meeting
        votes = await store.votes(meeting.number)
    assert (club.weekday, club.at, club.timezone, club.enabled) == (3, time(16), "Europe/Berlin", True)
    assert (meeting.state, meeting.candidates, votes) == (MeetingState.VOTING, (HOLDER, GRAPHS), [2])
    assert [each.paper_id for each in proposed] == [UNREAD]


async def test_feeds_what_was_shared_and_links_that_unfurl_are_kept(upgraded: str, version: str) -> None:
    async with await SqlStore.open(upgraded) as store:
        opened = await store.opened_feed(FINGERPRINT)
        shared = (await store.paper_history(CHANNEL.key, UNREAD)).sightings
        assert await store.unfurls(CHANNEL.key) is (version >= UNFURLED)
    assert (opened.feed.title if opened else "") == ("Your saved papers" if version >= FEEDS else "")
    assert [each.message for each in shared] == (["m7"] if version >= SIGHTINGS else [])


@pytest.fixture
def folder(tmp_path: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder as a released version left it."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PAPERBOY_LOOKUP", "off")
    (tmp_path / "data").mkdir()
    _load_sqlite(f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}", version)
    return tmp_path / "data"


def test_an_operator_is_told_to_migrate_and_then_finds_everything(
    folder: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--data-dir", str(folder)]
    if version != known_versions()[-1]:
        assert f"run `paperboy --data-dir {folder} migrate`" in failure(capsys, *at, "run")
    assert main([*at, "backup", str(folder / "before.tar.gz")]) == 0
    assert f"tables of version {version}" in capsys.readouterr().out
    for command in ("migrate", "index", "doctor"):
        assert main([*at, command]) == 0, capsys.readouterr()
    capsys.readouterr()
    assert found(capsys, "--data-dir", str(folder), "--json", "graphs plan")[0] == "Graphs learn to plan"
    assert main([*at, "backup", str(folder / "backup.tar.gz")]) == 0


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["search", "graphs"],
        ["show", str(GRAPHS)],
        ["doctor"],
        ["status"],
        ["backup", "b.tar.gz"],
        ["restore", "b.tar.gz"],
        ["migrate"],
        ["import", "papers.jsonl"],
        ["sync"],
        ["index"],
        ["email", "list"],
    ],
    ids=lambda command: command[0],
)
def test_a_database_of_a_newer_paperboy_is_left_alone_by_every_command(
    sample_folder: Path,
    tmp_path: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copytree(sample_folder, "data")
    Path("papers.jsonl").write_text('{"id": "2601.00001", "title": "A title of some length"}\n', encoding="utf-8")
    assert main(["backup", "b.tar.gz"]) == 0
    with closing(sqlite3.connect("data/paperboy.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = Path("data/paperboy.db").read_bytes()
    capsys.readouterr()
    assert main(command) == 1
    told = "".join(capsys.readouterr())
    assert ("restore into an empty one" if command[0] == "restore" else "made by a newer Paperboy") in told
    assert Path("data/paperboy.db").read_bytes() == before
