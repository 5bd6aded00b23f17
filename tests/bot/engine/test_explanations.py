"""Why a paper is in an answer."""

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.boosts import Boost
from bot.engine.encoder import StaticEncoder
from bot.engine.explanations import TELLING, Explainer, for_profile, for_search, for_similar
from bot.engine.profile import Rating
from bot.engine.query import parse_query
from bot.engine.search import Ranking
from bot.ports import PaperIndex, StoredPaper
from storage.index.disk_index import DiskIndex

PAPERS = {
    row: Paper(id=PaperId(f"test:{row}"), title=title, abstract=abstract, authors=authors)
    for row, (title, abstract, authors) in enumerate(
        [
            ("Diffusion models draw images", "We denoise pictures.", ("Ada Lee",)),
            ("Images of proteins", "Diffusion of proteins in cells.", ("Bo Kim", "Ada Lee")),
            ("Vision-language agents", "They act in kitchens.", ("Cy Diffusion",)),
        ],
        start=1,
    )
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PaperIndex:
    made = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    with made.writer() as writer:
        writer.add([StoredPaper(row, row, paper) for row, paper in PAPERS.items()])
        writer.commit()
    return made


def reasons(explain: Explainer, *rows: int) -> list[tuple[str, ...]]:
    scores = np.ones(len(rows), np.float32)
    return explain(Ranking(np.array(rows), scores, scores, scores), [PAPERS[row] for row in rows])


def asked(index: PaperIndex, typed: str, *, respelled: bool = False) -> Explainer:
    return for_search(index, parse_query(typed), respelled=respelled)


def test_words_that_match_are_told_as_they_were_typed(index: PaperIndex) -> None:
    assert reasons(asked(index, "diffusion Pictures"), 1, 2) == [
        ("matches diffusion, Pictures",),
        ("matches diffusion",),
    ]
    assert reasons(asked(index, "Diffusion models"), 1) == [("matches Diffusion models",)]


def test_words_that_name_nothing_are_no_reason(index: PaperIndex) -> None:
    assert reasons(asked(index, "how to denoise pictures easily"), 1) == [("matches denoise pictures",)]
    assert reasons(asked(index, "they act"), 3) == [("matches act",)]
    assert reasons(asked(index, "how we draw"), 2) == [("similar in meaning",)]


def test_a_whole_text_may_be_asked_for(index: PaperIndex) -> None:
    assert reasons(asked(index, "draws pictures " * 20_000 + "to denoise pictures"), 1) == [
        ("matches denoise pictures",)
    ]


def test_of_a_compound_all_of_it_must_be_there(index: PaperIndex) -> None:
    assert reasons(asked(index, "vision-language kitchen"), 3) == [("matches vision-language, kitchen",)]
    assert reasons(asked(index, "vision-protein"), 3, 2) == [("similar in meaning",)] * 2


def test_what_a_question_asks_for_is_no_reason(index: PaperIndex) -> None:
    asked_for = "which papers use diffusion models, diffusion and papers?"
    assert reasons(asked(index, asked_for), 1) == [("matches diffusion models",)]
    assert reasons(asked(index, "which papers could we act on"), 1) == [("similar in meaning",)]


@pytest.mark.parametrize(
    ("typed", "row", "told"),
    [
        ("can we draw the kitchens of proteins", 2, "matches proteins"),
        ("denoise the thing and the kitchens", 1, "similar in meaning"),
        ("denoise", 1, "matches denoise"),
        ("vision-language kitchens", 3, "matches vision-language, kitchens"),
    ],
)
def test_a_verb_or_a_piece_of_what_was_typed_is_no_reason(index: PaperIndex, typed: str, row: int, told: str) -> None:
    assert reasons(asked(index, typed), row) == [(told,)]


def test_a_compound_matches_where_its_parts_stand_together(index: PaperIndex) -> None:
    assert reasons(asked(index, "agents-vision"), 3) == [("similar in meaning",)]


def test_a_paper_far_from_the_meaning_is_not_called_similar(index: PaperIndex) -> None:
    far = Ranking(np.array([1]), np.ones(1, np.float32), np.ones(1, np.float32), np.zeros(1, np.float32))
    assert asked(index, "how we draw")(far, [PAPERS[1]]) == [()]


def test_a_name_that_matches_is_told_as_an_author(index: PaperIndex) -> None:
    assert reasons(asked(index, "diffusion"), 3) == [("by Cy Diffusion",)]


def test_a_title_typed_in_full_is_told_alone(index: PaperIndex) -> None:
    assert reasons(asked(index, "images of proteins"), 2) == [("this is its title",)]


def test_filters_alone_are_a_reason(index: PaperIndex) -> None:
    assert reasons(asked(index, "after:2020"), 1) == [("matches your filters",)]


def test_what_was_meant_is_told_where_a_slip_was_mended(index: PaperIndex) -> None:
    assert reasons(asked(index, "diffusion", respelled=True), 1) == [("for diffusion", "matches diffusion")]


def test_authors_and_savers_in_common_speak_for_similar_papers(index: PaperIndex) -> None:
    boosts = {2: Boost(1.0, "saved together"), 3: Boost(TELLING / 2, "hardly")}
    also, other = reasons(for_similar(index, [PAPERS[1]], boosts), 2, 3)
    assert also[:2] == ("also by Ada Lee", "saved together")
    assert "hardly" not in other


def test_a_recommendation_names_the_saved_paper_it_resembles(index: PaperIndex) -> None:
    ratings = [Rating(1, PAPERS[1], 1.0), Rating(3, PAPERS[3], -1.0)]
    [found] = reasons(for_profile(index, ratings, {}), 1)
    assert found[0] == "because you saved “Diffusion models draw images”"
    assert found[1:] == ("shares Diffusion models",)


def test_a_disliked_paper_is_nobodys_reason(index: PaperIndex) -> None:
    [found] = reasons(for_profile(index, [Rating(1, PAPERS[1], -1.0)], {}), 1)
    assert found == ()
