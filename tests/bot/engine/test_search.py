"""Search as people type it: words, slips, acronyms, phrases, titles, names and long questions."""

from datetime import date

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine import rerank
from bot.engine.encoder import StaticEncoder
from bot.engine.query import parse_query
from bot.engine.search import near_ties, search
from bot.engine.spelling import respelled
from bot.ports import PaperIndex, StoredPaper
from storage.index.disk_index import DiskIndex

PAPERS = {
    "attention": (
        "Transformer models with linear attention",
        "We make the attention of transformer models cheap for long documents: memory grows with their length.",
        "Ada Quill",
    ),
    "rag": (
        "Answering questions with documents that were looked up",
        "Retrieval-augmented generation (RAG) lets a language model read passages of an index before it answers.",
        "Bo Winter",
    ),
    "lora": (
        "Few parameters suffice to adapt a language model",
        "Low-rank adaptation (LoRA) freezes all weights and learns two thin matrices for each layer instead.",
        "Cy Moreau",
    ),
    "diffusion": (
        "Images from noise by many small steps",
        "A diffusion model removes noise step by step until a picture is left. We speed up its sampling tenfold.",
        "Dee Hinton",
    ),
    "protein": (
        "Predicting how proteins fold",
        "A network reads the sequence of a protein and predicts the position of every atom of its fold.",
        "Eva Lund",
    ),
    "graph": (
        "Messages between the nodes of large graphs",
        "Graph neural networks pass messages along edges. We sample neighbours so that huge graphs fit in memory.",
        "Fay Okoro",
    ),
    "robot": (
        "Robots that learn to grasp by watching people",
        "We teach a robot arm to pick up unknown objects from videos of people, without any reward.",
        "Gil Anders",
    ),
    "speech": (
        "Recognising speech of many languages with one model",
        "One model transcribes a hundred languages. Rare languages gain most from being trained with common ones.",
        "Hal Iverson",
    ),
}
NAMES = list(PAPERS)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PaperIndex:
    index = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    with index.writer() as writer:
        writer.add(
            [
                StoredPaper(
                    row,
                    row,
                    Paper(
                        id=PaperId(f"test:{name}"),
                        title=title,
                        abstract=abstract,
                        authors=(author,),
                        published=date(2024, 1, row),
                    ),
                )
                for row, (name, (title, abstract, author)) in enumerate(PAPERS.items(), start=1)
            ]
        )
        writer.commit()
    return index


def found(index: PaperIndex, typed: str) -> list[str]:
    return [NAMES[row - 1] for row in search(index, respelled(index, parse_query(typed)), 10).rows.tolist()]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("graph networks", "graph"),
        ("transfomer atention", "attention"),
        ("rag", "rag"),
        ("LoRA", "lora"),
        ("lora fine-tuning", "lora"),
        ("predicting how proteins FOLD!", "protein"),
        ("Dee Hinton", "diffusion"),
        ("hinton images", "diffusion"),
        ("how can a machine be taught to take hold of things it has never seen, just from films?", "robot"),
        ("speech-recognition", "speech"),
        ('"neural networks"', "graph"),
        ("LoRA:lowrank", "lora"),
    ],
)
def test_what_is_meant_comes_first(index: PaperIndex, typed: str, first: str) -> None:
    assert found(index, typed)[0] == first


def test_a_phrase_is_exact(index: PaperIndex) -> None:
    assert found(index, '"language model" adapt') == ["lora", "rag"]
    assert found(index, '"model language"') == []


def test_an_exclusion_is_exact(index: PaperIndex) -> None:
    assert "lora" in found(index, "language model")
    assert "lora" not in found(index, 'language model -"low-rank"')
    assert "rag" not in found(index, "language model -retrieval")


def test_scores_fall_from_one(index: PaperIndex) -> None:
    scores = search(index, parse_query("language models"), 10).scores
    assert scores[0] == pytest.approx(1)
    assert (np.diff(scores) <= 0).all()
    assert scores[-1] >= 0


def test_an_answer_does_not_depend_on_how_many_are_asked_for(index: PaperIndex) -> None:
    many = search(index, parse_query("language models"), 10).rows
    assert search(index, parse_query("language models"), 3).rows.tolist() == many[:3].tolist()


# --- slips ---


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("transfomer atention", "transformer attention"),
        ("Transfomer models", "transformer models"),
        ("difusion of imagse", "diffusion of images"),
        ("protien fold", "protein fold"),
        ("grahp-neural networks", "graph-neural networks"),
    ],
)
def test_a_slip_is_taken_for_a_word_that_papers_have(index: PaperIndex, typed: str, meant: str) -> None:
    assert respelled(index, parse_query(typed)).text == meant


@pytest.mark.parametrize(
    "typed",
    [
        "transformer attention",
        '"transfomer atention"',
        "attentions",
        "okoro",  # an author
        "LoRAs",
        "grok4",
        "zzyzx",
        "abc",
        "trnsfomers cat:cs.LG",  # two slips from any word
        "lstmm",
    ],
)
def test_known_quoted_odd_and_unlike_words_stay(index: PaperIndex, typed: str) -> None:
    query = parse_query(typed)
    assert respelled(index, query) == query


def test_a_word_that_a_title_has_is_known_however_rare(tmp_path_factory: pytest.TempPathFactory) -> None:
    index = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    with index.writer() as writer:
        papers = [Paper(id=PaperId(f"t:{n}"), title=f"Attention {n}", abstract="Attention.") for n in range(1, 20)]
        papers.append(Paper(id=PaperId("t:20"), title="Atention, a system", abstract=""))
        writer.add([StoredPaper(row, row, paper) for row, paper in enumerate(papers, start=1)])
        writer.commit()
    assert respelled(index, parse_query("atention")).text == "atention"


# --- the closer look ---


def test_soft_matches_count_words_near_in_meaning(index: PaperIndex) -> None:
    rows = np.arange(1, len(PAPERS) + 1)
    matches = rerank.soft_matches(index, rerank.token_weights(index, "photographs"), rows)
    assert NAMES[int(matches.argmax())] == "diffusion"
    assert rerank.soft_matches(index, rerank.token_weights(index, "the of"), rows).tolist() == [0] * len(PAPERS)


def test_soft_matches_of_rows_without_a_paper_are_zero(index: PaperIndex) -> None:
    matches = rerank.soft_matches(index, rerank.token_weights(index, "graph"), np.array([99, 6, 98]))
    assert matches[0] == matches[2] == 0 < matches[1]


def test_near_ties_are_groups_of_neighbours() -> None:
    scores = np.array([1, 0.9999, 0.99985, 0.9997, 0.5, 0.4999], np.float32)
    assert near_ties(scores).tolist() == [0, 0, 0, 1, 2, 2]
    assert near_ties(scores[:0]).tolist() == []
