"""BibTeX -> flat records."""

import logging
from collections.abc import Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Block, DuplicateBlockKeyBlock
from bibtexparser.model import Entry as Item

from adapters.sources import fields
from adapters.sources.records import Entry, RecordError
from bot.domain.papers import arxiv_id, find_paper_ids, is_arxiv

# What it would log about broken entries is reported with its line instead.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

_PLACES_OF_ARXIV_IDS = ("eprint", "url", "journal", "note", "howpublished", "doi")


def read_bibtex(source: str) -> Iterator[tuple[str, Entry]]:
    """The entries of a bibliography with the lines they begin on; LaTeX accents become letters.

    An entry's id is its arXiv eprint, else its DOI or link, else one for its title. Raises RecordError when the
    bibliography cannot be read at all.
    """
    blocks = _parse(source)
    for block in sorted(blocks, key=lambda block: block.start_line or 0):
        yield str((block.start_line or 0) + 1), _entry(block)


def _parse(source: str) -> list[Block]:
    try:
        library = parse_string(source, append_middleware=[LatexDecodingMiddleware()])
    except Exception as error:  # its parser "fails hard" with whatever it stumbled over
        raise RecordError(f"not BibTeX: {error}") from error
    return [*library.entries, *library.failed_blocks]


def _entry(block: Block) -> Entry:
    if isinstance(block, DuplicateBlockKeyBlock):
        # Two papers may share a citation key; alone, the second one can be read.
        try:
            block = next(iter(_parse(block.raw or "")), block)
        except RecordError as error:
            return error
    if not isinstance(block, Item):
        return RecordError(f"not BibTeX: {_reason(block)}")
    found = {key.lower(): str(field.value) for key, field in block.fields_dict.items()}
    return {
        "id": _arxiv_id(found),
        "doi": found.get("doi"),
        "link": found.get("url"),
        "title": found.get("title"),
        "abstract": found.get("abstract"),
        "authors": _authors(found.get("author", "")),
        "categories": found.get("primaryclass"),
        "keywords": found.get("keywords"),
        "published": found.get("date") or found.get("year"),
    }


def _reason(block: Block) -> str:
    """Why a block cannot be read; the parser says nothing where one breaks off."""
    return fields.text(str(getattr(block, "error", block))) or "the entry does not end"


def _authors(author: str) -> list[str]:
    return [fields.given_name_first(name) for name in fields.text(author).split(" and ")]


def _arxiv_id(found: dict[str, str]) -> str | None:
    """The eprint, or an arXiv id that stands where people put it: 'arXiv preprint arXiv:2310.06825'."""
    if eprint := arxiv_id(found.get("eprint", "")):
        return eprint
    named = (paper for place in _PLACES_OF_ARXIV_IDS for paper in find_paper_ids(found.get(place, "")))
    return next(filter(is_arxiv, named), None)
