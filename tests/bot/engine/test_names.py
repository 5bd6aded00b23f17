"""Searches that are a name: the paper that introduced it comes first."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import StaticEncoder
from bot.engine.names import IN_USE, introducing, raised
from bot.engine.query import parse_query
from bot.engine.search import near_ties, search
from bot.ports import StoredPaper
from storage.index.disk_index import DiskIndex

PAPERS = {
    "mamba": (2024, "Mamba: Linear-Time Sequence Modeling", "State space models of sequences without attention."),
    "snake": (2014, "Mamba - A Snake Robot", "A waterproof snake robot with tactile sensing in every joint."),
    "vision": (2025, "Vision Mamba for Images", "Mamba state space models of sequences read patches of images."),
    "video": (2025, "Mamba Sees Video", "Mamba, a state space model of sequences, reads the frames of a video."),
    "speech": (2025, "Speech with state space models", "We use Mamba, a model of sequences, for speech."),
    "embed": (2019, "Words as points", "We introduce WordPoint, a method that places words in a plane."),
    "moved": (2021, "Words in time", "WordPoint places words in a plane; we move WordPoint through time."),
    "nets": (2020, "Dimmed Networks: Night Vision", "Networks whose weights are dimmed in the dark."),
    "later nets": (2022, "On dimmed networks", "Dimmed networks, dimmed networks, and dimmed networks once more."),
    **{f"habit {n}": (2001 + n, f"The habitat of frog {n}", "They sit on a raft.") for n in range(IN_USE + 1)},
    "habitat": (2019, "Habitat: A Simulator", "A platform for robots that move through rooms."),
    "raft": (2020, "RAFT: Transforms for Optical Flow", "A network that sees where the pixels of a picture move to."),
    "again": (2023, "RAFT 2.0: Faster Optical Flow", "RAFT sees where the pixels of a picture move to."),
    "flow": (2024, "FlowNeXt: A Better RAFT", "We propose FlowNeXt, which is faster than RAFT."),
    "stone": (2016, "Walls of stones", "We build StoneGAN, a network that lays stones, and teach it."),
    "pebble": (2017, "Training networks of stones", "The recently proposed StoneGAN lays stones. We train it."),
    "gravel": (2018, "Gravel", "We propose StoneGAN for gravel."),
    "endless": (2021, "aB" * 50_000, "Endless words head some titles."),
}
KEYS = list(PAPERS)
STORED = [
    StoredPaper(row, row, Paper(id=PaperId(f"test:{row}"), title=title, abstract=abstract, published=date(year, 1, 1)))
    for row, (year, title, abstract) in enumerate(PAPERS.values(), start=1)
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> DiskIndex:
    index = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    with index.writer() as writer:
        writer.add(STORED)
        writer.commit()
    return index


def read(rows: Sequence[int]) -> list[StoredPaper]:
    return [STORED[row - 1] for row in rows]


def meant(index: DiskIndex, typed: str) -> str | None:
    query = parse_query(typed)
    row = introducing(index, query, search(index, query, 50), read)
    return None if row is None else KEYS[row - 1]


@pytest.mark.parametrize(
    ("typed", "paper"),
    [
        ("mamba", "mamba"),
        ("Mamba snake robot", None),
        ("wordpoint", "embed"),
        ("dimmed networks", "nets"),
        ("Dimmed-Network", "nets"),
        ("raft", "raft"),
        ("stonegan", "gravel"),
        ("endless", None),
    ],
)
def test_a_name_asks_for_the_paper_that_introduced_it(index: DiskIndex, typed: str, paper: str | None) -> None:
    assert meant(index, typed) == paper


def test_a_word_that_titles_had_before_is_no_new_name(index: DiskIndex) -> None:
    assert meant(index, "habitat") is None


@pytest.mark.parametrize(
    "typed",
    ["mamba after:2020", "night vision", '"mamba"', "how is mamba different from attention", "the", "Mamba Sees Video"],
)
def test_only_a_few_words_that_are_no_title_are_a_name(index: DiskIndex, typed: str) -> None:
    assert meant(index, typed) is None


@pytest.mark.parametrize("row", [3, 99])
def test_what_is_raised_stands_first_and_ties_with_nothing(index: DiskIndex, row: int) -> None:
    found = search(index, parse_query("mamba sequences"), 10)
    ranking = raised(found, row)
    assert ranking.rows[0] == row
    assert ranking.rows[1:].tolist() == [other for other in found.rows.tolist() if other != row]
    assert near_ties(ranking.scores)[1] == 1
