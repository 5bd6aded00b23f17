"""What was saved, by whom, and which of it is asked for."""

from datetime import timedelta

from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, person_key
from bot.library.app import App
from bot.library.shelves import Kept, place_papers, saved_papers, written_on

ANA, BEN, CLEO, DAN = (Account("console", name, name) for name in ("ana", "ben", "cleo", "dan"))
PAPERS = Place("console", "terminal", "#papers")
MAGMA, MEMO, ATLAS = PaperId("2601.03236"), PaperId("2601.08079"), PaperId("2601.03872")


async def save(app: App, account: Account, paper: PaperId, *, day: int = 0, reaction: bool = True) -> int:
    person = await app.store.person(account)
    act = FeedbackAct(
        person=person,
        paper_id=paper,
        kind=FeedbackKind.SAVE,
        present=True,
        at=app.clock.now() + timedelta(days=day),
        place=PAPERS.key,
        origin="console:m1" if reaction else "command",
    )
    await app.store.give_feedback(act)
    return person


def ids(kept: list[Kept]) -> list[str]:
    return [each.stored.paper.id for each in kept]


async def test_a_channels_list_says_who_saved_what_in_sight_of_others(app: App) -> None:
    await save(app, ANA, MAGMA)
    await save(app, BEN, MAGMA, day=1)
    await save(app, CLEO, MAGMA, day=2, reaction=False)
    await save(app, DAN, MEMO, day=3, reaction=False)
    kept = await place_papers(app, PAPERS.key)
    assert ids(kept) == [MEMO, MAGMA]
    assert [each.told(shared=True)[0] for each in kept] == [
        "saved by 1 person, last on 22 Jan 2026",
        "saved by ana, ben and 1 more, last on 21 Jan 2026",
    ]
    assert ids(await place_papers(app, "console:terminal:#other")) == []


async def test_of_many_who_saved_two_are_named(app: App) -> None:
    for account in (ANA, BEN, CLEO):
        await save(app, account, MAGMA)
    await save(app, ANA, MEMO)
    told = {each.stored.paper.id: each.told(shared=True)[0] for each in await place_papers(app, PAPERS.key)}
    assert told[MAGMA].startswith("saved by ana, ben and 1 more,")
    assert told[MEMO].startswith("saved by ana, last on")


async def test_a_list_is_sorted_as_it_is_asked_for(app: App) -> None:
    for account, paper, day in ((ANA, MEMO, 0), (BEN, MEMO, 1), (ANA, ATLAS, 2), (ANA, MAGMA, 3)):
        await save(app, account, paper, day=day)
    sorts = {sort: ids(await place_papers(app, PAPERS.key, sort)) for sort in ("", "sort:saves", "sort:title")}
    assert sorts == {
        "": [MAGMA, ATLAS, MEMO],
        "sort:saves": [MEMO, MAGMA, ATLAS],
        "sort:title": [ATLAS, MAGMA, MEMO],
    }
    assert ids(await place_papers(app, PAPERS.key, "sort:new"))[0] == MEMO, "published on 14 January, the others before"
    assert ids(await place_papers(app, PAPERS.key, "memory sort:title")) == [MAGMA, MEMO]


async def test_what_is_taken_back_is_not_listed(app: App) -> None:
    person = await save(app, ANA, MAGMA)
    await app.store.withdraw(person, MAGMA, FeedbackKind.SAVE, at=app.clock.now())
    assert await place_papers(app, PAPERS.key) == []
    assert await saved_papers(app, person) == []


async def test_words_tags_and_notes_are_looked_for(app: App) -> None:
    person = await save(app, ANA, MAGMA)
    for result in await app.library.search("robot manipulation", 5):
        await save(app, ANA, result.stored.paper.id)
    own = person_key(person)
    await app.store.add_tags(own, MAGMA, ["club"], at=app.clock.now())
    await app.store.write_note(own, person, MAGMA, "Compare with our zebrafish", at=app.clock.now())
    assert ids(await saved_papers(app, person, "#club")) == [MAGMA]
    assert MAGMA not in ids(await saved_papers(app, person, "-#club"))
    assert ids(await saved_papers(app, person, "zebrafish"))[0] == MAGMA
    assert ids(await saved_papers(app, person, "memory for agents that plan over a long time"))[0] == MAGMA
    assert ids(await saved_papers(app, person, "robot manipulation #club")) == []
    assert len(await saved_papers(app, person)) == 6


async def test_tags_and_notes_of_a_channel_are_not_a_persons(app: App) -> None:
    person = await save(app, ANA, MAGMA)
    await app.store.add_tags(PAPERS.key, MAGMA, ["club"], at=app.clock.now())
    await app.store.write_note(PAPERS.key, person, MAGMA, "For Thursday", at=app.clock.now())
    (kept,) = await place_papers(app, PAPERS.key, "#club")
    assert kept.told(shared=True)[1:] == ("#club", "ana: “For Thursday”")
    assert (await saved_papers(app, person))[0].told(shared=False) == ()
    assert await written_on(app, kept.stored, PAPERS.key, shared=True) == ("#club", "ana: “For Thursday”")
