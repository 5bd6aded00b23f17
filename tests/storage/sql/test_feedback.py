"""What people think of papers."""

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO, act, saves


@pytest.mark.usefixtures("two_papers")
async def test_the_latest_act_of_an_origin_counts_in_whatever_order_acts_arrive(store: SqlStore) -> None:
    acts = [
        {"minutes": 0, "present": True},
        {"minutes": 1, "present": False},
        {"minutes": 2, "present": True},
        {"minutes": 3, "present": False},
    ]
    for number, order in enumerate(permutations(acts)):
        person = await store.person(Account("slack", f"T1/{number}"))
        for fields in (*order, order[0]):
            await store.give_feedback(act(person, **fields))  # type: ignore[arg-type]
        assert await saves(store, person) == []
        await store.give_feedback(act(person, minutes=4))
        assert await saves(store, person) == [ONE]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.usefixtures("two_papers")
async def test_of_acts_of_several_origins_the_last_one_counts(store: SqlStore, data: st.DataObject) -> None:
    one_act = st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.booleans())
    acts = data.draw(st.lists(one_act, unique_by=lambda a: a[:2], max_size=12))
    person = await store.person(Account("slack", f"T2/{data.draw(st.uuids())}"))
    for origin, minutes, present in data.draw(st.permutations(acts + acts[: len(acts) // 2])):
        await store.give_feedback(act(person, minutes=minutes, present=present, origin=origin))
    last = max((minutes for _, minutes, _ in acts), default=None)
    assert bool(await saves(store, person)) == (bool(acts) and all(given for _, at, given in acts if at == last))


@pytest.mark.usefixtures("two_papers")
async def test_feedback_says_whether_what_counts_changed(store: SqlStore) -> None:
    person = await store.person(ANA)
    assert await store.give_feedback(act(person))
    assert not await store.give_feedback(act(person))
    assert not await store.give_feedback(act(person, origin="slack:m1"))
    assert await store.give_feedback(act(person, minutes=1, present=False))
    assert not await store.give_feedback(act(person, minutes=1, present=False, origin="slack:m1"))
    assert not await store.give_feedback(act(person, paper_id=PaperId("2601.09999")))


@pytest.mark.usefixtures("two_papers")
async def test_of_two_acts_of_one_moment_the_taking_back_counts(store: SqlStore) -> None:
    for number, order in enumerate([(True, False), (False, True)]):
        person = await store.person(Account("slack", f"T1/{number}"))
        for present in order:
            await store.give_feedback(act(person, present=present))
        assert await saves(store, person) == []


@pytest.mark.usefixtures("two_papers")
async def test_withdrawing_takes_back_every_origin(store: SqlStore) -> None:
    person = await store.person(ANA)
    for origin in ("command", "slack:m1"):
        await store.give_feedback(act(person, origin=origin))
    assert await store.withdraw(person, ONE, FeedbackKind.SAVE, at=NOW + timedelta(minutes=5))
    assert not await store.withdraw(person, ONE, FeedbackKind.SAVE, at=NOW + timedelta(minutes=6))
    await store.give_feedback(act(person, minutes=4, origin="slack:m1"))
    assert await saves(store, person) == []


@pytest.mark.usefixtures("two_papers")
async def test_saves_are_seen_by_the_channel_and_counted_once_for_each_person(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    for person in (ana, ben):
        await store.give_feedback(act(person))
        await store.give_feedback(act(person, origin="again"))
    await store.give_feedback(act(ben, paper_id=TWO, kind=FeedbackKind.DISLIKE, minutes=1))
    assert [(j.paper_id, j.kind) for j in await store.feedback_at(PAPERS.key)] == [
        (TWO, FeedbackKind.DISLIKE),
        (ONE, FeedbackKind.SAVE),
        (ONE, FeedbackKind.SAVE),
    ]
    assert await store.feedback_at("slack:T1:other") == []
    assert await store.count_saves([ONE, TWO, PaperId("2601.09999")], until=NOW) == {ONE: 2, TWO: 0, "2601.09999": 0}
    assert await store.count_saves([ONE], until=NOW - timedelta(seconds=1)) == {ONE: 0}


@pytest.mark.usefixtures("two_papers")
async def test_papers_are_told_that_several_people_saved_together(store: SqlStore) -> None:
    [one, two] = await store.papers([ONE, TWO])
    people = [await store.person(Account("slack", f"T1/U{n}")) for n in range(4)]
    for person in people[:3]:
        await store.give_feedback(act(person))
    await store.give_feedback(act(people[0], paper_id=TWO))
    assert await store.saved_together([one.row]) == []
    await store.give_feedback(act(people[1], paper_id=TWO))
    await store.give_feedback(act(people[1], paper_id=TWO, origin="again"))
    await store.give_feedback(act(people[2], paper_id=TWO, kind=FeedbackKind.LIKE))
    assert await store.saved_together([one.row]) == [(one.row, two.row, 2, 3, 2)]
    assert await store.saved_together([two.row]) == [(two.row, one.row, 2, 2, 3)]
    await store.withdraw(people[1], TWO, FeedbackKind.SAVE, at=NOW)
    assert await store.saved_together([one.row]) == await store.saved_together([]) == []


@pytest.mark.usefixtures("two_papers")
async def test_of_several_kinds_the_one_given_last_counts_whatever_its_origin(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.give_feedback(act(ana, minutes=0, kind=FeedbackKind.LIKE, origin="one message"))
    await store.give_feedback(act(ana, minutes=1, kind=FeedbackKind.DISLIKE))
    await store.give_feedback(act(ana, minutes=2, kind=FeedbackKind.LIKE, origin="another message"))
    assert [entry.kind for entry in await store.feedback_of(ana)] == [FeedbackKind.LIKE]


@pytest.mark.usefixtures("two_papers")
async def test_of_acts_of_one_person_at_once_none_is_lost_and_the_last_counts(store: SqlStore) -> None:
    kinds = (FeedbackKind.SAVE, FeedbackKind.LIKE, FeedbackKind.DISLIKE)
    acts = [
        {"minutes": number, "present": number % 7 != 3, "kind": kinds[number % 3], "origin": f"post {number % 4}"}
        for number in range(24)
    ]
    at_once, in_order = [await store.person(Account("slack", f"T1/{name}")) for name in "AB"]
    mixed = [acts[number * 7 % 24] for number in range(24)]
    await asyncio.gather(*(store.give_feedback(act(at_once, **fields)) for fields in mixed))  # type: ignore[arg-type]
    for fields in acts:
        await store.give_feedback(act(in_order, **fields))  # type: ignore[arg-type]
    assert await store.feedback_of(at_once) == await store.feedback_of(in_order)
