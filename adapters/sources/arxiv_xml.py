"""arXiv's three kinds of XML (Atom of the API, RSS, OAI-PMH) -> flat records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING, NamedTuple

from adapters.sources import fields
from adapters.sources.bounded_xml import XML_ERRORS, document
from adapters.sources.bounded_xml import records as bounded_records
from adapters.sources.records import Entry, RecordError
from bot.domain.paper_ids import arxiv_id
from bot.domain.references import parse_paper_id

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_OAI_ARXIV = "{http://arxiv.org/OAI/arXiv/}"

_OAI_IDENTIFIER = "oai:arXiv.org:"
"""What the announcements put before an id, in RSS and in Atom alike."""


class XmlError(ValueError):
    """A body that is not the XML it should be; its text says where it breaks off."""


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """A page of the API's answer; `error` is arXiv's own sentence when the answer is one."""

    entries: list[Entry]
    total: int
    error: str = ""


class Announced(NamedTuple):
    """An item of the RSS: `key` tells it from every other (id, version and kind)."""

    key: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class RssFeed:
    """One announcement; `built` is when the feed says it was made, as written there."""

    items: list[Announced]
    built: str


@dataclass(frozen=True, slots=True)
class OaiPage:
    """A page of a harvest: `datestamp` is its newest one, `token` asks for the next page, `error` is OAI's code.

    `read` is how many records there were up to its end, and `total` how many there are, 0 where it is not said.
    """

    entries: list[Entry]
    read: int = 0
    total: int = 0
    token: str = ""
    datestamp: date | None = None
    error: str = ""
    message: str = ""


def _root(body: bytes, expected: str) -> "Element":
    try:
        root = document(body)
    except XML_ERRORS as error:
        raise XmlError(f"not XML: {error}") from None
    if root.tag != expected:
        raise XmlError(f"<{root.tag.rpartition('}')[2]}> instead of <{expected.rpartition('}')[2]}>")
    return root


def _text(element: "Element", path: str) -> str:
    return fields.text(element.findtext(path) or "")


def _arxiv_only(entry: dict[str, object]) -> Entry:
    """The record, if its id is one of arXiv's: a stray element must not become a paper."""
    written = str(entry["id"]).removeprefix(_OAI_IDENTIFIER)
    found = parse_paper_id(written) if written.startswith("http") else arxiv_id(written)
    return entry | {"id": found} if found else RecordError(f"id: {fields.shown(written)} is not an arXiv id")


def parse_atom(body: bytes) -> AtomFeed:
    """A page of the API's answer. Raises XmlError."""
    feed = _root(body, f"{_ATOM}feed")
    total = _text(feed, f"{_OPENSEARCH}totalResults")
    found = feed.findall(f"{_ATOM}entry")
    error = next((_text(entry, f"{_ATOM}summary") for entry in found if _is_error(entry)), "")
    return AtomFeed(
        entries=[] if error else [_atom_entry(entry) for entry in found],
        total=int(total) if total.isdecimal() else len(found),
        error=error,
    )


def iterate_atom(stream: IO[bytes]) -> Iterator[Entry]:
    """The entries of an Atom feed of any length, a few in memory at a time. Raises XmlError where it breaks off."""
    found = bounded_records(stream, f"{_ATOM}entry")
    while True:
        try:
            element = next(found, None)
        except XML_ERRORS as error:
            raise XmlError(f"not XML: {error}") from None
        if element is None:
            return
        yield RecordError(_text(element, f"{_ATOM}summary")) if _is_error(element) else _atom_entry(element)


def _is_error(entry: "Element") -> bool:
    return "/api/errors" in _text(entry, f"{_ATOM}id")


def _atom_entry(entry: "Element") -> Entry:
    """An entry of the API's feed, or of an announcement, which has a kind (`announce_type`)."""
    kind = _text(entry, f"{_ARXIV}announce_type")
    published, updated = (_text(entry, f"{_ATOM}{name}") or None for name in ("published", "updated"))
    dates = _announced_at(kind, published) if kind else {"published": published, "updated": updated}
    summary = _text(entry, f"{_ATOM}summary")
    return _arxiv_only(
        {
            "id": _text(entry, f"{_ATOM}id"),
            "doi": _text(entry, f"{_ARXIV}doi") or _text(entry, f"{_ARXIV}DOI"),
            "title": _text(entry, f"{_ATOM}title"),
            "abstract": summary.partition("Abstract: ")[2] if kind else summary,
            "authors": [_text(author, f"{_ATOM}name") for author in entry.findall(f"{_ATOM}author")]
            or _text(entry, f"{_DC}creator"),
            "categories": [category.get("term", "") for category in entry.findall(f"{_ATOM}category")],
            **dates,
        }
    )


def _announced_at(kind: str, moment: str | None) -> dict[str, object]:
    """New papers and those new to a category are first seen now; a replacement is an update of a paper seen before."""
    return {"updated" if kind.startswith("replace") else "first_seen": moment}


def parse_rss(body: bytes) -> RssFeed:
    """An announcement. Raises XmlError."""
    channel = _root(body, "rss").find("channel")
    if channel is None:
        raise XmlError("<rss> without <channel>")
    return RssFeed(
        items=[_announced(item) for item in channel.findall("item")],
        built=_text(channel, "lastBuildDate") or _text(channel, "pubDate"),
    )


def _announced(item: "Element") -> Announced:
    kind = _text(item, f"{_ARXIV}announce_type")
    identifier = _text(item, "guid").removeprefix(_OAI_IDENTIFIER) or _text(item, "link")
    entry = _arxiv_only(
        {
            "id": identifier,
            "doi": _text(item, f"{_ARXIV}DOI"),
            "title": _text(item, "title"),
            "abstract": _text(item, "description").partition("Abstract: ")[2],
            "authors": _text(item, f"{_DC}creator"),
            "categories": [category.text or "" for category in item.findall("category")],
            **_announced_at(kind, _text(item, "pubDate") or None),
        }
    )
    return Announced(f"{identifier} {kind}", entry)


def parse_oai(body: bytes) -> OaiPage:
    """A page of ListRecords. Raises XmlError."""
    root = _root(body, f"{_OAI}OAI-PMH")
    error = root.find(f"{_OAI}error")
    if error is not None:
        return OaiPage([], error=error.get("code", "unknown"), message=fields.text(error.text or ""))
    listing = root.find(f"{_OAI}ListRecords")
    if listing is None:
        raise XmlError("<OAI-PMH> without <ListRecords>")
    records = listing.findall(f"{_OAI}record")
    token = listing.find(f"{_OAI}resumptionToken")
    total = 0 if token is None else _count(token, "completeListSize")
    return OaiPage(
        entries=[_oai_entry(record) for record in records if not _is_deleted(record)],
        read=_count(token, "cursor") + len(records) if token is not None and total else 0,
        total=total,
        token=_text(listing, f"{_OAI}resumptionToken"),
        datestamp=max(filter(None, map(_datestamp, records)), default=None),
    )


def _count(element: "Element", name: str) -> int:
    """A number in an attribute; 0 where there is none."""
    written = element.get(name, "")
    return int(written) if re.fullmatch(r"[0-9]{1,12}", written) else 0


def _datestamp(record: "Element") -> date | None:
    try:
        return fields.day(_text(record, f"{_OAI}header/{_OAI}datestamp"))
    except ValueError:
        return None


def _is_deleted(record: "Element") -> bool:
    header = record.find(f"{_OAI}header")
    return header is not None and header.get("status") == "deleted"


def _oai_entry(record: "Element") -> Entry:
    paper = record.find(f"{_OAI}metadata/{_OAI_ARXIV}arXiv")
    if paper is None:
        return RecordError(f"no metadata for {_text(record, f'{_OAI}header/{_OAI}identifier')}")
    return _arxiv_only(
        {
            "id": _text(paper, f"{_OAI_ARXIV}id"),
            "doi": _text(paper, f"{_OAI_ARXIV}doi"),
            "title": _text(paper, f"{_OAI_ARXIV}title"),
            "abstract": _text(paper, f"{_OAI_ARXIV}abstract"),
            "authors": [_oai_name(author) for author in paper.findall(f"{_OAI_ARXIV}authors/{_OAI_ARXIV}author")],
            "categories": _text(paper, f"{_OAI_ARXIV}categories"),
            "published": _text(paper, f"{_OAI_ARXIV}created") or None,
            "updated": _text(paper, f"{_OAI_ARXIV}updated") or None,
        }
    )


def _oai_name(author: "Element") -> str:
    parts = ("forenames", "keyname", "suffix")
    return " ".join(filter(None, (_text(author, f"{_OAI_ARXIV}{part}") for part in parts)))
