"""What a command is given."""

from dataclasses import replace

import pytest

from bot.chat.call import PAGE, Call
from bot.domain.emoji import EmojiSet
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, person_key
from bot.library.app import App

ANA = Account("slack", "T1/U1", "ana")
PAPERS = Place("slack", "T1", "C1", "#papers")
MAGMA = PaperId("2601.03236")


@pytest.fixture
async def call(app: App) -> Call:
    person = await app.store.person(ANA)
    return Call(app, ANA, PAPERS, person, admin=False, ephemeral=True, line="search memory")


async def save(call: Call, paper_id: PaperId) -> None:
    act = FeedbackAct(person=call.person, paper_id=paper_id, kind=FeedbackKind.SAVE, present=True, at=call.now())
    await call.store.give_feedback(replace(act, place=call.place.key))


async def test_what_somebody_saved_shows_only_where_nobody_else_sees_it(call: Call) -> None:
    await save(call, MAGMA)
    assert await call.saved() == {MAGMA}
    assert await replace(call, ephemeral=False).saved() == frozenset()


async def test_pages_count_from_one(call: Call) -> None:
    assert (call.offset, replace(call, page=3).offset) == (0, 2 * PAGE)


async def test_the_emoji_are_those_of_the_workspace(call: Call) -> None:
    chosen = EmojiSet(save=":pushpin:")
    await call.store.set_emoji(PAPERS.workspace_key, chosen)
    assert await call.emoji() == chosen


async def test_what_a_person_follows_is_kept_under_their_number(call: Call) -> None:
    assert call.owner == person_key(call.person)
    assert call.library is call.app.library
