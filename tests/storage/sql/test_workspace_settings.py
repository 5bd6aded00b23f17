"""What every store keeps of watching links, emoji and who else may change posts."""

from datetime import timedelta

import pytest

from bot.domain.destinations import Destination
from bot.domain.emoji import EmojiSet
from bot.domain.papers import Paper, PaperId, title_id
from bot.domain.people import Account, Place, person_key, private_talk
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, NOW, ONE, TWO

BEN = Account("slack", "T1/U2", "ben")
HERE, THERE = Place("slack", "T1", "C1"), Place("slack", "T10", "C1")


async def tell(store: SqlStore, *ids: PaperId) -> None:
    papers = [Paper(id=paper_id, title=f"The paper that is numbered {paper_id}") for paper_id in ids]
    await store.save_batch("test", Batch(papers=papers), now=NOW)


async def test_a_channel_is_watched_from_when_it_is_switched_on_until_off(store: SqlStore) -> None:
    assert not await store.is_watched(HERE.key)
    for _ in range(2):
        await store.watch(HERE.key, on=True)
    assert await store.is_watched(HERE.key)
    assert not await store.is_watched(THERE.key)
    await store.watch(HERE.key, on=False)
    assert not await store.is_watched(HERE.key)


async def test_a_paper_shown_before_it_was_known_is_shown_once_it_is(store: SqlStore) -> None:
    await tell(store, ONE)
    for _ in range(2):
        await store.mark_shown(HERE.key, [ONE, TWO], at=NOW)
    assert await store.shown(HERE.key) == {1}
    await tell(store, TWO)
    assert await store.shown(HERE.key) == {1, 2}
    [here, there] = await store.audiences([Destination(place=HERE), Destination(place=THERE)], from_row=2)
    assert (here.shown, there.shown) == (frozenset({2}), frozenset())


async def test_a_paper_shown_by_an_id_it_gave_up_is_shown(store: SqlStore) -> None:
    title = "One title that two ids turn out to have in common"
    by_title, by_arxiv = title_id(title), PaperId("2601.00003")
    await store.mark_shown(HERE.key, [by_title], at=NOW)
    for paper_id in (by_title, by_arxiv):
        await store.save_batch("test", Batch(papers=[Paper(id=paper_id, title=title)]), now=NOW)
    assert await store.count_papers() == 1
    assert await store.shown(HERE.key) == {1}


@pytest.mark.parametrize("odd", ["2601.0\0", "\ud800"])
async def test_an_id_that_no_database_holds_is_left_out(store: SqlStore, odd: str) -> None:
    await store.mark_shown(HERE.key, [PaperId(odd), TWO], at=NOW)
    await tell(store, TWO)
    assert await store.shown(HERE.key) == {1}


async def test_what_one_of_two_joined_people_was_shown_before_it_was_known_counts_for_both(store: SqlStore) -> None:
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.mark_shown(person_key(ben), [ONE], at=NOW)
    await store.join_people(ana, ben)
    await tell(store, ONE)
    assert await store.shown(person_key(ana)) == {1}


async def test_each_workspace_has_its_emoji(store: SqlStore) -> None:
    assert await store.emoji([]) == {}
    chosen = EmojiSet(save=":star:", like="<:yes:12>")
    await store.set_emoji(HERE.workspace_key, EmojiSet(save="🎉"))
    await store.set_emoji(HERE.workspace_key, chosen)
    assert await store.emoji([HERE.workspace_key, THERE.workspace_key]) == {
        "slack:T1": chosen,
        "slack:T10": EmojiSet(),
    }


async def test_deputies_are_of_one_workspace_and_told_with_their_names(store: SqlStore) -> None:
    await store.person(BEN)
    assert [await store.add_delegate(HERE.workspace_key, each) for each in (BEN, ANA, ANA)] == [True, True, False]
    assert await store.delegates(HERE.workspace_key) == [Account("slack", "T1/U1"), BEN]
    assert await store.delegates(THERE.workspace_key) == []
    assert [await store.remove_delegate(HERE.workspace_key, each) for each in (ANA, ANA)] == [True, False]
    assert await store.delegates(HERE.workspace_key) == [BEN]


async def test_an_account_is_known_once_it_was_used(store: SqlStore) -> None:
    assert not await store.is_known(ANA)
    await store.person(ANA)
    assert await store.is_known(Account("slack", "T1/U1"))


async def test_a_workspace_that_leaves_takes_its_customs_along(store: SqlStore) -> None:
    for place in (HERE, THERE):
        await store.watch(place.key, on=True)
        await store.mark_shown(place.key, [ONE], at=NOW)
        await store.set_emoji(place.workspace_key, EmojiSet(save="🎉"))
        await store.add_delegate(place.workspace_key, ANA)
    await store.forget_workspace("slack", "T1")
    await tell(store, ONE)
    for place, kept in ((HERE, False), (THERE, True)):
        assert await store.is_watched(place.key) is kept
        assert bool(await store.shown(place.key)) is kept
        assert ((await store.emoji([place.workspace_key]))[place.workspace_key].save == "🎉") is kept
        assert bool(await store.delegates(place.workspace_key)) is kept


async def test_somebody_forgotten_is_no_deputy_any_more(store: SqlStore) -> None:
    person = await store.person(ANA)
    await store.person(BEN)
    for account in (ANA, BEN):
        await store.add_delegate(HERE.workspace_key, account)
    await store.forget_person(person)
    assert await store.delegates(HERE.workspace_key) == [BEN]


async def test_a_line_is_kept_until_it_expires(store: SqlStore) -> None:
    person, later = await store.person(ANA), NOW + timedelta(days=1)
    await store.save_commands({"k": "search one"}, place=HERE.key, person=person, now=NOW, until=later)
    assert await store.saved_command("k", now=NOW) == "search one"
    assert await store.saved_command("other", now=NOW) is None
    assert await store.saved_command("k", now=later) is None
    await store.save_commands(
        {"k": "search one"}, place=HERE.key, person=person, now=NOW, until=later + timedelta(days=1)
    )
    assert await store.saved_command("k", now=later) == "search one"


async def test_a_line_goes_with_who_asked_it_and_with_where(store: SqlStore) -> None:
    ana, ben, later = await store.person(ANA), await store.person(BEN), NOW + timedelta(days=1)
    for place, person in ((HERE, ana), (THERE, ana), (HERE, ben)):
        await store.save_commands({"k": "search one"}, place=place.key, person=person, now=NOW, until=later)
    await store.forget_person(ana)
    assert await store.saved_command("k", now=NOW) == "search one"
    await store.forget_workspace("slack", "T1")
    assert await store.saved_command("k", now=NOW) is None


async def test_the_workspaces_of_a_platform_are_those_of_the_bot_that_came_first(store: SqlStore) -> None:
    assert [await store.is_kept_for("discord", bot) for bot in ("100", "200", "100")] == [True, False, True]
    assert await store.is_kept_for("elsewhere", "200")


async def test_the_workspaces_that_anything_is_kept_of_are_told(store: SqlStore) -> None:
    assert await store.workspaces("slack") == frozenset()
    await store.watch(HERE.key, on=True)
    await store.add_delegate(THERE.workspace_key, ANA)
    await store.save_destination(Destination(place=Place("discord", "7", "8")), now=NOW)
    await store.save_destination(Destination(place=private_talk(Account("discord", "9"))), now=NOW)
    assert await store.workspaces("slack") == {"T1", "T10"}
    assert await store.workspaces("discord") == {"7"}
    await store.forget_workspace("slack", "T1")
    assert await store.workspaces("slack") == {"T10"}
