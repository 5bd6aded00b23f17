"""What people bring, in the store."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.messages import Attachment
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, person_key
from bot.library.app import App
from bot.library.citations import References
from bot.library.export import bibtex
from bot.library.imports import import_papers, take_back
from tests.support.commands import ANA

FILE = Attachment("refs.json", b'[{"id": "10.1000/one", "title": "One of two"}, {"id": "10.1000/two", "title": "Two"}]')


async def test_importing_twice_saves_once(app: App) -> None:
    person = await app.store.person(ANA)
    first, second = await import_papers(app, person, FILE), await import_papers(app, person, FILE)
    assert (first.papers, first.saved) == (2, 2)
    assert (second.papers, second.saved) == (2, 0)
    assert await take_back(app, person, second.key) == 0
    assert len(await app.store.feedback_of(person)) == 2
    assert await take_back(app, person, first.key) == 2
    assert await app.store.feedback_of(person) == []


async def test_a_paper_that_was_taken_off_the_list_is_not_put_back_by_taking_the_import_back(app: App) -> None:
    person = await app.store.person(ANA)
    done = await import_papers(app, person, FILE)
    [first, _] = await app.store.feedback_of(person)
    await app.store.withdraw(person, first.paper_id, FeedbackKind.SAVE, at=app.clock.now())
    assert await take_back(app, person, done.key) == 1
    liked = FeedbackAct(person, first.paper_id, FeedbackKind.LIKE, True, app.clock.now() + timedelta(seconds=1))
    assert await app.store.give_feedback(liked)
    assert [entry.kind for entry in await app.store.feedback_of(person)] == [FeedbackKind.LIKE]


async def test_what_was_saved_once_more_stays_when_the_import_is_taken_back(app: App) -> None:
    person = await app.store.person(ANA)
    done = await import_papers(app, person, FILE)
    [first, second] = await app.store.feedback_of(person)
    later = app.clock.now() + timedelta(seconds=1)
    for entry, given in ((first, True), (second, False)):
        act = FeedbackAct(person, entry.paper_id, FeedbackKind.SAVE, True, later, origin="reaction")
        await app.store.give_feedback(act)
        await app.store.give_feedback(replace(act, present=given, at=later + timedelta(seconds=1)))
    assert await take_back(app, person, done.key) == 2
    assert [entry.paper_id for entry in await app.store.feedback_of(person)] == [first.paper_id]


async def test_a_list_says_when_it_was_brought(app: App) -> None:
    person = await app.store.person(ANA)
    before = app.clock.now()
    await import_papers(app, person, FILE)
    assert all(before < entry.at for entry in await app.store.feedback_of(person))


GROUPED = b"""@article{one, title = {One of two groups}, groups = {Reading group, Thesis}}
@article{two, title = {Two without any}, groups = {}}
@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:Thesis\\;0\\;1\\;\\;\\;\\;;
}
"""


async def test_the_groups_of_a_reference_manager_become_tags(app: App) -> None:
    person = await app.store.person(ANA)
    await import_papers(app, person, Attachment("refs.bib", GROUPED))
    tags = (await app.store.shelf(person_key(person))).tags
    assert list(tags.values()) == [["reading-group", "thesis"]]


async def test_lists_come_back_from_a_file_of_ours(app: App) -> None:
    person, another = await app.store.person(ANA), await app.store.person(Account("console", "ben"))
    [stored] = await app.store.papers([PaperId("2601.03236")])
    written = bibtex([stored.paper], References(tags={stored.paper.id: ["club", "c++"]}))
    assert "1 StaticGroup:club" in written
    await import_papers(app, another, Attachment("papers.bib", written.encode()))
    assert (await app.store.shelf(person_key(another))).tags == {stored.paper.id: ["c++", "club"]}
    assert (await app.store.shelf(person_key(person))).tags == {}
