"""A tiny run of the encoder's training, on a corpus made up here and with a stand-in for the sentence transformer."""

import importlib.util
import json
import lzma
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bot.engine.encoder import StaticEncoder, Vocabulary

pytest.importorskip("torch", reason="training needs the extra `train`, which is not installed")
pytest.importorskip("scipy", reason="training needs the extra `train`, which is not installed")

TOPICS = {
    "galaxies": "telescope survey redshift cluster halo dark matter spectrum star luminosity",
    "proteins": "folding residue binding enzyme structure sequence mutation cell assay ligand",
    "parsing": "grammar treebank syntax sentence corpus annotation tagger language dependency clause",
    "robots": "gripper arm locomotion grasp policy controller torque simulation manipulation sensor",
}


class Dice:
    """Random vectors in place of a transformer's: what the trained ones know, they have learned."""

    def __init__(self) -> None:
        self.calls = 0

    def pieces(self) -> list[str]:
        return ["##ing", "##s"]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls += 1
        return np.random.default_rng(0).normal(size=(len(texts), 48)).astype(np.float32)


@pytest.fixture(scope="module")
def training() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "train_encoder.py"
    spec = importlib.util.spec_from_file_location("train_encoder", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_encoder"] = module
    spec.loader.exec_module(module)
    return module


def some_papers() -> list[dict[str, str]]:
    rng = np.random.default_rng(1)
    papers = []
    for i in range(240):
        topic = list(TOPICS)[i % len(TOPICS)]
        words = rng.choice(TOPICS[topic].split(), size=(5, 4))
        sentences = [f"We study the {' '.join(row)}." for row in words[1:]]
        papers.append({"title": f"{topic} {i} {' '.join(words[0])}", "abstract": " ".join(sentences)})
    return papers


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(paper) + "\n" for paper in some_papers())
    return path


def tiny(training: ModuleType, epochs: int = 20) -> object:
    return training.Options(tokens=160, dim=32, prefixes=(32, 16), epochs=epochs, batch=48, rate=0.01)


def same_files(one: Path, other: Path) -> bool:
    names = sorted(file.name for file in one.iterdir())
    return names == sorted(file.name for file in other.iterdir()) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )


def test_training_brings_what_is_written_together_near(training: ModuleType, corpus: Path, tmp_path: Path) -> None:
    training.run([corpus], [], tmp_path / "out", tmp_path / "work", tiny(training), Dice())
    encoder = StaticEncoder.load(tmp_path / "out")
    halves = [" ".join(words.split()[half::2]) for words in TOPICS.values() for half in (0, 1)]
    rows = encoder.encode(halves)
    scores = rows[0::2] @ rows[1::2].T
    assert encoder.dim == 32
    assert np.diag(scores).min() > scores[~np.eye(len(TOPICS), dtype=bool)].max()


def test_an_interrupted_run_ends_as_an_uninterrupted_one(training: ModuleType, corpus: Path, tmp_path: Path) -> None:
    options = tiny(training, epochs=3)
    training.run([corpus], [], tmp_path / "whole", tmp_path / "work-1", options, Dice())

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    dice = Dice()
    with pytest.raises(KeyboardInterrupt):
        training.run([corpus], [], tmp_path / "resumed", tmp_path / "work-2", options, dice, report=interrupt)
    assert not (tmp_path / "resumed").exists()
    training.run([corpus], [], tmp_path / "resumed", tmp_path / "work-2", options, dice)
    assert dice.calls == 1
    assert same_files(tmp_path / "whole", tmp_path / "resumed")


def test_a_work_directory_serves_one_run(training: ModuleType, corpus: Path, tmp_path: Path) -> None:
    training.run([corpus], [], tmp_path / "out", tmp_path / "work", tiny(training, epochs=1), Dice())
    with pytest.raises(ValueError, match="another run"):
        training.run([corpus], [], tmp_path / "out", tmp_path / "work", tiny(training, epochs=2), Dice())


def test_papers_are_read_once_and_excluded_by_title(training: ModuleType, tmp_path: Path) -> None:
    lines = [
        {"title": "Graph Networks", "abstract": "One."},
        {"title": "graph networks.", "abstract": "A second listing."},
        {"title": "Held back", "abstract": "Two."},
        {"title": "No abstract", "abstract": ""},
    ]
    papers, held = tmp_path / "papers.jsonl", tmp_path / "held.jsonl"
    papers.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    held.write_text(json.dumps({"title": "Held Back!"}), encoding="utf-8")
    assert [paper.abstract for paper in training.read_papers([papers], [held])] == ["One."]


def test_views_of_a_paper_share_no_sentence(training: ModuleType) -> None:
    vocabulary = Vocabulary([f"w{i}" for i in range(40)])
    papers = [training.Paper(f"w{i}", ". ".join(f"W{i + j}" for j in range(1, 6)) + ".") for i in (0, 10, 20, 30)]
    sentences = training.Sentences.of(papers, vocabulary)
    left, right = sentences.views(np.array([2, 0, 3]), (0.4, 0.3, 0.3), np.random.default_rng(0))
    for row, paper in enumerate((2, 0, 3)):
        one, other = set(left[[row]].indices), set(right[[row]].indices)
        assert not one & other
        assert one | other == set(range(10 * paper, 10 * paper + 6))


def test_the_most_frequent_words_become_tokens(training: ModuleType) -> None:
    papers = [
        training.Paper("network", "graph networks"),
        training.Paper("network", "graph"),
        training.Paper("rare", ""),
    ]
    tokens = training.choose_tokens(papers, ["##ing"], 36 + 37 + 2)
    assert tokens[36:38] == ["graph", "network"]
    assert tokens[-1] == "##ing"


def test_int8_vectors_keep_their_directions(training: ModuleType) -> None:
    folded = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    vectors, weights = training.quantise(folded)
    restored = vectors * weights[:, None]
    cosines = (restored * folded).sum(1) / np.linalg.norm(restored, axis=1) / np.linalg.norm(folded, axis=1)
    assert vectors.dtype == np.int8
    assert cosines.min() > 0.9999
