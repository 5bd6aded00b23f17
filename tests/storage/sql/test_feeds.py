"""Feeds that have an address, and what was posted lately."""

from datetime import timedelta

import pytest

from bot.domain.deliveries import Status
from bot.domain.feeds import Collection, Feed, OpenFeed
from bot.domain.people import Account
from storage.sql.store import SqlStore
from tests.support.stored_people import NOW, ONE, PAPERS, TWO
from tests.support.stored_queue import DUE, POST, YESTERDAY, lease

ANA, BEN = Account("slack", "T1/U1", "ana"), Account("slack", "T1/U2", "ben")


async def test_a_feed_has_one_address(store: SqlStore) -> None:
    person = await store.person(ANA)
    feed = Feed(person, Collection.ME, query="#club", title="Your saved papers: #club")
    assert not await store.open_feed(feed, "a" * 64, at=NOW)
    assert await store.open_feed(Feed(person, Collection.ME), "b" * 64, at=NOW) is False, (
        "another query is another feed"
    )
    assert await store.open_feed(feed, "c" * 64, at=NOW)
    assert await store.opened_feed("a" * 64) is None
    assert await store.opened_feed("c" * 64) == OpenFeed(feed, "c" * 64, NOW)
    assert await store.count_feeds(person=person) == 2


async def test_a_feed_is_closed_by_its_owner_by_the_beginning_of_its_fingerprint(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.open_feed(Feed(ana, Collection.ME), "ab" * 32, at=NOW)
    assert not await store.close_feed(ben, "abab")
    assert not await store.close_feed(ana, "a%b")
    assert await store.close_feed(ana, "abab")
    assert await store.opened_feed("ab" * 32) is None


async def test_feeds_follow_people_who_are_joined_and_go_with_those_who_are_forgotten(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    for number, person in enumerate((ana, ben)):
        await store.open_feed(Feed(person, Collection.ME), f"{number}" * 64, at=NOW)
    await store.join_people(ana, ben)
    assert await store.count_feeds(person=ana) == 2
    await store.forget_person(ana)
    assert await store.count_feeds() == 0


async def test_feeds_of_a_channel_go_with_its_workspace(store: SqlStore) -> None:
    person = await store.person(Account("discord", "7", "dan"))
    await store.open_feed(Feed(person, Collection.CHANNEL, PAPERS.key), "a" * 64, at=NOW)
    await store.open_feed(Feed(person, Collection.POSTS, "slack:T9:C9"), "b" * 64, at=NOW)
    assert await store.count_feeds(place=PAPERS.key) == 1
    await store.forget_workspace(PAPERS.platform, PAPERS.workspace)
    assert await store.opened_feed("a" * 64) is None
    assert await store.close_feeds("slack:T9:C9") == 1
    assert await store.count_feeds() == 0


@pytest.mark.usefixtures("two_papers")
async def test_what_was_posted_lately_is_known_with_its_moment(store: SqlStore) -> None:
    await store.save_destination(POST, now=YESTERDAY)
    for day, papers in enumerate(([ONE], [TWO, ONE])):
        now = DUE + timedelta(days=day)
        await store.claim_due(now=now, limit=10)
        [delivery] = await lease(store, now=now)
        await store.freeze("w", {delivery.number: "the post"}, as_of=now)
        await store.begin_message(delivery.number, "w", now=now, until=now + timedelta(minutes=1))
        await store.message_sent(delivery, "w", f"m{day}", papers, now=now)
        await store.end(delivery, "w", Status.SENT, now=now)
    again = DUE + timedelta(days=1)
    assert await store.posted_lately(POST.place.key, limit=9) == [(TWO, again), (ONE, again)]
    assert await store.posted_lately(POST.place.key, limit=1) == [(TWO, again)]
    assert await store.posted_lately("slack:T9:C9", limit=9) == []
