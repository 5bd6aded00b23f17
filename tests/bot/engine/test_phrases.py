"""The things a text names."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import StaticEncoder
from bot.engine.phrases import Phrases, name_ends
from bot.ports import PaperIndex, StoredPaper
from storage.index.disk_index import DiskIndex

SPLATTING = Paper(
    id=PaperId("test:1"),
    title="Learnable density control for 3D Gaussian splatting",
    abstract="Our method estimates the depth too. It is easy. We match content to images with 3DGS and a codec.",
)
OTHER = Paper(
    id=PaperId("test:2"),
    title="Faster rendering",
    abstract="A codec for Gaussian splatting estimates depth of content; this is easy too.",
)

GRIPPERS = Paper(
    id=PaperId("test:3"), title="Soft grippers", abstract="We compare grippers with a codec in the sessions."
)


SHARED: list[tuple[str, str, list[str]]] = [
    ("A singular value decomposition.", "Some singular value decompositions.", ["singular value decomposition"]),
    ("A probabilistic program.", "Probabilistic programming.", []),
    ("All about grippers.", "A gripper with a finger.", ["grippers"]),
    ("All about grippers.", "The gripper palm.", []),
    ("It is about NER.", "This is NER again.", ["NER"]),
    ("It is about a TAG.", "This is a tag again.", []),
    ("The digital micromirror device (DMD).", "The dynamic mode decomposition (DMD).", []),
    ("The dynamic mode decomposition (DMD).", "A DMD that finds each dynamic mode.", ["DMD"]),
    ("The named entity recognition (NER).", "The named entity recognition (NER).", ["named entity recognition"]),
    ("The math word problems.", "A hard math word problem.", ["math word problems"]),
    ("The preference alignment.", "A preference alignment.", ["preference alignment"]),
]
"""Two texts, and what both name."""

NO_THINGS = [
    ("It is at github.com, so see it.", "github.com"),
    ("The Fisher information is high.", "Fisher"),
    ("It saves memory without compromising output quality.", "compromising output quality"),
    ("An initial velocity belongs to it.", "initial velocity belongs"),
    ("The probabil- ity is low.", "probabil"),
    ("It holds for n points.", "n points"),
    ("A noise process driven by waves.", "noise process driven"),
    ("A limit at infinity is found.", "at infinity"),
    ("A Cross-Domain Few-Shot.", "Cross-Domain Few-Shot"),
    ("It is a DP.", "DP"),
    ("Advancing probabilistic programs.", "Advancing probabilistic programs"),
    ("Look at the above plate.", "above plate"),
    ("It leaks during surgery.", "during surgery"),
    ("A state-of-the-art gripper.", "state-of-the-art gripper"),
    ("By grippers estimates.", "grippers"),
]
"""Texts, and what they do not name."""


def paper(abstract: str, title: str = "On it") -> Paper:
    return Paper(id=PaperId("test:p"), title=title, abstract=abstract)


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    index: PaperIndex = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    papers = [SPLATTING, OTHER]
    papers += [GRIPPERS, *(paper("", title=f"Grippers {n}") for n in range(9))]
    papers += [paper(text) for one, other, _ in SHARED for text in (one, other)] + [
        paper(text) for text, _ in NO_THINGS
    ]
    papers += [Paper(id=PaperId(f"test:{n}"), title="On content", abstract="Content is easy too.") for n in range(300)]
    with index.writer() as writer:
        writer.add([StoredPaper(row, row, paper) for row, paper in enumerate(papers, start=1)])
        writer.commit()
    return Phrases(index)


def test_names_end_where_a_noun_phrase_may_and_nowhere_else() -> None:
    assert name_ends("edit the weights of a two-sample test, a hard problem") == {0: False, 2: True, 5: False, 9: True}


def test_things_are_phrases_names_and_telling_nouns(phrases: Phrases) -> None:
    things = named(phrases, SPLATTING)
    assert {"3D Gaussian splatting", "Gaussian splatting", "3DGS"} <= things
    assert not things & {"too", "easy", "estimates", "content", "method", "depth too"}


def test_a_noun_stands_alone_where_papers_are_about_it(phrases: Phrases) -> None:
    assert {"grippers"} == named(phrases, GRIPPERS) & {"grippers", "sessions", "codec"}


def test_shared_things_are_named_once(phrases: Phrases) -> None:
    assert phrases.shared(phrases.things(SPLATTING), OTHER, 3) == ["Gaussian splatting"]


def test_a_formula_is_no_thing(phrases: Phrases) -> None:
    formula = Paper(id=PaperId("test:f"), title="On N+2α", abstract="It holds for 2.47 and N+2α.")
    assert phrases.things(formula) == {}


def named(phrases: Phrases, of: Paper) -> set[str]:
    return {thing.name for thing in phrases.things(of).values()}


def shared(phrases: Phrases, one: str, other: str) -> list[str]:
    return phrases.shared(phrases.things(paper(one)), paper(other), 3)


@pytest.mark.parametrize(("one", "other", "both"), SHARED)
def test_what_is_shared_is_named_by_both(phrases: Phrases, one: str, other: str, both: list[str]) -> None:
    assert shared(phrases, one, other) == both


@pytest.mark.parametrize(("text", "no_thing"), NO_THINGS)
def test_what_only_looks_like_a_phrase_is_none(phrases: Phrases, text: str, no_thing: str) -> None:
    assert no_thing not in named(phrases, paper(text))
