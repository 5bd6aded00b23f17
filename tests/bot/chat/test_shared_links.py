"""Papers that people share."""

from datetime import datetime, timedelta

import pytest

from bot.chat.shared_links import LinkWatch, SharedMessage
from bot.domain.messages import Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place
from bot.library.app import App

PAPERS = Place("slack", "T1", "C1", "#papers")
MAGMA, MEMO = PaperId("2601.03236"), PaperId("2601.08079")
ANA, BEN = Account("slack", "T1/U1", "ana"), Account("slack", "T1/U2", "ben")


@pytest.fixture
def watch(app: App) -> LinkWatch:
    return LinkWatch(app.store)


async def shown(app: App) -> frozenset[int]:
    return await app.store.shown(PAPERS.key)


async def address(message: str) -> str:
    return f"https://lab.slack.com/{message}"


def by(account: Account, at: datetime, message: str = "m1") -> SharedMessage:
    return SharedMessage(message, account, PAPERS, at)


async def test_nothing_counts_where_links_are_not_watched(watch: LinkWatch, app: App) -> None:
    await watch.shared(by(ANA, app.clock.now()), [MAGMA])
    assert await shown(app) == frozenset()
    assert (await app.store.paper_history(PAPERS.key, MAGMA)).sightings == ()
    assert not await app.store.is_known(ANA)


async def test_a_paper_that_is_shared_counts_as_shown(watch: LinkWatch, app: App) -> None:
    await app.store.watch(PAPERS.key, on=True)
    assert await watch.watches(PAPERS)
    await watch.shared(by(ANA, app.clock.now()), [MAGMA])
    [stored] = await app.store.papers([MAGMA])
    assert await shown(app) == {stored.row}


async def test_a_message_without_a_paper_changes_nothing(watch: LinkWatch, app: App) -> None:
    await app.store.watch(PAPERS.key, on=True)
    await watch.shared(by(ANA, app.clock.now()), [])
    assert await shown(app) == frozenset()


async def told(watch: LinkWatch, shared: SharedMessage, *papers: PaperId) -> Message | None:
    """What is said when somebody shares papers."""
    await watch.shared(shared, papers)
    return await watch.known(shared, papers, address)


async def test_whoever_shares_a_paper_again_is_told_once_who_did_before(watch: LinkWatch, app: App) -> None:
    await app.store.watch(PAPERS.key, on=True)
    now = app.clock.now()
    assert await told(watch, by(ANA, now), MAGMA) is None
    assert await told(watch, by(BEN, now + timedelta(hours=2), "m2"), MAGMA) is None, "everybody sees it still"
    later = now + timedelta(days=22)
    said = await told(watch, by(ANA, later, "m3"), MAGMA, MEMO)
    assert said
    assert plain_text(said) == (
        "MAGMA: A Multi-Graph based Agentic Memory Architecture for AI Agents: Shared here 3 weeks ago by ben."
    )
    assert [span.url for span in said.body[0] if span.url] == ["https://lab.slack.com/m2"]
    assert await told(watch, by(ANA, later + timedelta(days=2), "m4"), MAGMA) is None, "it was said two days ago"


async def test_nobody_is_led_to_a_message_that_was_deleted(watch: LinkWatch, app: App) -> None:
    await app.store.watch(PAPERS.key, on=True)
    now = app.clock.now()
    await watch.shared(by(ANA, now), [MAGMA])
    await watch.deleted(PAPERS, "m1")
    assert await told(watch, by(BEN, now + timedelta(days=22), "m2"), MAGMA) is None
