"""The tantivy side of the index: how papers become documents, and how documents are written."""

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize

import tantivy
from tantivy import Filter, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from bot.domain.papers import Paper, title_key
from bot.domain.patterns import later
from bot.domain.pieces import Pieces
from bot.domain.words import PerPiece, as_typed
from bot.ports import StoredPaper
from storage.index.arrays import day_number
from storage.index.categories import category_keys, marks

_LONGEST_TERM = 40

_NAME_PARTS = re.compile(r"[^\W_]+")
_RUN = later("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}")
"""Chinese signs, kana and hangul side by side."""

_APOSTROPHES = re.compile(r"(?<=\w)['’`´ʼ](?=\w)")
_SIGNED_LETTER = re.compile(r"\b([CFJ])(\+\+|#)(?!\w)", re.IGNORECASE)
_SIGNS = {"++": "plusplus", "#": "sharp"}

_BULK_HEAP, _HEAP = 512_000_000, 64_000_000
_THREADS = 1  # Every thread makes a segment of its own, and each segment has to be searched.


def _analyzer(*filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(step)
    return builder.build()


def _analyzers() -> dict[str, TextAnalyzer]:
    stem = Filter.stemmer("english")
    shorten = Filter.remove_long(_LONGEST_TERM)
    return {
        "text": _analyzer(shorten, Filter.stopword("english"), stem),
        # A free text is also matched with names, without dropping stop words: "An" and "Will" are names too.
        "stemmed_name": _analyzer(shorten, stem),
        "name": _analyzer(),
    }


ANALYZERS = _analyzers()

_LEFT_OUT = "."
"""Stands in the place of a word that is not indexed: a long one or a stop word. No term is written so."""

_BREAK = " ".join([_LEFT_OUT] * 10)
"""Keeps a phrase from matching across the end of the title."""

_CUT = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([_LEFT_OUT])).build()
"""The analyzer of a title and a text that are cut into terms already, as a writer has them."""

_WORDS = TextAnalyzerBuilder(Tokenizer.simple()).build()


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    # Signed: unsigned fields make the writer fail later.
    builder.add_integer_field("row", indexed=True, fast=True)
    builder.add_integer_field("day", fast=True)
    builder.add_text_field("title", tokenizer_name="text")
    builder.add_text_field("text", tokenizer_name="text")
    builder.add_text_field("authors", tokenizer_name="stemmed_name", index_option="freq")
    builder.add_text_field("author", tokenizer_name="name")
    for exact in ("id", "title_key", "category"):
        builder.add_text_field(exact, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


def encodable(text: str) -> str:
    """A text without half surrogate pairs, which people may type and tantivy does not accept."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode()


def spell_out(text: str) -> str:
    """A text whose words tantivy can tell apart.

    Names that differ by signs alone are spelt out: `C++` is not `C`. Chinese, Japanese and Korean have no spaces where
    words end: each two neighbours stand for a word, so that one is found within a longer run.
    """
    text = encodable(text)
    if not text.isascii():
        text = _RUN.sub(_pairs, text)
    if "+" not in text and "#" not in text:
        return text
    return _SIGNED_LETTER.sub(lambda match: match[1] + _SIGNS[match[2]], text)


def _pairs(run: re.Match[str]) -> str:
    """`慢波综述` as `慢波 波综 综述`, apart from what stands around it."""
    return f" {' '.join(first + second for first, second in pairwise(run[0]))} "


def single_signs(text: str) -> str:
    """Every sign of the runs in a text that `spell_out` indexes by pairs: a word may be one sign."""
    return "" if text.isascii() else " ".join(char for run in _RUN.findall(text) for char in run)


def in_speaking_order(name: str) -> str:
    """`Ho, Jonathan` as `Jonathan Ho`."""
    family, comma, given = encodable(name).partition(",")
    return f"{given} {family}" if comma else family


def name_forms(name: str) -> list[str]:
    """The ways an author's name is written: given names in full, shortened or left out, family name first or last.

    >>> name_forms("Geoffrey Hinton")
    ['Geoffrey Hinton', 'G Hinton', 'Hinton Geoffrey', 'Hinton G']
    """
    parts = _NAME_PARTS.findall(in_speaking_order(name))
    if len(parts) < 2:
        return parts
    first, *others, family = parts
    forms = [f"{first} {family}", f"{first[0]} {family}", f"{family} {first}", f"{family} {first[0]}"]
    if others:
        rest = " ".join(others)
        initials = " ".join([part[0] for part in parts[:-1]])
        forms = [
            f"{first} {rest} {family}",
            *forms[:2],
            f"{first[0]} {rest} {family}",
            f"{initials} {family}",
            f"{family} {first} {rest}",
            forms[3],
            # Where the family name comes first, as in `Li Fei-Fei`.
            f"{rest} {family} {first}",
        ]
    return list(dict.fromkeys(forms))


def spellings(name: str) -> list[str]:
    """A name, and what people type who cannot or will not type its signs: `Mueller` for Müller, `OConnor`."""
    if name.isascii() and "'" not in name and "`" not in name:
        return [name]
    name = encodable(name)
    joined = _APOSTROPHES.sub("", name)
    return list(dict.fromkeys((name, joined, as_typed(joined))))


def cut(piece: str) -> str:
    """The terms of a piece of text between blanks as the analyzer `text` has them, each in the place of its word.

    >>> cut("Half-moons"), cut("state-of-the-art")
    ('half moon', 'state . . art')
    """
    written, analyze = spell_out(piece), ANALYZERS["text"].analyze
    words, terms = _WORDS.analyze(written), analyze(written)
    if len(terms) < len(words):
        terms = ["".join(analyze(word)) or _LEFT_OUT for word in words]
    return " ".join(terms)


_cut = PerPiece(cut, 1 << 18)


def cut_texts(texts: Pieces) -> Pieces:
    """Texts cut into terms, each piece stemmed once for all: stemming takes tantivy as long as all the rest."""
    return texts.each(_cut)


def terms_of(piece: str) -> list[str]:
    """The terms of a piece that is `cut`."""
    return [term for term in piece.split() if term != _LEFT_OUT]


def document(row: int, paper: Paper, title: str, abstract: str) -> tantivy.Document:
    """What tantivy indexes of a paper, its title and abstract being cut into terms; nothing of it is stored."""
    names = [spelling for name in paper.authors for spelling in spellings(name)]
    signs = " ".join(filter(None, map(single_signs, (paper.title, paper.abstract))))
    return tantivy.Document(
        row=row,
        day=day_number(paper.published),
        id=paper.id,
        title=title,
        text=f"{title} {_BREAK} {abstract}" + (f" {_BREAK} {signs}" if signs else ""),
        authors=[spell_out(name) for name in names],
        author=list(dict.fromkeys(form for name in names for form in name_forms(name))),
        category=list(category_keys(marks(paper))),
        title_key=title_key(paper.title),
    )


def open_index(directory: Path, *, create: bool = False) -> tantivy.Index:
    """The tantivy index in a directory, to be written with `create`. It sees new commits only after `reload`."""
    if create:
        directory.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(SCHEMA, path=str(directory)) if create else tantivy.Index.open(str(directory))
    for name, analyzer in (ANALYZERS | {"text": _CUT} if create else ANALYZERS).items():
        index.register_tokenizer(name, analyzer)
    index.config_reader("manual")
    return index


class Links:
    """A folder of its own with links to the files of a directory; it is gone with the object.

    tantivy makes a lock file also to read, which it cannot in a directory that can only be read.
    """

    def __init__(self, directory: Path) -> None:
        self.path = Path(mkdtemp(prefix="paperboy-"))
        self._gone = finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        for file in directory.iterdir():
            if not file.name.endswith(".lock"):
                (self.path / file.name).symlink_to(file.absolute())

    @classmethod
    def if_needed(cls, directory: Path) -> "Links | None":
        """Links to a directory that cannot be written to; None for one that can."""
        can_write = os.access(directory, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
        return None if can_write else cls(directory)


class WordsWriter:
    """Adds documents. tantivy indexes them in its own threads while the caller does other work."""

    def __init__(self, directory: Path, *, bulk: bool) -> None:
        self._index = open_index(directory, create=True)
        self._writer = self._index.writer(_BULK_HEAP if bulk else _HEAP, _THREADS)
        if bulk:
            # Begins the merges that a killed writer did not come to: they would be of other sizes later, or left out.
            self._writer.commit()

    def count(self) -> int:
        """How many documents are committed."""
        self._index.reload()
        return self._index.searcher().num_docs

    def segments(self) -> int:
        """How many segments they are in."""
        self._index.reload()
        return self._index.searcher().num_segments

    def add(self, papers: Iterable[StoredPaper], texts: Sequence[str]) -> None:
        """Add documents of papers that have none; `texts` are each one's title and its abstract, cut into terms."""
        for stored, title, abstract in zip(papers, texts[::2], texts[1::2], strict=True):
            self._writer.add_document(document(stored.row, stored.paper, title, abstract))

    def remove(self, rows: Iterable[int]) -> None:
        """Remove the documents of papers, if they have any."""
        for row in rows:
            self._writer.delete_documents_by_term("row", row)

    def commit(self) -> None:
        """Flush what was added and removed to the disk."""
        self._writer.commit()

    def close(self) -> None:
        """Drop what was not committed; wait for running merges, which would be lost otherwise."""
        self._writer.wait_merging_threads()
