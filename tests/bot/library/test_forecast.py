"""What papers are expected to come to."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.library.app import App
from bot.library.forecast import Forecast
from bot.library.ingest import update_index
from bot.ports import Batch

MAGMA = PaperId("2601.03236")


async def test_every_paper_that_is_asked_about_has_a_reading(app: App) -> None:
    unknown = PaperId("2601.99999")
    readings = await Forecast(app.store, app.index).readings([MAGMA, unknown], app.clock.now())
    assert readings.keys() == {MAGMA, unknown}
    assert readings[unknown].upvotes is None


async def test_what_came_later_is_not_known_yet(app: App) -> None:
    now = app.clock.now()
    later = Signal(MAGMA, SignalKind.UPVOTES, now + timedelta(hours=1), 9_999)
    await app.store.save_batch("test", Batch(signals=[later]), now=now)
    forecast = Forecast(app.store, app.index)
    assert (await forecast.readings([MAGMA], now))[MAGMA].upvotes != 9_999
    assert (await forecast.readings([MAGMA], now + timedelta(hours=2)))[MAGMA].upvotes == 9_999


async def test_papers_are_ranked_by_what_they_are_expected_to_end_with(app: App) -> None:
    now = app.clock.now()
    candidates = await app.store.papers_seen(now - timedelta(days=14), now)
    ranked = await Forecast(app.store, app.index).ranked(candidates, now)
    assert {stored.paper.id for stored, _ in ranked} == {stored.paper.id for stored in candidates}
    assert all(stored.paper == trend.paper for stored, trend in ranked)
    expected = [trend.expected for _, trend in ranked]
    assert expected == sorted(expected, reverse=True)


async def test_many_votes_raise_a_paper(app: App) -> None:
    now = app.clock.now()
    forecast = Forecast(app.store, app.index)
    candidates = await app.store.papers_seen(now - timedelta(days=7), now)
    last = (await forecast.ranked(candidates, now))[-1][0].paper.id
    await app.store.save_batch("test", Batch(signals=[Signal(last, SignalKind.UPVOTES, now, 5_000)]), now=now)
    assert (await forecast.ranked(candidates, now))[0][0].paper.id == last


async def test_only_a_paper_without_votes_says_what_is_expected_of_it(app: App) -> None:
    now = app.clock.now()
    candidates = await app.store.papers_seen(now - timedelta(days=30), now)
    for _, trend in await Forecast(app.store, app.index).ranked(candidates, now):
        assert trend.reading.upvotes is None or not trend.forecast_reason


async def test_a_field_that_nobody_votes_on_has_its_first_papers_near_the_top(app: App) -> None:
    now = app.clock.now()
    known = [stored.paper for stored in await app.store.papers_seen(now - timedelta(days=14), now)][:40]
    for number, field in enumerate(("q-bio.NC", "econ.TH")):
        named = [
            replace(paper, id=PaperId(f"test:{number}-{place}"), title=f"{paper.title} {number}", categories=(field,))
            for place, paper in enumerate(known[number::2])
        ]
        await app.store.save_batch("test", Batch(papers=named), now=now)
    await update_index(app.store, app.index)
    fresh = await app.store.papers_seen(now - timedelta(days=30), now + timedelta(hours=1))
    unvoted = [stored for stored in fresh if stored.paper.id.startswith("test:")]
    ranked = await Forecast(app.store, app.index).ranked(unvoted, now)
    assert {stored.paper.categories for stored, _ in ranked[:5]} == {("q-bio.NC",), ("econ.TH",)}
    first = next(trend for stored, trend in ranked if stored.paper.categories == ("q-bio.NC",))
    assert first.forecast_reason.endswith("in the first tenth of 20 new papers of Quantitative Biology")


async def test_citations_raise_a_paper(app: App) -> None:
    now = app.clock.now()
    forecast = Forecast(app.store, app.index)
    candidates = await app.store.papers_seen(now - timedelta(days=7), now)
    ranked = await forecast.ranked(candidates, now)
    paper_id, before = ranked[-1][0].paper.id, ranked[-1][1].expected
    await app.store.save_batch("test", Batch(signals=[Signal(paper_id, SignalKind.CITATIONS, now, 200)]), now=now)
    after = {stored.paper.id: trend.expected for stored, trend in await forecast.ranked(candidates, now)}
    assert after[paper_id] > before


async def test_where_nobody_votes_the_papers_of_much_cited_authors_come_first(app: App) -> None:
    now = app.clock.now()

    def paper(name: str, author: str, seen: datetime) -> Paper:
        told = {"title": f"Tilings of the plane {name}", "abstract": "On tilings.", "categories": ("math.CO",)}
        return Paper(id=PaperId(f"test:{name}"), authors=(author,), first_seen=seen, **told)  # type: ignore[arg-type]

    earlier = [paper(f"old{number}", f"Author {number}", now - timedelta(days=200)) for number in range(20)]
    new = [paper(f"new{number}", f"Author {number}", now - timedelta(hours=5)) for number in range(20)]
    cited = Signal(earlier[7].id, SignalKind.CITATIONS, now - timedelta(days=1), 90)
    await app.store.save_batch("test", Batch(papers=[*earlier, *new], signals=[cited]), now=now)
    await update_index(app.store, app.index)
    ranked = await Forecast(app.store, app.index).ranked(await app.store.papers([one.id for one in new]), now)
    stored, trend = ranked[0]
    assert stored.paper.id == new[7].id
    assert "an earlier paper by Author 7 is among the most cited here" in trend.forecast_reason
    assert not any("earlier paper" in other.forecast_reason for _, other in ranked[1:])
