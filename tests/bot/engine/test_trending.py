"""What is expected of a paper, and how it is said."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.engine.trending import Reading, expected_votes, explain, rank, read, votes_so_far

NOW = datetime(2026, 1, 23, 15, tzinfo=UTC)


def paper(number: int, *, hours: float = 5, **fields: object) -> Paper:
    return Paper(
        id=PaperId(f"2601.{number:05}"),
        title=f"Paper {number}",
        first_seen=NOW - timedelta(hours=hours),
        **fields,  # type: ignore[arg-type]
    )


def upvotes(count: int, hours_ago: float) -> Signal:
    return Signal(PaperId("2601.00001"), SignalKind.UPVOTES, NOW - timedelta(hours=hours_ago), count)


def test_the_formula_gives_its_worked_example() -> None:
    """11 hours: half of the votes are in, s^0.5 = 0.7071; prior 8: (10 + 2) / (0.7071 + 2/8) = 12.54."""
    expected = expected_votes(np.array([10.0]), np.array([11.0]), np.array([8.0]))
    assert expected[0] == pytest.approx(12 / (0.5**0.5 + 0.25))


def test_without_votes_the_prior_decides() -> None:
    assert expected_votes(np.array([np.nan]), np.array([1.0]), np.array([17.0]))[0] == 17.0


def test_more_votes_never_lower_and_age_never_raises_what_is_expected() -> None:
    votes = np.arange(0.0, 50.0)
    rising = expected_votes(votes, np.full(50, 8.0), np.full(50, 6.0))
    assert (np.diff(rising) > 0).all()
    falling = expected_votes(np.full(50, 9.0), np.arange(0.0, 50.0), np.full(50, 6.0))
    assert (np.diff(falling) < 0).all()


def test_a_reading_knows_only_what_was_counted_by_then() -> None:
    signals = [upvotes(5, 30), upvotes(42, 20), upvotes(83, 1), upvotes(900, -2)]
    reading = read(signals, NOW, saves=3)
    assert (reading.upvotes, reading.upvotes_day_before, reading.saves) == (83, 5, 3)


def test_signals_are_said_in_words() -> None:
    reading = Reading(upvotes=83, upvotes_day_before=42, stars=1234, comments=1, saves=3)
    assert explain(reading) == "▲ 83 upvotes on Hugging Face, +41 today, ★ 1.2k, 1 comment, 3 saves in all"
    assert explain(Reading(citations=1234)) == "cited 1.2k times"
    assert explain(Reading(citations=1)) == "cited 1 time"
    assert explain(Reading(citations=0)) == explain(Reading()) == ""
    assert explain(Reading(upvotes=0)) == "▲ 0 upvotes on Hugging Face"


def test_a_page_order_newer_than_the_counts_stands_in_their_place() -> None:
    old, new = NOW - timedelta(hours=9), NOW - timedelta(hours=1)
    readings = [
        Reading(upvotes=3, upvotes_at=old, rank=1, rank_at=new),
        Reading(upvotes=40, upvotes_at=old, rank=2, rank_at=new),
        Reading(rank=3, rank_at=new),
        Reading(),
    ]
    votes = votes_so_far(readings)
    assert votes[:3].tolist() == [40, 3, 3]
    assert np.isnan(votes[3])


def test_pages_of_two_days_are_two_orders() -> None:
    today, yesterday = NOW - timedelta(hours=1), NOW - timedelta(hours=25)
    readings = [
        Reading(upvotes=100, upvotes_at=yesterday - timedelta(hours=9), rank=1, rank_at=yesterday),
        Reading(upvotes=7, upvotes_at=today - timedelta(hours=9), rank=2, rank_at=today),
        Reading(rank=1, rank_at=today),
    ]
    assert votes_so_far(readings).tolist() == [100, 7, 7]


def test_a_count_newer_than_the_page_order_stands() -> None:
    readings = [
        Reading(upvotes=9, upvotes_at=NOW, rank=2, rank_at=NOW - timedelta(hours=1)),
        Reading(upvotes=5, upvotes_at=NOW, rank=1, rank_at=NOW - timedelta(hours=1)),
    ]
    assert votes_so_far(readings).tolist() == [9, 5]


def test_papers_are_ranked_by_what_they_are_expected_to_end_with() -> None:
    papers = [paper(1, hours=60), paper(2, hours=3), paper(3, hours=3)]
    readings = [Reading(upvotes=20), Reading(upvotes=18), Reading(upvotes=2)]
    ranked = rank(papers, readings, NOW, np.full(len(papers), 8.0))
    assert [trend.paper.id for trend in ranked] == ["2601.00002", "2601.00001", "2601.00003"]


def test_saves_here_count_more_than_votes_elsewhere() -> None:
    papers = [paper(1), paper(2)]
    ranked = rank(papers, [Reading(upvotes=8), Reading(upvotes=7, saves=3)], NOW, np.full(len(papers), 8.0))
    assert ranked[0].paper.id == "2601.00002"


@pytest.mark.parametrize("more", [Reading(comments=9), Reading(stars=400, stars_day_before=100), Reading(saves=1)])
def test_each_signal_raises_a_paper_and_each_may_be_missing(more: Reading) -> None:
    ranked = rank([paper(1), paper(2)], [Reading(), more], NOW, np.full(2, 8.0))
    assert [trend.paper.id for trend in ranked] == ["2601.00002", "2601.00001"]
    assert ranked[1].expected == 8.0


def test_stars_count_by_what_came_within_a_day() -> None:
    old = Signal(PaperId("2601.00001"), SignalKind.STARS, NOW - timedelta(days=2), 5_000)
    new = Signal(PaperId("2601.00001"), SignalKind.STARS, NOW - timedelta(hours=1), 5_080)
    reading = read([old, new], NOW)
    assert reading.new_stars == 80
    assert explain(reading) == "★ 5.1k, +80 today"
    assert read([new], NOW).new_stars == 0


def test_nothing_to_rank_is_no_mistake() -> None:
    assert rank([], [], NOW, np.empty(0)) == []
