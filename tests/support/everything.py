"""A person and a workspace of whom a store keeps everything it can keep, and where anything of them is left."""

from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy import select

from bot.domain.clubs import Club, meeting_of
from bot.domain.destinations import Destination
from bot.domain.emoji import EmojiSet
from bot.domain.feeds import Collection, Feed
from bot.domain.follows import Follow, FollowKind, Match
from bot.domain.mailboxes import Ask, mailbox_place
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic, person_key, private_talk
from bot.domain.zotero import BY_ZOTERO, LinkedItem, ZoteroLibrary, zotero_account
from storage.sql.store import SqlStore
from storage.sql.tables.every import metadata
from tests.support.stored_people import NOW, ONE, TWO, tell

ADDRESS = "una.person@example.org"
SLACK = Account("slack", "TWORK1/UPERSON1", "Una the Person")
DISCORD = Account("discord", "700000000000000001", "una_person")
MAIL = Account("email", ADDRESS, ADDRESS)
CHANNEL = Place("slack", "TWORK1", "CROOM1", "#room-of-una")
OF_PERSON = (ADDRESS, "UPERSON1", "Una the Person", DISCORD.id, "una_person")
OF_WORKSPACE = ("TWORK1", "UPERSON1", "CROOM1", "#room-of-una", "word of una")

NAMES_NOBODY = frozenset({
    "papers", "aliases", "signals", "sources", "vectors", "lookups", "services",  # papers and where they come from
    "cited_papers", "citing_papers",  # which paper cites which
    "people",  # numbers alone
    "bots", "oauth_states", "installations",  # how the bot itself is known; an installation goes with its tokens
    "seen_events",  # numbers of events, for three days
    "mail_suppressions",  # hashes, kept so that nobody is written to again
})  # fmt: skip
"""Tables without anything that names a person. One that is not here must be filled by `give_everything`."""


async def give_everything(store: SqlStore) -> int:
    """Have the store keep all there can be of somebody linked on three platforms; returns their number."""
    await tell(store, ONE, TWO)
    person = await store.person(SLACK)
    for account in (DISCORD, MAIL):
        await store.join_people(person, await store.person(account))
    places = [private_talk(SLACK), private_talk(DISCORD), mailbox_place(ADDRESS), CHANNEL]
    for place in places:
        own = person if place is not CHANNEL else None
        await store.save_destination(Destination(place=place, person=own), now=NOW - timedelta(days=2))
        named = Destination(place=place, post="post of una", person=own)
        await store.save_destination(named, now=NOW - timedelta(days=2))
        await store.follow(named.key, Topic("cat:cs.LG", name="word of una"))
        await store.follow(place.key, Topic("word of una"))
        await store.record_post(place.key, f"message in {place.key}", [ONE, TWO])
        await store.mark_shown(place.key, [ONE, PaperId("2601.99999")], at=NOW)
        await store.watch(place.key, on=True)
        await store.unfurl(place.key, on=True)
        await store.give_feedback(
            FeedbackAct(person=person, paper_id=TWO, kind=FeedbackKind.SAVE, place=place.key, present=True, at=NOW)
        )
        await store.note_share(place.key, f"share in {place.key}", [ONE], person, at=NOW)
        await store.claim_reminder(place.key, person_key(person), ONE, now=NOW, since=NOW)
        await store.write_note(place.key, person, ONE, "word of una", at=NOW)
        await store.add_tags(place.key, ONE, ["word of una"], at=NOW)
        feed = Feed(person, Collection.POSTS, place.key, "word of una", "feed of una")
        await store.open_feed(feed, f"fingerprint of {place.key}", at=NOW)
        lines = {f"key in {place.key}": "search word of una"}
        await store.save_commands(lines, place=place.key, person=person, now=NOW, until=NOW + timedelta(days=9))
    await _keep_libraries(store, person)
    owners = {private_talk(SLACK).key: person_key(person), CHANNEL.key: CHANNEL.key}
    for key, owner in owners.items():
        follow = Follow(owner=owner, place=key, kind=FollowKind.QUERY, value="word of una", since=NOW.date())
        kept, _ = await store.add_follow(follow)
        await store.note_matches([kept.number], [Match(kept.number, 1)], scanned=1)
    await store.follow(person_key(person), Topic("word of una"))
    await store.write_note(person_key(person), person, ONE, "word of una", at=NOW)
    await store.add_tags(person_key(person), ONE, ["word of una"], at=NOW)
    await store.mark_shown(person_key(person), [ONE, PaperId("2601.99998")], at=NOW)
    await _read_together(store, person)
    await store.offer_link(person, "UNACODE1", expires=NOW + timedelta(days=9))
    await _subscribe(store, person)
    await store.set_emoji(CHANNEL.workspace_key, EmojiSet("one", "two", "three"))
    await store.add_delegate(CHANNEL.workspace_key, SLACK)
    await _deliver(store)
    return person


async def _keep_libraries(store: SqlStore, person: int) -> None:
    """Have them and their channel keep libraries of Zotero, from which papers were saved."""
    for owner, saver in ((person_key(person), person), (CHANNEL.key, await store.person(zotero_account(CHANNEL.key)))):
        library = ZoteroLibrary(owner, person, "key of una", "users/1", "library of una", "HOME2345", whole=True)
        await store.connect_zotero(library)
        place = CHANNEL.key if owner == CHANNEL.key else ""
        act = FeedbackAct(saver, TWO, FeedbackKind.SAVE, present=True, at=NOW, place=place, origin=BY_ZOTERO)
        assert await store.link_items(library, [LinkedItem("ITEM2345", TWO, saved=True, there=True)], [act])


async def _read_together(store: SqlStore, person: int) -> None:
    """Have them propose a paper and vote in their channel's reading group."""
    day = NOW.date() + timedelta(days=7)
    club = Club(place=CHANNEL, weekday=day.weekday(), at=time(16), timezone="UTC", first=day)
    meeting = meeting_of(club, day)
    assert meeting
    await store.save_club(club, now=NOW)
    await store.nominate(CHANNEL.key, person, ONE, at=NOW)
    await store.open_meeting(replace(meeting, candidates=(ONE, TWO)), club, next_at=meeting.meets_at, now=NOW)
    [kept] = await store.meetings(CHANNEL.key)
    assert await store.vote(kept.number, person, 1, at=NOW)


async def _subscribe(store: SqlStore, person: int) -> None:
    await store.mailbox_tag(mailbox_place(ADDRESS).key)
    on_the_page = Ask(address=ADDRESS, requester="web:hash of an address")
    by_command = Ask(address="other@example.org", requester=f"slack:{SLACK.id}", asked_by=SLACK.name, person=person)
    of_others = replace(on_the_page, requester="slack:TOTHER/U9", asked_by="Ben")
    for ask in (on_the_page, by_command, of_others):
        assert await store.note_ask(ask, now=NOW)


async def _deliver(store: SqlStore) -> None:
    """Have posts composed and sent to every place."""
    due = NOW + timedelta(days=1)
    await store.claim_due(now=due, limit=100)
    leased = await store.lease("w", now=due, until=due + timedelta(minutes=1), limit=100, reaches=lambda place: True)
    assert len(leased) == 4
    await store.freeze("w", {each.number: f"post for {each.destination.place.name}" for each in leased}, as_of=due)
    for each in leased:
        await store.message_sent(each, "w", f"delivered to {each.destination.place.key}", [ONE], now=due)


async def tables_with(store: SqlStore, needles: tuple[str, ...]) -> set[str]:
    """The tables in which any of some texts stands, whatever the column."""
    found = set()
    async with store.reading() as connection:
        for table in metadata.sorted_tables:
            text = "\n".join(str(tuple(row)) for row in await connection.execute(select(table)))
            if any(needle in text for needle in needles):
                found.add(table.name)
    return found


async def tables_with_rows(store: SqlStore) -> set[str]:
    """The tables that hold anything."""
    async with store.reading() as connection:
        return {table.name for table in metadata.sorted_tables if (await connection.execute(select(table))).first()}
