"""A transformer in place of the bundled encoder, for instance one of fastembed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.engine.encoder import StaticEncoder, unit_rows
from bot.errors import UserError

_AT_ONCE = 32


class TransformerEncoder:
    """Texts to unit vectors by a network; single words are compared by the bundled lexicon all the same."""

    def __init__(self, name: str, network: Any, lexicon: StaticEncoder) -> None:
        """Take a `fastembed.TextEmbedding`, or what embeds queries and passages as it does."""
        # Tokens of the lexicon are in the index too, so its name is part of this one.
        self.name = f"{name}+{lexicon.name}"
        self.dim = int(network.embedding_size)
        self.costly = True
        self._network = network
        self._lexicon = lexicon

    @classmethod
    def load(cls, name: str, folder: Path) -> "TransformerEncoder":
        """The model of a name that fastembed knows; it is downloaded once, to `folder`. Raises UserError."""
        try:
            from fastembed import TextEmbedding
        except ImportError:
            raise UserError(
                "PAPERBOY_ENCODER names a transformer, which needs fastembed: pip install 'paperboy-bot[fastembed]'."
            ) from None
        try:
            network = TextEmbedding(name, cache_dir=str(folder))
        except Exception as error:  # what its many parts raise has no common class
            raise UserError(f"fastembed cannot load PAPERBOY_ENCODER={name}: {error}") from error
        return cls(f"fastembed-{name}", network, StaticEncoder.load())

    @property
    def lexicon(self) -> StaticEncoder:
        """The bundled encoder's tokens."""
        return self._lexicon

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of queries [texts, dim], of unit length; of a text without words, zero."""
        return self._vectors(texts, self._network.query_embed([text or " " for text in texts]))

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of papers [papers, dim], of unit length."""
        texts = [f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)]
        return self._vectors(texts, self._network.passage_embed(texts, batch_size=_AT_ONCE))

    def _vectors(self, texts: Sequence[str], embedded: Iterable[NDArray[Any]]) -> NDArray[np.float32]:
        rows = np.array(list(embedded), np.float32).reshape(len(texts), self.dim)
        rows[[not any(map(str.isalnum, text)) for text in texts]] = 0
        return unit_rows(rows)
