"""Commands too long for a button."""

from datetime import timedelta

from bot.domain.people import Account, Place
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, NOW

BEN = Account("slack", "T1/U2", "ben")

HERE, THERE = Place("slack", "T1", "C1"), Place("slack", "T10", "C1")


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
