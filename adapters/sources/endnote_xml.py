"""EndNote's XML -> flat records."""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from adapters.sources import fields
from adapters.sources.bounded_xml import XML_ERRORS, records
from adapters.sources.records import Entry
from bot.domain.papers import PaperKind
from bot.errors import SourceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_endnote_xml(name: str, stream: IO[bytes]) -> Iterator[tuple[str, Entry]]:
    """The records of a file called `name`. Raises SourceError where it is not XML; what came before stands."""
    try:
        for number, record in enumerate(records(stream, "record"), 1):
            yield f"entry {number}", _entry(record)
    except XML_ERRORS as error:
        raise SourceError(f"{name}: not XML: {error}") from None


def _entry(record: "Element") -> Entry:
    return {
        "doi": _text(record, "electronic-resource-num"),
        "also": fields.pubmed_ids(_text(record, "accession-num") if _is_of_pubmed(record) else None, None),
        "link": _text(record, "urls/related-urls/url"),
        "title": _text(record, "titles/title"),
        "abstract": _text(record, "abstract"),
        "authors": [_joined(author) for author in record.findall("contributors/authors/author")],
        "keywords": [_joined(keyword) for keyword in record.findall("keywords/keyword")],
        "published": _text(record, "dates/year"),
        "kind": next((_KINDS.get(each.get("name", "")) for each in record.iter("ref-type")), None),
        "venue": _text(record, "periodical/full-title") or _text(record, "titles/secondary-title"),
        "volume": _text(record, "volume"),
        "issue": _text(record, "number"),
        "pages": _text(record, "pages"),
    }


_KINDS = {
    "Journal Article": PaperKind.ARTICLE,
    "Conference Paper": PaperKind.CONFERENCE,
    "Conference Proceedings": PaperKind.CONFERENCE,
}


def _is_of_pubmed(record: "Element") -> bool:
    return _text(record, "remote-database-provider") in {"NLM", "PubMed"}


def _text(record: "Element", path: str) -> str | None:
    found = record.find(path)
    return (_joined(found) or None) if found is not None else None


def _joined(element: "Element") -> str:
    """A text that runs of style may have cut into pieces."""
    return fields.text("".join(element.itertext()))
