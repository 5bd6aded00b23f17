"""Papers of fields without votes: found by what is expected of them."""

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.bootstrap import load_encoder
from bot.errors import UserError
from bot.evaluation.fields import fields

ROBOTS = ("Robot hands grasp objects", "Manipulation with dexterous robots.")
PRIMES = ("Proofs about prime numbers", "A theorem on the gaps between primes.")


def paper(number: int, text: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"id": str(number), "title": f"{text[0]} {number}", "abstract": text[1], "authors": ["A", "B"], **more}


def write(folder: Path, papers: list[dict[str, Any]]) -> Path:
    voted = [paper(n, ROBOTS, upvotes=90) for n in range(40)] + [paper(n, PRIMES, upvotes=2) for n in range(40, 80)]
    for name, records in (("papers", papers), ("voted", voted)):
        with lzma.open(folder / f"{name}.jsonl.xz", "wt") as out:
            out.writelines(json.dumps(record) + "\n" for record in records)
    return folder


def field(name: str, start: int, *, best: tuple[str, str]) -> list[dict[str, Any]]:
    """Forty papers; the four oldest, of one kind, are those that were cited later."""
    return [
        paper(start + n, best if n < 4 else PRIMES, field=name, published=f"2026-01-{n // 2 + 1:02}", later=n < 4)
        for n in range(40)
    ]


def test_papers_like_those_that_did_well_elsewhere_are_found(tmp_path: Path) -> None:
    report = fields(write(tmp_path, field("q-bio", 100, best=ROBOTS)), load_encoder())
    told = report.summary()["recall@20%"]
    assert told["mean"] == 1.0
    assert told["baselines"]["newest"] == {"mean": 0.0, "difference": [1.0, 1.0, 1.0]}
    assert told["baselines"]["random"]["mean"] == pytest.approx(0.2)
    [each] = report.each()
    assert (each["_id"], each["papers"], each["engine"], each["newest"]) == ("q-bio", 40, [1.0, 1.0], [0.0, 0.0])


def test_by_chance_a_fifth_is_found(tmp_path: Path) -> None:
    report = fields(write(tmp_path, field("q-bio", 100, best=ROBOTS)), load_encoder())
    [score] = report.scores["random"].values()
    gains = 1 / np.log2(np.arange(8) + 2)
    assert score == pytest.approx((0.2, 0.1 * gains.sum() / gains[:4].sum()))


def test_authors_who_were_cited_before_the_period_are_found(tmp_path: Path) -> None:
    papers = [
        paper(n, PRIMES, field="math", published=f"2026-01-{n // 2 + 1:02}", later=n == 30, period="2026")
        | {"authors": ["Euler" if n == 30 else f"Author {n}"]}
        for n in range(40)
    ]
    known = {"authors": ["Euler"], "published": "2025-05-05", "cited": ["2025-06-01"]}
    late = [{"authors": [f"Author {n}"], "published": "2026-01-02", "cited": ["2026-01-03"]} for n in range(30)]
    write(tmp_path, papers)
    with lzma.open(tmp_path / "earlier.jsonl.xz", "wt") as out:
        out.writelines(json.dumps(record) + "\n" for record in (*late, known))
    report = fields(tmp_path, load_encoder())
    assert report.scores["engine"]["math"] == (1.0, 1.0)
    assert report.rankings["math"][0] == "30"


def test_papers_of_different_periods_are_not_compared(tmp_path: Path) -> None:
    old = [{**each, "period": "2025"} for each in field("math", 100, best=ROBOTS)]
    new = [{**each, "period": "2026"} for each in field("math", 200, best=ROBOTS)]
    ranked = fields(write(tmp_path, old + new), load_encoder()).rankings["math"]
    assert all(int(name) < 200 for name in ranked[:40])
    assert all(int(name) >= 200 for name in ranked[40:])


def test_fields_of_few_papers_are_not_measured(tmp_path: Path) -> None:
    papers = field("q-bio", 100, best=ROBOTS) + field("econ", 200, best=ROBOTS)[:10]
    assert fields(write(tmp_path, papers), load_encoder()).sizes == {"q-bio": 40}
    with pytest.raises(UserError, match="has 20 papers"):
        fields(write(tmp_path, papers[-10:]), load_encoder())


def test_a_day_that_is_none_is_told(tmp_path: Path) -> None:
    papers = field("q-bio", 100, best=ROBOTS)
    papers[0]["published"] = "last year"
    with pytest.raises(UserError, match="last year"):
        fields(write(tmp_path, papers), load_encoder())
