"""What every store keeps of people, places and what they think of papers."""

from datetime import time, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.destinations import Destination, Layout
from bot.domain.papers import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic, person_key, private_talk
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO


def act(person: int, *, minutes: int = 0, present: bool = True, **fields: object) -> FeedbackAct:
    values = {"paper_id": ONE, "kind": FeedbackKind.SAVE, "place": PAPERS.key} | fields
    return FeedbackAct(person=person, present=present, at=NOW + timedelta(minutes=minutes), **values)  # type: ignore[arg-type]


async def saves(store: SqlStore, person: int) -> list[PaperId]:
    return [entry.paper_id for entry in await store.feedback_of(person)]


@pytest.mark.usefixtures("two_papers")
async def test_an_account_is_the_same_person_each_time_and_may_change_its_name(store: SqlStore) -> None:
    ana = await store.person(ANA)
    assert await store.person(Account("slack", "T1/U1", "Ana Maria")) == ana
    assert await store.person(BEN) != ana
    assert await store.accounts(ana) == [Account("slack", "T1/U1", "Ana Maria")]


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
async def test_a_link_code_works_once_and_in_time(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.offer_link(ana, "OLD", expires=NOW + timedelta(minutes=15))
    await store.offer_link(ana, "NEW", expires=NOW + timedelta(minutes=15))
    assert await store.take_link("OLD", taker=0, now=NOW) is None
    assert await store.take_link("NEW", taker=ana, now=NOW) is None
    assert await store.take_link("NEW", taker=0, now=NOW) == ana
    assert await store.take_link("NEW", taker=0, now=NOW) is None
    await store.offer_link(ana, "LATE", expires=NOW)
    assert await store.take_link("LATE", taker=0, now=NOW) is None


@pytest.mark.usefixtures("two_papers")
async def test_linked_people_are_one_with_all_either_said(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.give_feedback(act(ana))
    await store.give_feedback(act(ben, minutes=1, present=False))
    await store.give_feedback(act(ben, paper_id=TWO))
    for person, topic in ((ana, "GANs"), (ben, "gans"), (ben, "proteins")):
        await store.follow(person_key(person), Topic(topic))
    await store.mark_shown(person_key(ana), [ONE], at=NOW)
    await store.mark_shown(person_key(ben), [ONE, TWO], at=NOW)
    await store.join_people(ana, ben)
    assert await store.person(BEN) == ana
    assert await saves(store, ana) == [TWO]
    assert [topic.text for topic in await store.topics(person_key(ana))] == ["GANs", "proteins"]
    assert len(await store.shown(person_key(ana))) == 2
    assert await store.feedback_of(ben) == []


@pytest.mark.usefixtures("two_papers")
async def test_nothing_is_left_of_somebody_forgotten(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.give_feedback(act(ana))
    await store.follow(person_key(ana), Topic("GANs"))
    await store.mark_shown(person_key(ana), [ONE], at=NOW)
    await store.offer_link(ana, "CODE", expires=NOW + timedelta(minutes=1))
    await store.forget_person(ana)
    assert await store.feedback_at(PAPERS.key) == []
    assert await store.take_link("CODE", taker=0, now=NOW) is None
    again = await store.person(ANA)
    assert again != ana
    assert await store.topics(person_key(ana)) == []
    assert await store.feedback_of(again) == []


@pytest.mark.usefixtures("two_papers")
async def test_the_private_talk_of_somebody_forgotten_is_forgotten_too(store: SqlStore) -> None:
    ana, talk = await store.person(ANA), private_talk(ANA)
    elsewhere = private_talk(Account("slack", "T1/U12", "another"))
    for place in (talk, elsewhere):
        await store.save_destination(Destination(place=place), now=NOW)
        await store.follow(place.key, Topic("my secret illness"))
        await store.record_post(place.key, "m1", [ONE])
        await store.watch(place.key, on=True)
    await store.forget_person(ana)
    assert [await store.destination(place.key) is None for place in (talk, elsewhere)] == [True, False]
    assert [len(await store.topics(place.key)) for place in (talk, elsewhere)] == [0, 1]
    assert [len(await store.posted(place.key, "m1")) for place in (talk, elsewhere)] == [0, 1]
    assert [await store.is_watched(place.key) for place in (talk, elsewhere)] == [False, True]


@pytest.mark.usefixtures("two_papers")
async def test_of_several_kinds_the_one_given_last_counts_whatever_its_origin(store: SqlStore) -> None:
    ana = await store.person(ANA)
    await store.give_feedback(act(ana, minutes=0, kind=FeedbackKind.LIKE, origin="one message"))
    await store.give_feedback(act(ana, minutes=1, kind=FeedbackKind.DISLIKE))
    await store.give_feedback(act(ana, minutes=2, kind=FeedbackKind.LIKE, origin="another message"))
    assert [entry.kind for entry in await store.feedback_of(ana)] == [FeedbackKind.LIKE]


@pytest.mark.usefixtures("two_papers")
async def test_a_workspace_that_leaves_takes_what_was_said_there_and_nothing_else(store: SqlStore) -> None:
    other = Place("slack", "T10", "C1")
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.give_feedback(act(ana))
    await store.give_feedback(act(ben, place=other.key, origin="there"))
    for place in (PAPERS, other):
        await store.record_post(place.key, "m1", [ONE])
        await store.follow(place.key, Topic("GANs"))
        await store.save_destination(Destination(place=place), now=NOW)
    await store.forget_workspace("slack", "T1")
    assert await store.destination(PAPERS.key) is None
    assert await store.posted(PAPERS.key, "m1") == []
    assert await store.topics(PAPERS.key) == []
    assert await store.person(ANA) != ana
    assert await store.destination(other.key) is not None
    assert await store.posted(other.key, "m1") == [ONE]
    assert await saves(store, ben) == [ONE]


@pytest.mark.usefixtures("two_papers")
async def test_topics_are_kept_in_order_whatever_their_case(store: SqlStore) -> None:
    assert await store.follow("person:1", Topic("Diffusion"))
    assert await store.follow("person:1", Topic("crypto", wanted=False))
    assert not await store.follow("person:1", Topic("DIFFUSION"))
    assert await store.follow("person:1", Topic("diffusion", wanted=False))
    assert await store.topics("person:1") == [Topic("crypto", wanted=False), Topic("diffusion", wanted=False)]
    assert await store.unfollow("person:1", "CRYPTO")
    assert not await store.unfollow("person:1", "crypto")


@pytest.mark.usefixtures("two_papers")
async def test_a_message_knows_its_papers_in_order(store: SqlStore) -> None:
    await store.record_post(PAPERS.key, "m1", [TWO, ONE])
    assert await store.posted(PAPERS.key, "m1") == [TWO, ONE]
    assert await store.posted("slack:T1:other", "m1") == []


@pytest.mark.usefixtures("two_papers")
async def test_how_a_daily_post_is_set_comes_back_as_it_was(store: SqlStore) -> None:
    first = Destination(place=PAPERS, at=time(7, 30), timezone="Asia/Kathmandu", days=frozenset({0, 4}), count=3)
    assert await store.destination(PAPERS.key) is None
    await store.save_destination(first, now=NOW)
    assert await store.destination(PAPERS.key) == first
    second = Destination(place=PAPERS, enabled=False, layout=Layout.COMPACT)
    await store.save_destination(second, now=NOW)
    assert await store.destination(PAPERS.key) == second
