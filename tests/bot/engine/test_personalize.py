"""What one channel gets of the papers everybody could get."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from bot.domain.destinations import Scope
from bot.domain.people import Topic
from bot.engine.personalize import Choice, Pool, Preferences
from bot.engine.profile import background
from bot.engine.records import AuthorRecords
from bot.engine.topics import MATCH, TopicModel
from bot.engine.trending import Reading
from bot.library.app import App
from bot.ports import Rows, Vectors

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)


@pytest.fixture
async def pool(app: App) -> Pool:
    """The 100 most interesting papers of the sample."""
    stored = await app.store.papers_by_row(range(1, 101))
    rows: Rows = np.array([each.row for each in stored], np.int64)
    return Pool(
        index=app.index,
        rows=rows,
        papers=[each.paper for each in stored],
        readings=[Reading()] * len(stored),
        expected=np.linspace(100, 1, len(stored)),
        vectors=app.index.vectors(rows),
        forecast_reasons=[""] * len(stored),
        model=TopicModel(app.index, background(app.index), AuthorRecords(())),
    )


def preferences(
    pool: Pool, *topics: Topic, profile: Vectors | None = None, judgements: int = 0, **fields: Any
) -> Preferences:
    [fit] = pool.fits(np.zeros((1, pool.vectors.shape[1]), np.float32) if profile is None else profile[None])
    return Preferences(topics, fit, judgements, frozenset())._replace(**fields)


def positions(pool: Pool, wanted: Preferences, count: int = 5) -> list[int]:
    return [pick.position for pick in Choice(pool, wanted).picks(count)]


async def test_without_topics_and_profile_the_most_interesting_come_first(pool: Pool) -> None:
    chosen = positions(pool, preferences(pool))
    assert chosen[0] == 0
    assert chosen == sorted(chosen)
    assert max(chosen) < 20


async def test_what_was_shown_is_not_brought_again(pool: Pool) -> None:
    hidden = frozenset(int(pool.rows[position]) for position in positions(pool, preferences(pool)))
    assert not hidden & {int(pool.rows[position]) for position in positions(pool, preferences(pool, hidden=hidden))}


async def test_a_topic_brings_its_papers_to_the_front_and_says_so(pool: Pool) -> None:
    title = pool.papers[90].title
    [found] = [pick for pick in Choice(pool, preferences(pool, Topic(title))).picks(3) if pick.position == 90]
    assert found.topic == title
    assert found.match > 0.95


async def test_a_category_is_a_topic(pool: Pool) -> None:
    picks = Choice(pool, preferences(pool, Topic("cat:cs.CV"))).picks(5)
    assert all("cs.CV" in pool.papers[pick.position].categories for pick in picks)


async def test_a_blocked_topic_never_comes(pool: Pool) -> None:
    blocked = preferences(pool, Topic("cat:cs.CL", wanted=False), Topic("language models", wanted=False))
    picks = Choice(pool, blocked).picks(10)
    assert picks
    assert not any("cs.CL" in pool.papers[pick.position].categories for pick in picks)


async def test_a_topic_that_cannot_be_parsed_matches_nothing(pool: Pool) -> None:
    assert positions(pool, preferences(pool, Topic("after:never"))) == []
    everything = preferences(pool, Topic("after:never"), scope=Scope.EVERYTHING)
    assert positions(pool, everything) == positions(pool, preferences(pool))


async def test_a_query_is_a_topic_with_what_it_leaves_out(pool: Pool) -> None:
    picks = Choice(pool, preferences(pool, Topic('"language models" -agents cat:cs.CL'))).picks(10)
    assert picks
    for pick in picks:
        paper = pool.papers[pick.position]
        assert "cs.CL" in paper.categories
        assert "language model" in paper.text.lower()
        assert "agents" not in paper.text.lower().split()


async def test_topics_only_brings_nothing_else_however_few(pool: Pool) -> None:
    title = pool.papers[90].title
    assert positions(pool, preferences(pool, Topic(title))) == [90]
    assert positions(pool, preferences(pool, Topic("crystallography of kumquats"))) == []


async def test_topics_first_brings_what_is_trending_after_them(pool: Pool) -> None:
    found = positions(pool, preferences(pool, Topic(pool.papers[90].title), scope=Scope.TOPICS_FIRST))
    assert found[0] == 90
    assert len(found) == 5
    assert found[1] == 0


async def test_new_papers_are_counted_by_whether_they_match(pool: Pool) -> None:
    wanted = preferences(pool, Topic(pool.papers[90].title), hidden=frozenset({int(pool.rows[0])}))
    assert Choice(pool, wanted).matched(None) == (1, len(pool) - 2)
    seen = [replace(paper, first_seen=NOON) for paper in pool.papers]
    assert Choice(replace(pool, papers=seen), wanted).matched(NOON) == (0, 0)


async def test_a_profile_counts_more_the_more_it_rests_on(pool: Pool) -> None:
    profile = pool.vectors[80]
    ranks = []
    for judgements in (1, 50):
        chosen = positions(pool, preferences(pool, profile=profile, judgements=judgements), 30)
        ranks.append(chosen.index(80) if 80 in chosen else 99)
    assert ranks[1] < ranks[0]


async def test_the_paper_a_profile_points_to_fits_best_and_without_one_none_fits(pool: Pool) -> None:
    towards, away, nowhere = pool.fits(np.stack([pool.vectors[80], -pool.vectors[80], np.zeros_like(pool.vectors[80])]))
    assert int(towards.argmax()) == int(away.argmin()) == 80
    assert (towards[80], away[80]) == pytest.approx((1, -1))
    assert not nowhere.any()


async def test_a_minimum_of_interest_leaves_papers_out(pool: Pool) -> None:
    assert all(pool.expected[position] >= 60 for position in positions(pool, preferences(pool, minimum=60), 10))
    assert Choice(pool, preferences(pool, minimum=1000)).picks(5) == []


async def test_the_same_news_comes_once(pool: Pool) -> None:
    vectors = pool.vectors.copy()
    vectors[1] = vectors[0]
    twins = replace(pool, vectors=vectors)
    assert 1 not in positions(twins, preferences(twins), 10)


async def test_of_nothing_nothing_is_picked(pool: Pool) -> None:
    none = np.arange(0)
    empty = replace(
        pool, rows=pool.rows[none], papers=[], readings=[], expected=pool.expected[none], vectors=pool.vectors[none]
    )
    assert Choice(empty, preferences(pool, Topic("diffusion"))).picks(5) == []


async def test_a_topic_that_is_a_query_is_matched_by_all_of_its_parts(pool: Pool) -> None:
    def meant(typed: str) -> set[int]:
        return {int(at) for at in np.flatnonzero(pool.topic(typed) >= MATCH)}

    whole = meant("agents")
    without = meant("agents -memory")
    assert without
    assert without == {at for at in whole if "memory" not in pool.papers[at].text.lower()} < whole
    within = meant("agents cat:cs.AI")
    assert within == {at for at in whole if "cs.AI" in pool.papers[at].categories}
    phrase = meant('"large language models" agents')
    assert phrase
    assert phrase <= whole, "words beside a phrase are a topic of their own"
    assert all("large language model" in pool.papers[at].text.lower().replace("-", " ") for at in phrase)


async def test_a_pick_is_called_by_the_name_of_its_topic(pool: Pool) -> None:
    wanted = preferences(pool, Topic("agents -memory", name="acting"))
    assert {pick.topic for pick in Choice(pool, wanted).picks(3)} == {"acting"}
