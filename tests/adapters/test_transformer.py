"""A transformer in place of the bundled encoder."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.transformer import TransformerEncoder
from bot.engine.encoder import StaticEncoder
from bot.errors import UserError


class Network:
    """Embeds as `fastembed.TextEmbedding` does: arrays that are not of unit length, one at a time."""

    embedding_size = 3

    def query_embed(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        return (np.array([3, 0, 4], np.float32) for _ in texts)

    def passage_embed(self, texts: Sequence[str], batch_size: int) -> Iterator[NDArray[np.float32]]:
        return (np.array([0, len(text), 0], np.float32) for text in texts)


@pytest.fixture(scope="module")
def encoder() -> TransformerEncoder:
    return TransformerEncoder("fastembed-some/model", Network(), StaticEncoder.load())


def test_vectors_have_unit_length_and_queries_are_not_read_as_papers(encoder: TransformerEncoder) -> None:
    assert np.allclose(encoder.encode(["graph"]), [[0.6, 0, 0.8]])
    assert np.allclose(encoder.encode_papers(["Graphs"], ["Nodes."]), [[0, 1, 0]])


def test_a_text_without_words_has_no_direction(encoder: TransformerEncoder) -> None:
    assert not encoder.encode(["", "?!"]).any()
    assert encoder.encode([]).shape == (0, 3)
    assert not encoder.encode_papers([""], [""]).any()


def test_its_name_changes_with_the_model_and_with_the_lexicon(encoder: TransformerEncoder) -> None:
    lexicon = StaticEncoder.load()
    assert encoder.name == f"fastembed-some/model+{lexicon.name}"
    assert encoder.lexicon.name == lexicon.name
    assert encoder.costly


def test_without_fastembed_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "fastembed", None)
    with pytest.raises(UserError, match="pip install"):
        TransformerEncoder.load("BAAI/bge-small-en-v1.5", tmp_path)


def test_a_name_that_nobody_knows_is_named(tmp_path: Path) -> None:
    pytest.importorskip("fastembed", reason="the extra `fastembed` is not installed")
    with pytest.raises(UserError, match="nobody/nothing"):
        TransformerEncoder.load("nobody/nothing", tmp_path)
