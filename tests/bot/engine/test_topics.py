"""Whether a paper is about a topic."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.profile import background
from bot.engine.records import AuthorRecords
from bot.engine.topics import MATCH, Papers, TopicModel, folded, said
from bot.ports import PaperIndex, StoredPaper
from tests.support.index import HashingEncoder
from tests.support.points import Points, around

FOLDING = "We predict how a chain of amino acids takes its shape."


def paper(title: str, abstract: str = FOLDING, *categories: str) -> Paper:
    return Paper(id=PaperId(f"test:{title}"), title=title, abstract=abstract, categories=categories)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> PaperIndex:
    """Papers of robotics, of a field far from it, and of many others."""
    from storage.index.disk_index import DiskIndex

    robots = [paper(f"Grasping study {n}", f"robot gripper arm torque {n}", "cs.RO") for n in range(40)]
    curves = [paper(f"Curvature study {n}", f"manifold curvature tensor metric {n}", "math.DG") for n in range(40)]
    others = [paper(f"Other study {n}", f"word{n} thing{n % 7} matter{n % 5}") for n in range(120)]
    index = DiskIndex.open(tmp_path_factory.mktemp("index"), HashingEncoder())
    with index.writer() as writer:
        writer.add([StoredPaper(row, row, each) for row, each in enumerate([*robots, *curves, *others], start=1)])
        writer.commit()
    return index


def about(index: PaperIndex, topic: str, *papers: Paper) -> list[bool]:
    return [bool(each >= MATCH) for each in chances(index, topic, papers)]


def chances(index: PaperIndex, topic: str, papers: Sequence[Paper]) -> list[float]:
    vectors = index.encoder.encode_papers([each.title for each in papers], [each.abstract for each in papers])
    compared = Papers(papers, [said(each) for each in papers], vectors)
    return [
        float(each) for each in TopicModel(index, background(index), AuthorRecords(())).probabilities(topic, compared)
    ]


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("protein folding", "Protein folding with few data"),
        ("Protein-Folding", "A study of protein folding"),
        ("graph neural networks", "A graph neural network for roads"),
        ("few-shot learning", "Few shot learning of words"),
        ("naïve bayes", "Naive Bayes again"),
    ],
)
def test_a_paper_that_names_the_topic_in_its_title_is_about_it(filled: PaperIndex, topic: str, title: str) -> None:
    assert about(filled, topic, paper(title)) == [True]


def test_one_generic_word_of_two_makes_no_match(filled: PaperIndex) -> None:
    grpo = paper("GRPO: policy learning for language models", "We study learning from rewards for reasoning.")
    assert about(filled, "robot learning", grpo) == [False]


def test_a_word_within_another_is_no_mention(filled: PaperIndex) -> None:
    assert about(filled, "rag", paper("Fragments of storage", "Fragments and dragging.")) == [False]


def test_the_more_prominent_a_mention_the_more_probable(filled: PaperIndex) -> None:
    once = paper("A", "We use quantization.")
    often = paper("B", "Quantization is hard. We study quantization.")
    title = paper("Quantization", "It is hard.")
    found = chances(filled, "quantization", [once, often, title])
    assert found == sorted(found)


def test_an_acronym_counts_where_the_meaning_agrees(filled: PaperIndex) -> None:
    topic = "generative adversarial networks"
    near = paper("GANs", "generative networks adversarial generative adversarial networks: GANs GAN GAN")
    far = paper("GAN power devices", "GAN transistors; GAN wafers.")
    assert about(filled, topic, far) == [False]
    assert chances(filled, topic, [near])[0] > chances(filled, topic, [far])[0]


def test_an_acronym_may_end_like_a_plural(filled: PaperIndex) -> None:
    topic = "advanced diffusion posterior sampling"
    twice, once = paper("Sampling", "We try ADPS. ADPS samples."), paper("Sampling", "We try ADPS. It samples.")
    assert chances(filled, topic, [twice])[0] > chances(filled, topic, [once])[0]


def test_the_name_of_a_field_means_its_categories(filled: PaperIndex) -> None:
    within = paper("Grasping", "gripper", "cs.RO")
    without = paper("Word study", "Applications in robotics are left for later.", "cs.CL")
    assert about(filled, "Robotics", within, without) == [True, False]


def test_a_paper_without_categories_is_placed_by_what_the_field_is_like(filled: PaperIndex) -> None:
    robots = paper("Grasping study", "robot gripper arm torque")
    curves = paper("Curvature study", "manifold curvature tensor metric")
    assert about(filled, "robotics", robots, curves) == [True, False]
    assert about(filled, "differential geometry", robots, curves) == [False, True]


def test_no_paper_of_a_field_is_taken_for_another_however_many_it_has() -> None:
    members = np.concatenate([around(0, count=20_000), around(1, count=20_000)])
    points = Points("cs.RO", members, around(2, 3, 4, 5, count=2_000, spread=0.5))
    new = [paper(f"Study {n}") for n in range(50)]
    compared = Papers(new, [said(each) for each in new], around(1, count=50))
    assert (
        TopicModel(points.index, points.known, AuthorRecords(())).probabilities("robotics", compared) >= MATCH
    ).mean() > 0.8


def test_an_abstract_that_mentions_a_field_places_no_paper_in_it(filled: PaperIndex) -> None:
    curves = paper("Curvature study", "manifold curvature tensor metric for robotics, robotics and robotics")
    assert about(filled, "robotics", curves, replace(curves, title="Curvature for robotics")) == [False, True]


def test_a_topic_without_a_letter_matches_nothing(filled: PaperIndex) -> None:
    assert about(filled, "+++", paper("A study")) == [False]


def test_words_are_compared_without_case_accents_and_plural() -> None:
    assert folded("Schrödinger, few-shot NETS") == ["schrodinger", "few", "shot", "net"]


def test_probabilities_are_of_every_paper(filled: PaperIndex) -> None:
    found = chances(filled, "folding", [paper("a"), paper("b")])
    assert len(found) == 2
    assert all(0 <= each <= 1 for each in np.array(found))
