"""What processes that ask the same services know of each other."""

import asyncio
from datetime import timedelta

from bot.domain.paper_ids import PaperId
from bot.ports import Claim, ServiceState
from storage.sql.store import SqlStore
from tests.support.stored_people import NOW

ID = PaperId("2310.06825")
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(minutes=2)


async def test_one_lookup_at_a_time_has_a_paper_also_in_two_processes(url: str) -> None:
    async with await SqlStore.open(url) as one, await SqlStore.open(url) as other:
        claims = await asyncio.gather(*(each.claim_lookup(ID, now=NOW, until=LATER) for each in (one, other)))
        assert sorted(claim.value for claim in claims) == ["ours", "taken"]
        await one.end_lookup(ID)
        assert await other.claim_lookup(ID, now=NOW, until=LATER) is Claim.OURS


async def test_a_claim_of_a_process_that_died_ends_by_itself(store: SqlStore) -> None:
    await store.claim_lookup(ID, now=NOW, until=LATER)
    assert await store.claim_lookup(ID, now=LATER - SECOND, until=LATER) is Claim.TAKEN
    assert await store.claim_lookup(ID, now=LATER, until=LATER + SECOND) is Claim.OURS


async def test_that_there_is_none_is_remembered_for_a_while(store: SqlStore) -> None:
    tomorrow = NOW + timedelta(days=1)
    await store.claim_lookup(ID, now=NOW, until=LATER)
    await store.end_lookup(ID, missing_until=tomorrow)
    assert await store.claim_lookup(ID, now=tomorrow - SECOND, until=tomorrow) is Claim.MISSING
    assert await store.claim_lookup(PaperId("2310.06826"), now=NOW, until=LATER) is Claim.OURS
    assert await store.claim_lookup(ID, now=tomorrow, until=tomorrow + SECOND) is Claim.OURS


async def test_turns_are_an_interval_apart_also_in_two_processes(url: str) -> None:
    async with await SqlStore.open(url) as one, await SqlStore.open(url) as other:
        asked = (each.take_turn("arxiv", now=NOW, interval=3 * SECOND, until=LATER) for each in (one, other, one))
        turns = await asyncio.gather(*asked)
    assert sorted(turns) == [NOW, NOW + 3 * SECOND, NOW + 6 * SECOND]


async def test_who_does_not_wait_comes_after_those_who_do(store: SqlStore) -> None:
    async def ask(at: int, wait: int) -> int:
        now = NOW + at * SECOND
        turn = await store.take_turn("arxiv", now=now, interval=3 * SECOND, until=now + wait * SECOND)
        return (turn - NOW) // SECOND

    assert await ask(0, 60) == 0
    assert await ask(1, 0) == 3  # the sync is told when to ask again, and reserves nothing
    assert await ask(1, 60) == 3
    assert await ask(3, 0) == 6
    assert await ask(3, 60) == 6
    assert await ask(9, 0) == 9
    assert await ask(9, 60) == 12


async def test_a_service_is_left_alone_as_long_as_it_asks_for(store: SqlStore) -> None:
    await store.hold_service("arxiv", until=NOW + 40 * SECOND)
    await store.hold_service("arxiv", until=NOW + 10 * SECOND)
    assert await store.take_turn("arxiv", now=NOW, interval=SECOND, until=LATER) == NOW + 40 * SECOND
    assert await store.take_turn("crossref", now=NOW, interval=SECOND, until=LATER) == NOW


async def test_a_moment_written_by_a_wrong_clock_stops_nobody(store: SqlStore) -> None:
    await store.take_turn("arxiv", now=NOW + timedelta(days=900), interval=SECOND, until=NOW + timedelta(days=999))
    assert await store.take_turn("arxiv", now=NOW, interval=SECOND, until=LATER) == NOW


async def test_how_a_service_answered_is_kept(store: SqlStore) -> None:
    await store.take_turn("openreview", now=NOW, interval=SECOND, until=LATER)
    await store.record_request("crossref", now=NOW)
    await store.record_request("crossref", now=LATER, error="503 Service Unavailable")
    await store.record_request("arxiv", now=NOW, error="timeout")
    await store.record_request("arxiv", now=LATER)
    assert await store.service_states() == [
        ServiceState("arxiv", LATER, LATER),
        ServiceState("crossref", LATER, NOW, "503 Service Unavailable"),
    ]


async def test_lookups_under_way_are_counted(store: SqlStore) -> None:
    await store.claim_lookup(PaperId("10.1/a"), now=NOW, until=NOW + timedelta(minutes=1))
    await store.claim_lookup(PaperId("10.1/b"), now=NOW, until=NOW + timedelta(minutes=1))
    await store.end_lookup(PaperId("10.1/b"), missing_until=NOW + timedelta(days=1))
    assert await store.count_lookups(now=NOW) == 1
    assert await store.count_lookups(now=NOW + timedelta(minutes=2)) == 0
