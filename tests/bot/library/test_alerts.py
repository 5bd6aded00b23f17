"""Every paper is compared with what is followed, once, whatever its date and whenever its authors come."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.destinations import Destination
from bot.domain.follows import Follow, FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Place
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.ingest import update_index
from bot.ports import Batch

HERE = Place("slack", "T", "C1", "#papers")
ADA = Paper(
    id=PaperId("2601.90001"),
    title="Notes on an engine for weaving algebraic patterns",
    abstract="We describe how an engine weaves algebraic patterns, with looms of tensors.",
    authors=("Ada Lovelace", "Charles Babbage"),
    categories=("cs.LG",),
    published=date(2026, 1, 20),
    updated=date(2026, 1, 20),
    organization="Google DeepMind",
)


async def following(app: App, value: str, kind: FollowKind = FollowKind.AUTHOR, **more: object) -> int:
    """The number of a follow of a channel."""
    now = app.clock.now()
    await app.store.save_destination(Destination(place=HERE), now=now)
    follow = Follow(owner=HERE.key, place=HERE.key, kind=kind, value=value, since=now.date())
    kept, _ = await app.store.add_follow(replace(follow, **more))  # type: ignore[arg-type]
    if kept.others != follow.others or more.get("others"):
        await app.store.change_follow(replace(kept, others=more["others"]))  # type: ignore[arg-type]
    return kept.number


async def come(app: App, *papers: Paper, indexed: bool = True) -> None:
    """Papers are stored, and indexed perhaps later."""
    await app.store.save_batch("test", Batch(papers=papers), now=app.clock.now())
    if indexed:
        await update_index(app.store, app.index)


async def matched(app: App, number: int) -> list[str]:
    await find_matches(app)
    return [each.paper.id for each in await app.store.papers_by_row(await app.store.pending(number))]


@pytest.mark.parametrize(
    ("kind", "value", "matches"),
    [
        (FollowKind.AUTHOR, "Ada Lovelace", True),
        (FollowKind.AUTHOR, "Ada Byron", False),
        (FollowKind.LAB, "deepmind", True),
        (FollowKind.LAB, "openai", False),
        (FollowKind.QUERY, '"looms of tensors"', True),
        (FollowKind.QUERY, '"looms of tensors" cat:cs.CV', False),
        (FollowKind.QUERY, "cat:cs.LG author:lovelace", True),
    ],
)
async def test_a_new_paper_is_compared_with_what_is_followed(
    app: App, kind: FollowKind, value: str, *, matches: bool
) -> None:
    number = await following(app, value, kind)
    await come(app, ADA)
    assert await matched(app, number) == ([ADA.id] if matches else [])


async def test_what_is_here_when_a_follow_begins_is_no_news(app: App) -> None:
    await come(app, ADA)
    number = await following(app, "Ada Lovelace")
    await come(app, replace(ADA, updated=date(2026, 2, 1), abstract="Another abstract."))
    assert await matched(app, number) == []


async def test_a_paper_that_a_source_tells_of_late_is_news(app: App) -> None:
    number = await following(app, "Ada Lovelace")
    await come(app, replace(ADA, published=date(2025, 3, 1)))
    assert await matched(app, number) == [ADA.id]


async def test_a_paper_of_long_ago_that_somebody_looked_up_is_no_news(app: App) -> None:
    number = await following(app, "Ada Lovelace")
    await come(app, replace(ADA, published=date(2017, 6, 12)))
    assert await matched(app, number) == []


async def test_a_paper_whose_authors_come_with_a_second_source_is_not_missed(app: App) -> None:
    number = await following(app, "Ada Lovelace")
    await come(app, replace(ADA, authors=()))
    assert await matched(app, number) == []
    await come(app, ADA)
    assert await matched(app, number) == [ADA.id]


async def test_a_paper_that_is_not_indexed_yet_is_compared_once_it_is(app: App) -> None:
    number = await following(app, '"looms of tensors"', FollowKind.QUERY)
    await come(app, ADA, indexed=False)
    assert await matched(app, number) == []
    await update_index(app.store, app.index)
    assert await matched(app, number) == [ADA.id]


async def test_nothing_is_read_twice(app: App) -> None:
    await following(app, "Ada Lovelace")
    await come(app, ADA)
    assert await find_matches(app) == 1
    assert await find_matches(app) == 0
    await following(app, "Charles Babbage")
    assert await find_matches(app) == 0


async def test_a_paper_that_was_taken_back_is_not_proposed(app: App) -> None:
    number = await following(app, "Ada Lovelace")
    await come(app, replace(ADA, abstract="This paper has been withdrawn by the authors."))
    assert await matched(app, number) == []


async def test_papers_of_another_of_the_name_do_not_come(app: App) -> None:
    number = await following(app, "Ada Lovelace", others=("Charles Babbage",))
    other = replace(ADA, id=PaperId("2601.90002"), title="A paper of quite another title", authors=("Ada Lovelace",))
    await come(app, ADA, other)
    assert await matched(app, number) == [other.id]


async def test_each_new_version_of_a_followed_paper_is_one_match(app: App) -> None:
    await come(app, ADA)
    number = await following(app, ADA.id, FollowKind.VERSION, since=ADA.updated)
    second = replace(ADA, updated=date(2026, 1, 25), abstract="Now with a proof.")
    for told in (replace(ADA, code="https://github.com/a/b"), second, second):
        await come(app, told)
    assert await matched(app, number) == [ADA.id]
    await app.store.drop_matches(number, await app.store.pending(number), now=app.clock.now() + timedelta(days=1))
    assert await matched(app, number) == []
    await come(app, replace(second, updated=date(2026, 2, 1)))
    assert await matched(app, number) == [ADA.id]
