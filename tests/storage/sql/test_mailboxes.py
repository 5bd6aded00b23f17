"""What is kept of mailboxes, on every database."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.destinations import Destination
from bot.domain.mailboxes import (
    ASKS_LAST,
    PER_ADDRESS,
    PER_HOUR,
    PER_MAILBOX,
    PER_NETWORK,
    PER_REQUESTER,
    SOFT_BOUNCES_LAST,
    Ask,
    AskStatus,
    mailbox_place,
)
from bot.domain.people import Account
from storage.sql.store import SqlStore

NOW = datetime(2026, 1, 19, 9, tzinfo=UTC)
YOU = "you@example.org"
ASK = Ask(
    address=YOU,
    requester="slack:T1/U1",
    asked_by="ana on Slack",
    at=time(7, 30),
    timezone="Europe/Berlin",
    days=frozenset({0, 3}),
    count=3,
)
BOX = Destination(place=mailbox_place(YOU))


async def test_an_ask_is_taken_once_and_is_there_until_it_is_too_old(store: SqlStore) -> None:
    number = await store.note_ask(ASK, now=NOW)
    [taken] = await store.begin_asks(now=NOW, limit=10)
    assert taken.number == number
    assert replace(taken, number=0) == ASK
    assert await store.begin_asks(now=NOW + timedelta(hours=1), limit=10) == []
    assert await store.ask(taken.number) == (taken, AskStatus.SENDING)
    await store.begin_asks(now=NOW + ASKS_LAST + timedelta(seconds=1), limit=10)
    assert await store.ask(taken.number) is None


async def test_an_ask_is_taken_by_one_of_many_workers(store: SqlStore) -> None:
    for number in range(8):
        await store.note_ask(replace(ASK, address=f"{number}@example.org"), now=NOW)
    taken = await asyncio.gather(*(store.begin_asks(now=NOW, limit=4) for _ in range(4)))
    numbers = [ask.number for asks in taken for ask in asks]
    assert len(numbers) == len(set(numbers)) == 8


async def test_an_ask_put_off_comes_again_and_counts_the_attempt(store: SqlStore) -> None:
    await store.note_ask(ASK, now=NOW)
    [taken] = await store.begin_asks(now=NOW, limit=10)
    await store.end_ask(taken.number, AskStatus.WAITING, retry_at=NOW + timedelta(minutes=5))
    assert await store.begin_asks(now=NOW + timedelta(minutes=4), limit=10) == []
    [again] = await store.begin_asks(now=NOW + timedelta(minutes=5), limit=10)
    assert again == replace(taken, attempts=1)


async def test_a_requester_is_refused_after_so_many_asks_however_many_come_at_once(store: SqlStore) -> None:
    asks = [replace(ASK, address=f"{number}@example.org") for number in range(2 * PER_REQUESTER)]
    noted = await asyncio.gather(*(store.note_ask(ask, now=NOW) for ask in asks))
    assert len({number for number in noted if number}) == PER_REQUESTER
    assert await store.note_ask(replace(ASK, requester="other"), now=NOW)
    assert await store.note_ask(ASK, now=NOW + timedelta(days=1, seconds=1))


async def test_an_address_gets_so_many_letters_and_nobody_is_told(store: SqlStore) -> None:
    for number in range(PER_ADDRESS + 2):
        assert await store.note_ask(replace(ASK, requester=f"r{number}"), now=NOW)
    assert len(await store.begin_asks(now=NOW, limit=10)) == PER_ADDRESS
    assert await store.note_ask(replace(ASK, requester="late"), now=NOW + timedelta(days=1, seconds=1))
    assert len(await store.begin_asks(now=NOW + timedelta(days=1, seconds=1), limit=10)) == 1


async def noted(store: SqlStore, asks: list[Ask]) -> int:
    """How many of some asks were taken, one after the other."""
    return len([number for ask in asks if (number := await store.note_ask(ask, now=NOW))])


async def test_a_network_is_refused_after_so_many_asks_though_each_comes_from_another_address(store: SqlStore) -> None:
    asks = [replace(ASK, address=f"{n}@example.org", requester=f"web:net:{n}") for n in range(PER_NETWORK + 5)]
    assert await noted(store, asks) == PER_NETWORK
    assert await store.note_ask(replace(ASK, requester="web:next:1"), now=NOW)


async def test_everybody_together_asks_only_so_often_in_an_hour(store: SqlStore) -> None:
    asks = [replace(ASK, address=f"{n}@example.org", requester=f"web:{n}:{n}") for n in range(PER_HOUR + 5)]
    assert await noted(store, asks) == PER_HOUR
    assert await store.note_ask(replace(ASK, requester="cli:me"), now=NOW), "whoever runs the bot may"
    assert await store.note_ask(replace(ASK, requester="web:a:b"), now=NOW + timedelta(hours=1, seconds=1))


@pytest.mark.parametrize(
    "spellings",
    [
        [f"ana+{n}@example.org" for n in range(20)],
        [f"a{'.' * n}na@g{rest}mail.com" for n in range(4) for rest in ("", "oogle")],
    ],
)
async def test_a_mailbox_gets_so_many_letters_however_its_address_is_spelt(
    store: SqlStore, spellings: list[str]
) -> None:
    for number, address in enumerate(spellings):
        assert await store.note_ask(replace(ASK, address=address, requester=f"r{number}"), now=NOW)
    assert len(await store.begin_asks(now=NOW, limit=50)) == PER_MAILBOX
    other = replace(ASK, address="ben@example.org", requester="other")
    await store.note_ask(other, now=NOW)
    assert [ask.address for ask in await store.begin_asks(now=NOW, limit=50)] == ["ben@example.org"]


async def test_mails_are_due_from_their_hour_until_they_are_sent(store: SqlStore) -> None:
    await store.save_destination(BOX, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    assert not await store.mails_due(now=NOW)
    assert await store.mails_due(now=tomorrow)
    await store.claim_due(now=tomorrow, limit=9)
    assert await store.mails_due(now=tomorrow)
    [delivery] = await store.lease("w", now=tomorrow, until=tomorrow, limit=9, reaches=lambda place: True)
    await store.put_off(delivery, "w", until=tomorrow + timedelta(hours=1), error="busy", failed=False)
    assert not await store.mails_due(now=tomorrow)
    assert await store.mails_due(now=tomorrow + timedelta(hours=1))


async def test_a_mailbox_has_one_tag_and_is_found_by_it(store: SqlStore) -> None:
    await store.save_destination(BOX, now=NOW)
    tags = await asyncio.gather(*(store.mailbox_tag(BOX.place.key) for _ in range(4)))
    assert len(set(tags)) == 1
    assert await store.mailbox_tagged(tags[0]) == BOX
    assert await store.mailbox_tagged("guessed") is None


async def test_bounces_for_passing_reasons_count_while_they_follow_each_other(store: SqlStore) -> None:
    await store.save_destination(BOX, now=NOW)
    await store.mailbox_tag(BOX.place.key)
    assert [await store.note_bounce(BOX.place.key, now=NOW + timedelta(days=day)) for day in range(3)] == [1, 2, 3]
    later = NOW + timedelta(days=2, seconds=1) + SOFT_BOUNCES_LAST
    assert await store.note_bounce(BOX.place.key, now=later) == 1


async def test_a_suppressed_address_is_switched_off_until_it_is_allowed(store: SqlStore) -> None:
    await store.save_destination(BOX, now=NOW)
    await store.suppress(YOU, "no such user", now=NOW)
    assert await store.suppression(YOU) == "no such user"
    assert await store.count_suppressed() == 1
    [upcoming] = await store.upcoming([BOX.place.key])
    assert (upcoming.destination.enabled, upcoming.next_run_at) == (False, None)
    assert await store.suppression("other@example.org") == ""
    assert await store.allow(YOU)
    assert not await store.allow(YOU)
    assert await store.suppression(YOU) == ""


async def test_who_is_forgotten_has_no_mailbox_and_no_ask_any_more(store: SqlStore) -> None:
    person = await store.person(Account("email", YOU))
    await store.save_destination(replace(BOX, person=person), now=NOW)
    tag = await store.mailbox_tag(BOX.place.key)
    await store.note_ask(replace(ASK, person=person), now=NOW)
    assert await store.mailboxes_of(person) == [replace(BOX, person=person)]
    await store.forget_person(person)
    assert await store.mailboxes_of(person) == []
    assert await store.mailbox_tagged(tag) is None
    assert await store.begin_asks(now=NOW, limit=10) == []


async def test_asks_and_mailboxes_follow_their_person_into_another(store: SqlStore) -> None:
    kept, joined = [await store.person(Account("slack", f"T1/{name}")) for name in "ab"]
    await store.save_destination(replace(BOX, person=joined), now=NOW)
    await store.note_ask(replace(ASK, person=joined), now=NOW)
    await store.join_people(kept, joined)
    assert await store.mailboxes_of(kept) == [replace(BOX, person=kept)]
    [ask] = await store.begin_asks(now=NOW, limit=10)
    assert ask.person == kept
