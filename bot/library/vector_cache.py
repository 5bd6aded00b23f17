"""Vectors that take long to make are made once and kept in the store."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.papers import Paper
from bot.ports import CachedVector, Encoder, StoredPaper, Vectors
from bot.runtime.cancellation import to_its_end

if TYPE_CHECKING:
    from bot.ports import LibraryStore

_MADE_AT_ONCE = 64
"""Vectors made between two times that they are kept: what an interruption costs."""


async def paper_vectors(store: "LibraryStore", encoder: Encoder, papers: Sequence[StoredPaper]) -> Vectors | None:
    """Vectors of papers, [len(papers), dim], kept or made and kept now; None for an encoder that is quick."""
    if not encoder.costly:
        return None
    texts = {stored.row: text_hash(stored.paper) for stored in papers}
    known = await store.cached_vectors(encoder.name, list(texts))
    vectors = {kept.row: unpacked(kept.vector) for kept in known if kept.text == texts[kept.row]}
    missing = [stored for stored in papers if stored.row not in vectors]
    for start in range(0, len(missing), _MADE_AT_ONCE):
        some = missing[start : start + _MADE_AT_ONCE]
        titles, abstracts = [s.paper.title for s in some], [s.paper.abstract for s in some]
        made = await to_its_end(asyncio.to_thread(encoder.encode_papers, titles, abstracts))
        kept = [CachedVector(s.row, texts[s.row], packed(v)) for s, v in zip(some, made, strict=True)]
        await store.cache_vectors(encoder.name, kept)
        vectors |= {each.row: unpacked(each.vector) for each in kept}
    return np.array([vectors[stored.row] for stored in papers], np.float32)


def text_hash(paper: Paper) -> str:
    """What changes when the text that a paper's vector is made of does."""
    return hashlib.sha256(f"{paper.title}\n{paper.abstract}".encode()).hexdigest()[:32]


def packed(vector: Vectors) -> bytes:
    """A vector as it is kept: 16 bits a number, little-endian."""
    return vector.astype("<f2").tobytes()


def unpacked(vector: bytes) -> Vectors:
    """A kept vector, [dim]."""
    return np.frombuffer(vector, "<f2").astype(np.float32)
