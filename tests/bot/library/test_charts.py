"""Charts of what is here."""

from datetime import timedelta

import numpy as np
import pytest

from bot.domain.categories import called
from bot.domain.charts import OTHERS
from bot.domain.people import Account, FeedbackAct, FeedbackKind, person_key
from bot.errors import UserError
from bot.library.app import App
from bot.library.charts import COLOURS, flattened, history_chart, leading, map_chart, topics_of, trend_chart

ANA = Account("console", "ana", "ana")


async def test_trends_have_the_upvotes_of_the_first_papers_over_time(app: App) -> None:
    chart = await trend_chart(app, "month")
    assert chart.title == "Trending this month"
    assert 1 < len(chart.series) <= 5
    for series in chart.series:
        moments = [at for at, _ in series.points]
        assert moments == sorted(moments)
        assert series.points[-1][1] > 0


async def test_a_map_has_every_paper_once(app: App) -> None:
    chart = await map_chart(app)
    assert sum(map(len, chart.points.values())) == len(app.index)
    assert len(chart.points) <= COLOURS + 1


async def test_a_paper_without_a_category_is_about_what_its_like_are_about(app: App) -> None:
    papers = await app.store.papers_by_row(list(range(1, 201)))
    robots = await app.library.search("robot manipulation policy", 8)
    without = [result.stored for result in robots if not result.stored.paper.categories]
    assert without
    known = {called(stored.paper.categories[0]) for stored in papers if stored.paper.categories}
    assert set(await topics_of(app, without)) <= known
    with_one = next(stored for stored in papers if stored.paper.categories)
    assert await topics_of(app, [with_one]) == [called(with_one.paper.categories[0])]


def test_two_directions_keep_what_differs_most() -> None:
    points = np.array([[0, 0, 0], [10, 0, 0.1], [0, 5, 0], [10, 5, 0.1]], np.float32)
    flat = flattened(points)
    assert flat.shape == (4, 2)
    assert abs(abs(flat[1, 0] - flat[0, 0]) - 10) < 0.1
    assert abs(abs(flat[2, 1] - flat[0, 1]) - 5) < 0.1


def test_topics_that_come_often_are_told_apart() -> None:
    assert leading(["a", "b", "a", "b", "a"]) == ["a", "b"]
    assert leading(["a", "a", "b"]) == ["a", OTHERS]
    assert leading([OTHERS, OTHERS]) == [OTHERS]
    many = [str(n) for n in range(9) for _ in range(2)]
    assert leading(many) == ["0", "1", "2", "3", "4", "5", OTHERS]


async def test_a_history_counts_by_week_and_topic_and_what_was_read(app: App) -> None:
    person = await app.store.person(ANA)
    now = app.clock.now()
    papers = [stored.paper for stored in await app.store.papers_by_row([1, 2, 3])]
    for paper, days in zip(papers, (0, 0, 15), strict=True):
        at = now - timedelta(days=days)
        await app.store.give_feedback(FeedbackAct(person, paper.id, FeedbackKind.SAVE, present=True, at=at))
    await app.store.add_tags(person_key(person), papers[0].id, ["read"], at=now)
    chart = await history_chart(app, person, "ana")
    assert (chart.saved, chart.read) == (3, 1)
    assert chart.weeks[-1] - chart.weeks[0] in {timedelta(weeks=2), timedelta(weeks=3)}
    assert sum(counts[-1] for counts in chart.topics.values()) == 2
    assert sum(counts[0] for counts in chart.topics.values()) == 1


async def test_who_saved_nothing_has_no_history(app: App) -> None:
    with pytest.raises(UserError, match="Nothing is saved by ana yet"):
        await history_chart(app, await app.store.person(ANA), "ana")
