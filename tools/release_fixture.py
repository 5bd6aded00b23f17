"""Write what this version stores of a small invented world, as SQL, for the tests of upgrading from it.

    python -m tools.release_fixture tests/scenarios/released

Makes `0023.sqlite.sql` and `0023.postgresql.sql`, where 0023 is the version of the tables. It is run before a release
whose tables are new, and its files are never made again: they are how the version was.
"""

import argparse
import asyncio
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.domain.clubs import Club, meeting_of
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination, Layout, Quiet
from bot.domain.emoji import EmojiSet
from bot.domain.feeds import Collection, Feed
from bot.domain.follows import Follow, FollowKind, Match
from bot.domain.mailboxes import Ask, mailbox_place
from bot.domain.notes import READ
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic, person_key
from bot.ports import Batch, CachedVector, Installation
from storage.sql.schema import known_versions, migrate
from storage.sql.store import SqlStore
from storage.sql.tokens import Tokens
from tests.support.databases import postgres_programs, running_postgres

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
KEY = "cGFwZXJib3kgdGVzdHMgaGF2ZSBhIGtleSBhcyB3ZWw="
"""What tokens are encrypted with."""
FINGERPRINT = "5f" * 32
"""Of the address of a feed."""
HOLDER, GRAPHS, UNREAD = PaperId("2601.00001"), PaperId("2601.00002"), PaperId("2601.00003")
GRAPHS_DOI, ELSEWHERE = PaperId("10.5555/graphs.1"), PaperId("10.5555/elsewhere.1")
ANA, ANA_TOO, BEN = Account("slack", "T1/U1", "Ana"), Account("discord", "71", "ana"), Account("discord", "72", "Ben")
CHANNEL, ROOM = Place("slack", "T1", "C1", "#papers"), Place("discord", "81", "82", "#reading")
CLUB = Place("slack", "T1", "C2", "#journal-club")
THURSDAY = date(2026, 1, 22)
MAILBOX = mailbox_place("ana@example.org")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    version = known_versions()[-1]
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "paperboy.db"
        asyncio.run(fill(f"sqlite:///{file}"))
        with closing(sqlite3.connect(file)) as connection:
            lines = "\n".join(connection.iterdump())
        (folder / f"{version}.sqlite.sql").write_text(f"{lines}\n", encoding="utf-8")
    with running_postgres() as server:
        url = server.empty()
        asyncio.run(fill(url))
        (folder / f"{version}.postgresql.sql").write_text(_dumped(url), encoding="utf-8")


def _dumped(url: str) -> str:
    """The SQL of a PostgreSQL database, without what only its own programs understand."""
    command: Sequence[str] = [str(postgres_programs() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", url]
    sql = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept = [line for line in sql.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
    return "\n".join(kept) + "\n"


async def fill(url: str) -> None:
    """Have a new database hold the world: papers, people, what they said, posts on their way, mailboxes, tokens."""
    await asyncio.to_thread(migrate, url)
    async with await SqlStore.open(url) as store, Tokens(url, [KEY]) as tokens:
        await _papers(store)
        await _people(store)
        await _places(store)
        await _mail(store)
        await _deliveries(store)
        await _follows(store)
        await _shelves(store)
        await _club(store)
        await _doors(store)
        await tokens.save_installation(Installation("slack", "T1", '{"bot_token": "xoxb-invented"}'))
        await tokens.first_sight("slack", "Ev1", now=NOW)


async def _papers(store: SqlStore) -> None:
    papers = (
        Paper(
            id=HOLDER,
            title="On Hölder α-continuity",
            title_tex=r"On H\"older $\alpha$-continuity",
            abstract="We prove a bound. It is sharp.",
            authors=("Otto Hölder", "Ada Lovelace"),
            categories=("math.CA",),
            published=(NOW - timedelta(days=2)).date(),
        ),
        Paper(
            id=GRAPHS,
            title="Graphs learn to plan",
            abstract="We show that graphs can plan.",
            authors=("Ada Lovelace",),
            categories=("cs.LG", "cs.AI"),
            published=(NOW - timedelta(days=1)).date(),
        ),
        Paper(id=UNREAD, title="Telescopes without mirrors", abstract="A proposal.", published=NOW.date()),
    )
    signals = (Signal(GRAPHS, SignalKind.UPVOTES, NOW - timedelta(hours=5), 12),)
    batch = Batch(papers=papers, signals=signals, aliases=((GRAPHS, GRAPHS_DOI),), cursor="2026-01-19")
    await store.save_batch("huggingface", batch, now=NOW)
    await store.record_attempt("huggingface", now=NOW, note="as ever")
    await store.record_attempt("arxiv", now=NOW, error="503 Service Unavailable")
    await store.cache_vectors("an encoder", [CachedVector(1, "its text", b"\x01\x02")])
    await store.claim_lookup(PaperId("2601.00009"), now=NOW, until=NOW + timedelta(minutes=1))
    await store.record_request("arxiv", now=NOW)


async def _people(store: SqlStore) -> None:
    ana, ben, other = await store.person(ANA), await store.person(BEN), await store.person(ANA_TOO)
    await store.offer_link(ana, "join", expires=NOW + timedelta(minutes=5))
    kept = await store.take_link("join", taker=other, now=NOW)
    assert kept == ana
    await store.join_people(ana, other)
    for person, paper, kind, origin in (
        (ana, HOLDER, FeedbackKind.SAVE, "command"),
        (ana, GRAPHS, FeedbackKind.LIKE, "m2"),
        (ben, GRAPHS, FeedbackKind.DISLIKE, "command"),
    ):
        act = FeedbackAct(person, paper, kind, present=True, at=NOW, place=CHANNEL.key, origin=origin)
        await store.give_feedback(act)
    await store.save_commands(
        {"k1": "search x"}, place=CHANNEL.key, person=ana, now=NOW, until=NOW + timedelta(days=10_000)
    )


async def _places(store: SqlStore) -> None:
    weekdays = frozenset(range(5))
    daily = Destination(
        place=CHANNEL, at=time(9), timezone="Europe/Berlin", days=weekdays, count=3, weekly=4, quiet=Quiet.SAY
    )
    for destination in (daily, Destination(place=ROOM, at=time(11), chosen_layout=Layout.COMPACT, minimum=3)):
        await store.save_destination(destination, now=NOW - timedelta(days=1))
    robots = Destination(place=CHANNEL, post="robots", at=time(17), days=frozenset({0, 3}))
    await store.save_destination(robots, now=NOW - timedelta(days=1))
    await store.follow(CHANNEL.key, Topic("graph neural networks", name="graphs"))
    await store.follow(CHANNEL.key, Topic("crypto", wanted=False))
    await store.watch(CHANNEL.key, on=True)
    await store.set_emoji("slack:T1", EmojiSet(save=":star:"))
    await store.add_delegate("slack:T1", BEN)


async def _mail(store: SqlStore) -> None:
    person = await store.person(ANA)
    await store.save_destination(Destination(place=MAILBOX, at=time(7), person=person), now=NOW)
    await store.mailbox_tag(MAILBOX.key)
    await store.note_bounce(MAILBOX.key, now=NOW)
    await store.suppress("gone@example.org", "a hard bounce", now=NOW)
    await store.note_ask(Ask(address="new@example.org", requester="198.51.100.7"), now=NOW)


async def _deliveries(store: SqlStore) -> None:
    """The channel's post was sent; of the room's, one message was sent and the next is on its way."""
    until = NOW + timedelta(minutes=1)
    await store.claim_due(now=NOW, limit=10)
    leased = await store.lease("w", now=NOW, until=until, limit=10, reaches=lambda _place: True)
    await store.freeze("w", {each.number: '["a post"]' for each in leased}, as_of=NOW)
    for each in leased:
        await store.begin_message(each.number, "w", now=NOW, until=until)
        done = each.destination.place == CHANNEL
        await store.message_sent(each, "w", "m1", [HOLDER], now=NOW, until=None if done else until)
        if done:
            await store.end(each, "w", Status.SENT, now=NOW)


async def _follows(store: SqlStore) -> None:
    """An author, of whom a paper waits, and who cites a paper: one that waits, and one that is not here."""
    person = person_key(await store.person(ANA))
    ada = Follow(owner=person, place=MAILBOX.key, kind=FollowKind.AUTHOR, value="Ada Lovelace", since=NOW.date())
    followed, _ = await store.add_follow(ada)
    await store.note_matches([followed.number], [Match(followed.number, 2)], scanned=2)
    await store.add_follow(replace(ada, kind=FollowKind.CITED_BY, value=HOLDER))
    [cited] = await store.due_cited(read_before=NOW)
    await store.begin_citing(cited.row, now=NOW)
    await store.note_citing(cited.row, [GRAPHS, ELSEWHERE], [GRAPHS])
    await store.end_citing(cited.row, now=NOW)


async def _shelves(store: SqlStore) -> None:
    """Notes and tags: on somebody's own list, and in the channel, where both have written about one paper."""
    ana, ben = await store.person(ANA), await store.person(BEN)
    for owner, person, text in (
        (person_key(ana), ana, "Ask Otto about the bound."),
        (CHANNEL.key, ana, "For Monday."),
        (CHANNEL.key, ben, "I was there."),
    ):
        await store.write_note(owner, person, HOLDER, text, at=NOW)
    await store.add_tags(person_key(ana), HOLDER, ["to-read", READ], at=NOW)
    await store.add_tags(CHANNEL.key, GRAPHS, ["club"], at=NOW)


async def _club(store: SqlStore) -> None:
    """A reading group that votes: one paper was proposed, and one of two people has voted."""
    await store.save_destination(Destination(place=CLUB, enabled=False), now=NOW)
    club = Club(place=CLUB, weekday=3, at=time(16), timezone="Europe/Berlin", first=THURSDAY)
    ben = await store.person(BEN)
    await store.save_club(club, now=NOW)
    await store.nominate(CLUB.key, ben, UNREAD, at=NOW)
    meeting = meeting_of(club, THURSDAY)
    assert meeting
    candidates = replace(meeting, candidates=(HOLDER, GRAPHS))
    await store.open_meeting(candidates, club, next_at=meeting.opens_at + timedelta(days=7), now=NOW)
    [opened] = await store.meetings(CLUB.key)
    await store.vote(opened.number, ben, 2, at=NOW)


async def _doors(store: SqlStore) -> None:
    """A feed with an address, a paper that somebody shared, and links that unfurl."""
    ana = await store.person(ANA)
    await store.open_feed(Feed(ana, Collection.ME, title="Your saved papers"), FINGERPRINT, at=NOW)
    await store.note_share(CHANNEL.key, "m7", [UNREAD], ana, at=NOW)
    await store.unfurl(CHANNEL.key, on=True)


if __name__ == "__main__":
    main()
