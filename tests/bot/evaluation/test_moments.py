"""Digest moments: ranked with what was known then, and nothing later."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import load_encoder
from bot.evaluation.moments import Moments, trending
from bot.ports import Encoder

START = datetime(2025, 5, 1, 15, tzinfo=UTC)
DAYS, PAPERS = 9, 12


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def final(number: int) -> int:
    return 100 if number % 3 == 0 else 4


def candidate(day: int, number: int) -> dict[str, Any]:
    """Papers about robots by one lab do well in the end; at their first moment they have one vote as all others."""
    seen = START + timedelta(days=day) - timedelta(hours=3)
    robots = number % 3 == 0
    return {
        "id": f"25{day + 10}.{number:05}",
        "title": f"Robot hands grasp objects {number}" if robots else f"Proofs about prime numbers {number}",
        "abstract": "Manipulation with dexterous robots." if robots else "A theorem on the gaps between primes.",
        "authors": ["Ada Robotics"] if robots else ["Paul Number"],
        "first_seen": seen.isoformat(),
        "upvotes_history": [[seen.isoformat(), 1]],
        "page_ranks": [],
        "organization": None,
        "submitted_by": None,
    }


def write(folder: Path, *, told: bool = True) -> Path:
    cases = []
    for day in range(DAYS):
        new = [candidate(day, number) for number in range(PAPERS)]
        settled = [candidate(day - 3, number) for number in range(PAPERS)] if day >= 3 else []
        moment = (START + timedelta(days=day)).isoformat()
        updates = [[paper["id"], moment, final(n)] for n, paper in enumerate(settled)] if told else []
        ids = [paper["id"] for paper in new]
        cases.append({"t": moment, "track": "day", "new": ids, "updates": updates, "candidates": new[::-1]})
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    labels = [{"id": candidate(day, n)["id"], "final": final(n)} for day in range(DAYS) for n in range(PAPERS)]
    (folder / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))
    return path


def values(found: Moments, metric: str = "p@5") -> list[float]:
    return found.reports["day"].values()[metric]


def test_moments_whose_ends_are_kept_elsewhere_are_ranked_and_not_scored(tmp_path: Path, encoder: Encoder) -> None:
    found = trending(write(tmp_path).rename(tmp_path / "later.jsonl"), encoder, hide_votes=False)
    assert (len(found.rankings), found.reports) == (DAYS, {})


def test_what_earlier_papers_came_to_tells_of_later_ones(tmp_path: Path, encoder: Encoder) -> None:
    found = trending(write(tmp_path), encoder, hide_votes=True)
    assert len(found.rankings) == DAYS
    assert values(found, "ndcg@5")[-1] > 0.95
    assert values(found, "ndcg@5")[-1] > values(found, "ndcg@5")[0]


def test_without_results_nothing_is_learned(tmp_path: Path, encoder: Encoder) -> None:
    known = trending(write(tmp_path), encoder, hide_votes=True)
    unknown = trending(write(tmp_path, told=False), encoder, hide_votes=True)
    assert values(unknown, "ndcg@5")[-1] < values(known, "ndcg@5")[-1]


def test_a_moment_knows_nothing_of_what_comes_after(tmp_path: Path, encoder: Encoder) -> None:
    path = write(tmp_path)
    whole = trending(path, encoder, hide_votes=False)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:6]))
    assert trending(path, encoder, hide_votes=False).rankings == whole.rankings[:6]


def test_hidden_votes_are_hidden_from_the_baselines_too(tmp_path: Path, encoder: Encoder) -> None:
    path = write(tmp_path)
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    for case in cases:
        for paper in case["candidates"]:
            paper["upvotes_history"][0][1] = final(int(paper["id"][-5:]))
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    shown, hidden = (trending(path, encoder, hide_votes=hide).reports["day"] for hide in (False, True))
    assert shown.summary()["baselines"]["upvotes"]["ndcg@5"] == 1.0
    assert hidden.summary()["baselines"]["upvotes"]["ndcg@5"] < 0.9
