"""Text -> vector: a static encoder, the weighted sum of learned token vectors.

A text becomes a bag of tokens: words, and pieces of the words that are unknown. Its vector is the sum over tokens of
sqrt(count) * weight * vector, scaled to unit length. The root makes repetition,
as in a long abstract, count less, but what is said often still counts more. There is no network to run, so one core of
a laptop reads thousands of abstracts a second. `tools/train_encoder.py` makes the weights.
"""

import hashlib
import json
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.pieces import Pieces, as_numbers
from bot.domain.words import PerPiece, normalized
from bot.ports import TermCounts

BUNDLED_WEIGHTS = Path(__file__).parent / "weights"
PIECE_PREFIX = "##"
TITLE_SHARE = np.float32(0.5)

WORD_DIM = 128
"""How many numbers of a token's vector are used to compare single words: the first ones matter most."""

_FORMAT = "paperboy-static-1"
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_LONGEST_TEXT = 50_000  # characters read of one text; some forty abstracts
_LONGEST_WORD = 48  # characters; anything longer is data, not language
_REMEMBERED = 1 << 18  # pieces of texts whose tokens are kept


def fold(text: str) -> str:
    """Lower case, without accents and compatibility forms: what two spellings of one word have in common."""
    if not text.isascii():
        text = _ACCENTS.sub("", normalized("NFKD", text))
    return text.lower()


def words(text: str) -> list[str]:
    """The runs of letters and digits in a text, folded, in order."""
    return _WORD.findall(fold(text[:_LONGEST_TEXT]))


class Vocabulary:
    """The tokens an encoder knows, and how a text is cut into them.

    A token is a word ("graph") or, marked "##", a piece that continues a word ("##former"). An unknown word is cut
    greedily into the longest known beginning and longest known pieces (Schuster & Nakajima 2012); characters that fit
    no piece are skipped.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        self._ids = dict(zip(tokens, range(len(tokens)), strict=True))
        if len(self._ids) != len(tokens):
            raise ValueError("a vocabulary lists every token once")
        self._longest = max(map(len, tokens), default=0)
        self._of_pieces = PerPiece(lambda piece: as_numbers(self._read(piece)), _REMEMBERED)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the tokens, without what is remembered of pieces."""
        return Vocabulary, (self.tokens,)

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: str) -> bool:
        return token in self._ids

    def token_ids(self, text: str) -> list[int]:
        """The ids of a text's words and pieces, in order and repeated as they are in it."""
        return array("I", b"".join(map(self._of_pieces.__getitem__, text[:_LONGEST_TEXT].split()))).tolist()

    def of_all(self, texts: Pieces) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """The ids of texts, one text after another, and where those of each begin, [texts + 1]."""
        return texts.numbers(self._of_pieces)

    def _read(self, text: str) -> Iterator[int]:
        for word in words(text):
            known = self._ids.get(word)
            yield from self.cut(word[:_LONGEST_WORD]) if known is None else (known,)

    def cut(self, word: str) -> Iterator[int]:
        """The ids of the pieces of a word that is not a token itself."""
        start = 0
        while start < len(word):
            prefix = PIECE_PREFIX if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                i = self._ids.get(prefix + word[start:end])
                if i is not None:
                    yield i
                    start = end
                    break
            else:
                start += 1


class StaticEncoder:
    """Texts to unit vectors whose dot product says how near they are in meaning.

    Safe to share between threads: encoding changes only a cache of how words are cut.
    """

    def __init__(
        self, vocabulary: Vocabulary, vectors: NDArray[np.int8], weights: NDArray[np.float32], name: str
    ) -> None:
        """Take int8 token vectors [tokens, dim] and their float32 weights [tokens], the quantising step included."""
        if not len(vocabulary) == len(vectors) == len(weights):
            sizes = f"{len(vocabulary)} tokens, {len(vectors)} vectors and {len(weights)} weights"
            raise ValueError(f"{sizes} do not match")
        self.name = name
        self.dim = int(vectors.shape[1])
        self._vocabulary = vocabulary
        self._vectors = vectors
        self._weights = weights
        self._head_scales = np.zeros(len(weights), np.float32)

    @classmethod
    def load(cls, path: Path | None = None) -> "StaticEncoder":
        """The encoder kept in a directory (the bundled one by default), its vectors memory-mapped.

        Raises FileNotFoundError when a file is missing, ValueError when the files do not belong together.
        """
        path = path or BUNDLED_WEIGHTS
        tokens = json.loads((path / "vocabulary.json").read_text(encoding="utf-8"))
        vectors = np.load(path / "vectors.npy", mmap_mode="r")
        weights = np.load(path / "weights.npy")
        return cls(Vocabulary(tokens), vectors, weights, name=identity(tokens, vectors, weights))

    costly = False

    @property
    def lexicon(self) -> "StaticEncoder":
        """The encoder itself: each of its tokens has a vector."""
        return self

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self._vocabulary)

    def token_ids(self, text: str) -> list[int]:
        """The tokens of a text, in order."""
        return self._vocabulary.token_ids(text)

    def knows(self, word: str) -> bool:
        """Whether a folded word is a token of its own."""
        return word in self._vocabulary

    def closeness(self, tokens: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cosines [len(tokens), len(others)] of the first WORD_DIM numbers of two sets of tokens' vectors."""
        (ours, our_scales), (theirs, their_scales) = map(self._heads, (tokens, others))
        ours *= our_scales[:, None]
        cosines: NDArray[np.float32] = ours @ theirs.T
        cosines *= their_scales
        return cosines

    def _heads(self, tokens: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The first WORD_DIM numbers of tokens' vectors, [tokens, WORD_DIM], and what scales each to length 1.

        Scales are kept, 0 for a token that was never asked for: making those of all takes half as long as a search.
        """
        # A plain array over the same memory: those of numpy's memmap class are slow to slice.
        heads = np.asarray(self._vectors)[:, :WORD_DIM][tokens].astype(np.float32)
        scales = self._head_scales[tokens]
        if not scales.all():
            scales = 1 / np.sqrt(np.maximum(np.einsum("ij,ij->i", heads, heads), 1))
            self._head_scales[tokens] = scales
        return heads, scales

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors [texts, dim] of unit length; a text without a known token gets zeros."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            # A query has a few tokens: counting them in Python is faster than what pays for papers.
            counts = Counter(self.token_ids(text))
            ids, times = np.fromiter(counts, np.int64), np.fromiter(counts.values(), np.float32)
            self._add_up(np.sqrt(times) * self._weights[ids], ids, out=row)
        return unit_rows(rows)

    def _encode(self, tokens: TermCounts) -> NDArray[np.float32]:
        rows = np.zeros((len(tokens), self.dim), np.float32)
        shares = np.sqrt(tokens.counts.astype(np.float32)) * self._weights[tokens.numbers]
        for row, (start, end) in zip(rows, pairwise(tokens.bounds.tolist()), strict=True):
            self._add_up(shares[start:end], tokens.numbers[start:end], out=row)
        return unit_rows(rows)

    def _add_up(self, shares: NDArray[np.float32], ids: NDArray[Any], *, out: NDArray[np.float32]) -> None:
        """Put the sum of some tokens' vectors, each times its share, into `out` [dim]."""
        # A plain array over the same memory: those of numpy's memmap class are slow to index.
        np.dot(shares, np.asarray(self._vectors).take(ids, axis=0).astype(np.float32), out=out)

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors [papers, dim] of unit length, to be compared with those that `encode` gives for queries.

        A paper is its whole text plus half its title, both as unit vectors: in the sum of a long abstract the title
        would count for little, although it says best what the paper is about. Raises ValueError when there are not as
        many abstracts as titles.
        """
        texts = chain.from_iterable(zip(titles, abstracts, strict=True))
        return self.read_papers(Pieces.of(texts))[0]

    def read_papers(self, texts: Pieces) -> tuple[NDArray[np.float32], TermCounts]:
        """The vectors of `encode_papers`, and the tokens of each paper, of which title and abstract are given."""
        bounds, ids = self._vocabulary.of_all(texts)
        tokens = TermCounts.of(bounds[::2], ids)
        lengths = np.diff(bounds)
        of_titles = ids[np.repeat(np.arange(len(lengths)) % 2 == 0, lengths)]
        titles = TermCounts.of(np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths[::2])]), of_titles)
        return unit_rows(self._encode(tokens) + TITLE_SHARE * self._encode(titles)), tokens


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1; rows of zeros stay so."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def identity(tokens: Sequence[str], vectors: NDArray[np.int8], weights: NDArray[np.float32]) -> str:
    """A name that changes with the weights, so that an index knows when its vectors are of another encoder.

    The digest is made of about a thousand of the vectors: reading all of them would take longer than loading.
    """
    digest = hashlib.sha256("\n".join(tokens).encode())
    digest.update(weights.tobytes())
    digest.update(np.ascontiguousarray(vectors[:: max(1, len(vectors) // 1024)]).tobytes())
    return f"{_FORMAT}-{digest.hexdigest()[:12]}"
