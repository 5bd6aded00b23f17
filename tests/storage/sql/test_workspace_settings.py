"""What every store keeps of watching links, emoji and who else may change posts."""

from bot.domain.emoji import EmojiSet
from bot.domain.people import Account, Place
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, NOW, ONE, tell

BEN = Account("slack", "T1/U2", "ben")

HERE, THERE = Place("slack", "T1", "C1"), Place("slack", "T10", "C1")


async def test_a_channel_is_watched_from_when_it_is_switched_on_until_off(store: SqlStore) -> None:
    assert not await store.is_watched(HERE.key)
    for _ in range(2):
        await store.watch(HERE.key, on=True)
    assert await store.is_watched(HERE.key)
    assert not await store.is_watched(THERE.key)
    await store.watch(HERE.key, on=False)
    assert not await store.is_watched(HERE.key)


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


async def test_links_unfurl_where_that_is_on(store: SqlStore) -> None:
    await store.unfurl(HERE.key, on=True)
    await store.unfurl(HERE.key, on=True)
    assert await store.unfurls(HERE.key)
    assert not await store.unfurls(THERE.key)
    assert not await store.is_watched(HERE.key)
    await store.unfurl(HERE.key, on=False)
    assert not await store.unfurls(HERE.key)
