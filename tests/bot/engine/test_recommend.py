"""Papers like these, and papers for somebody."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.engine.boosts import Boost
from bot.engine.encoder import StaticEncoder
from bot.engine.profile import Rating, background
from bot.engine.recommend import closest_rating, recommend, similar
from bot.engine.search import Ranking
from bot.library.app import App
from bot.ports import StoredPaper
from storage.index.disk_index import DiskIndex
from tests.support.index import fill, stored

NOW = datetime(2026, 1, 19, tzinfo=UTC)
MAGMA = PaperId("2601.03236")


@pytest.fixture
async def magma(app: App) -> StoredPaper:
    return (await app.store.papers([MAGMA]))[0]


def saved(paper: StoredPaper, weight: float = 1.0) -> Rating:
    return Rating(paper.row, paper.paper, weight, NOW)


def rows(ranking: Ranking) -> list[int]:
    return list(map(int, ranking.rows))


async def test_similar_papers_come_best_first_without_what_was_asked_with(app: App, magma: StoredPaper) -> None:
    found = similar(app.index, {magma.row: magma.paper}, 10)
    assert len(found) == len(set(rows(found))) == 10
    assert magma.row not in rows(found)
    assert (np.diff(found.scores) <= 0).all()


async def test_similar_papers_can_be_had_among_some_alone(app: App, magma: StoredPaper) -> None:
    some = np.array([row for row in range(1, 8) if row != magma.row])
    assert set(rows(similar(app.index, {magma.row: magma.paper}, 10, among=some))) <= set(some.tolist())


async def test_a_boost_moves_a_similar_paper_up(app: App, magma: StoredPaper) -> None:
    plain = rows(similar(app.index, {magma.row: magma.paper}, 10))
    boosted = rows(similar(app.index, {magma.row: magma.paper}, 10, boosts={plain[5]: Boost(50.0, "saved too")}))
    assert boosted[0] == plain[5]


async def test_what_was_judged_or_excluded_is_not_recommended(app: App, magma: StoredPaper) -> None:
    known = background(app.index)
    first = rows(recommend(app.index, [saved(magma)], known, 10, now=NOW))
    assert magma.row not in first
    again = rows(recommend(app.index, [saved(magma)], known, 10, now=NOW, exclude=first[:3]))
    assert not set(again) & set(first[:3])


async def test_a_dislike_takes_its_likes_out_of_the_list(app: App, magma: StoredPaper) -> None:
    known = background(app.index)
    wanted = rows(recommend(app.index, [saved(magma)], known, 10, now=NOW))
    [other] = await app.store.papers_by_row([wanted[0]])
    alike = rows(similar(app.index, {other.row: other.paper}, 3))
    places = {row: place for place, row in enumerate(rows(recommend(app.index, [saved(magma)], known, 200, now=NOW)))}
    ratings = [saved(magma), saved(other, -1.0)]
    later = {row: place for place, row in enumerate(rows(recommend(app.index, ratings, known, 200, now=NOW)))}
    assert sum(later.get(row, 200) for row in alike) > sum(places.get(row, 200) for row in alike)


def test_a_bare_title_with_one_rare_word_in_common_does_not_lead(tmp_path: Path) -> None:
    about = (
        "We denoise discrete tokens in parallel with a diffusion process over one-hot labels, train it by a"
        " cross-entropy loss that depends on the step, and generate captions of images and class labels with the same"
        " network."
    )
    near = (
        "A diffusion process that starts from noise paints pictures; readers who compare them with photographs find"
        " fewer mistakes, and a smaller program that saw half of the pictures comes close. Colours, strokes and"
        " canvases stay as a painter would leave them, and frames of a film follow each other without flicker."
    )
    papers = [
        stored(1, "Ontologies in discrete diffusion", about),
        stored(2, "Painting by diffusion", near),
        stored(3, "What is an ontology?"),
        *(stored(row, f"Notes of a gardener on bed {row}") for row in range(4, 80)),
        *(stored(row, f"Wave {row} in a channel", f"Waves of kind {row} break on the shore.") for row in range(80, 99)),
    ]
    index = DiskIndex.open(tmp_path, StaticEncoder.load())
    fill(index, papers)
    found = recommend(index, [saved(papers[0])], background(index), 3, now=NOW)
    assert rows(found)[0] == 2


async def test_every_fifth_place_is_a_surprise_that_the_seed_decides(app: App, magma: StoredPaper) -> None:
    known = background(app.index)
    plain, first, again = (
        rows(recommend(app.index, [saved(magma)], known, 10, now=NOW, explore=seed)) for seed in (None, 7, 7)
    )
    assert first == again
    assert [place for place in range(10) if plain[place] != first[place]] == [4, 9]
    assert not {first[4], first[9]} & set(plain)


async def test_the_closest_rating_is_a_wanted_one_that_is_near(app: App, magma: StoredPaper) -> None:
    [other] = await app.store.papers_by_row([magma.row + 1])
    vectors = app.index.vectors(np.array([magma.row, other.row]))
    ratings = [saved(magma), saved(other)]
    assert closest_rating(vectors[1], vectors, ratings) == ratings[1]
    disliked = [saved(magma, -1.0), saved(other, -1.0)]
    assert closest_rating(vectors[1], vectors, disliked) is None
    assert closest_rating(-vectors[0], vectors[:1], ratings[:1]) is None
