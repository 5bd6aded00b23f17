"""Reactions: what each means by what its message shows, and that the last word counts."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.chat.reactions import Reaction, Reactions, meaning
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.app import App
from tests.support.lookup.services import FakeService, fetched_paper, with_services

ANA = Account("discord", "7", "ana")
PAPERS = Place("discord", "1", "2", "papers")
NOON = datetime.fromisoformat("2026-01-19T12:00:00+00:00")


@pytest.fixture
async def papers(app: App) -> list[PaperId]:
    """Ten papers that are here."""
    return [result.stored.paper.id for result in await app.library.trending("month", 10)]


async def react(app: App, emoji: str, *, on: bool = True, after: int = 0) -> None:
    reaction = Reaction(ANA, PAPERS, "m1", emoji, on, NOON + timedelta(minutes=after))
    await Reactions(app.store).take(reaction)


async def said(app: App) -> dict[PaperId, FeedbackKind]:
    person = await app.store.person(ANA)
    return {entry.paper_id: entry.kind for entry in await app.store.feedback_of(person)}


async def test_the_question_which_paper_names_a_number_that_the_message_shows(app: App, papers: list[PaperId]) -> None:
    async def asked() -> str:
        answer = await Reactions(app.store).take(Reaction(ANA, PAPERS, "m1", "🔖", True, NOON))
        assert answer
        return plain_text(answer)

    await app.store.record_post(PAPERS.key, "m1", papers[5:], first=6)
    assert "Reacting with 6️⃣ saves the one with that number at once." in await asked()
    await app.store.record_post(PAPERS.key, "m1", papers, first=11)
    assert "Reacting with" not in await asked()


async def test_a_keycap_means_the_number_shown_on_the_message(app: App, papers: list[PaperId]) -> None:
    await app.store.record_post(PAPERS.key, "m1", papers[5:], first=6)
    await react(app, "1️⃣")
    assert await said(app) == {}, "page two shows 6 to 10"
    await react(app, "6️⃣")
    assert await said(app) == {papers[5]: FeedbackKind.SAVE}


async def test_a_page_turned_before_a_reaction_is_taken_off_changes_nothing_of_what_it_meant(
    app: App, papers: list[PaperId]
) -> None:
    await app.store.record_post(PAPERS.key, "m1", papers[:5])
    await react(app, "1️⃣")
    assert await said(app) == {papers[0]: FeedbackKind.SAVE}
    await app.store.record_post(PAPERS.key, "m1", papers[5:], first=6)
    await react(app, "1️⃣", on=False, after=1)
    assert await said(app) == {}


async def test_taking_a_reaction_off_removes_a_paper_that_a_button_saved_too(app: App, papers: list[PaperId]) -> None:
    await app.store.record_post(PAPERS.key, "m1", papers[:1])
    await react(app, "🔖")
    await react(app, "🔖", on=False, after=2)
    assert await said(app) == {}


async def test_of_two_reactions_of_different_kinds_the_last_one_counts(app: App, papers: list[PaperId]) -> None:
    await app.store.record_post(PAPERS.key, "m1", papers[:1])
    await react(app, "👎")
    await react(app, "👍", after=1)
    assert await said(app) == {papers[0]: FeedbackKind.LIKE}
    await react(app, "👍", on=False, after=2)
    assert await said(app) == {papers[0]: FeedbackKind.DISLIKE}
    await react(app, "👎", on=False, after=3)
    assert await said(app) == {}


async def test_a_reaction_taken_off_before_it_arrives_stays_off(app: App, papers: list[PaperId]) -> None:
    await app.store.record_post(PAPERS.key, "m1", papers[:1])
    await react(app, "🔖", on=False, after=5)
    await react(app, "🔖", after=1)
    assert await said(app) == {}


async def test_the_first_save_explains_itself_and_the_second_is_quiet(app: App, papers: list[PaperId]) -> None:
    reactions = Reactions(app.store)
    for number, paper_id in enumerate(papers[:2]):
        await app.store.record_post(PAPERS.key, f"m{number}", [paper_id])
        answer = await reactions.take(Reaction(ANA, PAPERS, f"m{number}", "🔖", True, app.clock.now()))
        assert (answer is not None) is (number == 0)


def test_emoji_mean_what_they_show() -> None:
    first, second = PaperId("2601.03236"), PaperId("2601.08079")
    one, two = {1: first}, {1: first, 2: second}
    assert meaning("🔖", one) == (first, FeedbackKind.SAVE)
    assert meaning("👎", one) == (first, FeedbackKind.DISLIKE)
    assert meaning("2️⃣", two) == (second, FeedbackKind.SAVE)
    for emoji, papers in (("🔖", two), ("3️⃣", two), ("1️⃣", one), ("🎉", one), ("🔖", {})):
        assert meaning(emoji, papers) is None


LINKED = PaperId("2601.90001")


async def watched(app: App, service: FakeService) -> Reactions:
    """Reactions where links are watched, with somebody to ask for papers that are not here."""
    await app.store.watch(PAPERS.key, on=True)
    return Reactions(app.store, with_services(app, service).library.lookup)


def bookmark(*, on: bool = True, after: int = 0) -> Reaction:
    return Reaction(ANA, PAPERS, "m1", "🔖", on, NOON + timedelta(minutes=after))


async def test_a_reaction_to_a_link_saves_a_paper_that_was_not_here(app: App) -> None:
    reactions = await watched(app, FakeService({LINKED: fetched_paper(LINKED)}))
    assert await reactions.take(bookmark(), linked=[LINKED])
    assert await said(app) == {LINKED: FeedbackKind.SAVE}


async def test_a_reaction_to_a_link_nobody_knows_changes_nothing(app: App) -> None:
    for service in (FakeService(), FakeService(trouble=["503"])):
        assert await (await watched(app, service)).take(bookmark(), linked=[LINKED]) is None
    assert await said(app) == {}


async def test_a_reaction_taken_off_while_its_paper_is_fetched_does_not_count(app: App) -> None:
    service = FakeService({LINKED: fetched_paper(LINKED)})
    reactions = await watched(app, service)
    service.open.clear()
    put_on = asyncio.create_task(reactions.take(bookmark(), linked=[LINKED]))
    await service.is_asked.wait()
    taken_off = asyncio.create_task(reactions.take(bookmark(on=False, after=1), linked=[LINKED]))
    service.open.set()
    await asyncio.gather(put_on, taken_off)
    assert await said(app) == {}
