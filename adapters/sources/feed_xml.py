"""RSS and Atom of any site -> flat records, by feedparser."""

import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser

from adapters.sources.records import Entry
from bot.domain.links import LONGEST_LINK
from bot.domain.paper_ids import arxiv_id, is_arxiv
from bot.domain.papers import PaperKind
from bot.domain.references import parse_paper_id

_ANNOUNCED = re.compile(r"arXiv:\S+ Announce Type: \S+\s+Abstract: ")
_TRACKING = re.compile(r"utm_\w+|rss|af|source|src|from|ref|via|fbclid|gclid|mc_cid|mc_eid")
_LONGEST_ADDRESS = 160
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_HEAD = 1 << 16
"""Bytes in which a feed says that it is one."""

_MOST_MARKS = 200_000
"""Tags and references of a feed: feedparser takes up to a tenth of a millisecond for each."""


class FeedError(ValueError):
    """A body that is neither RSS nor Atom."""


def parse_feed(body: bytes) -> list[Entry]:
    """The papers of a feed, known by DOI, else arXiv id, else link. Raises FeedError."""
    if not _ROOT.search(body[:_HEAD].replace(b"\0", b"")):  # as UTF-16 has them
        raise FeedError("neither RSS nor Atom")
    if body.count(b"<") + body.count(b"&") > _MOST_MARKS:
        raise FeedError(f"more than {_MOST_MARKS:,} tags")
    # Bytes that name a file would be taken for its name: a stream is never opened.
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise FeedError("neither RSS nor Atom")
    return [_entry(item) for item in parsed.entries]


def _entry(item: Mapping[str, Any]) -> Entry:
    link = str(item.get("link") or "")
    doi = item.get("prism_doi") or item.get("dc_identifier") or item.get("arxiv_doi")
    arxiv = _arxiv_id(item, link)
    tags = [str(tag.get("term") or "") for tag in item.get("tags") or []]
    journal = item.get("prism_publicationname")
    seen = item.get("published") or item.get("updated")
    return {
        "id": arxiv or (None if parse_paper_id(link) else _id_of_address(link)),
        "doi": doi,
        "link": link,
        "title": item.get("title"),
        "abstract": _ANNOUNCED.sub("", _text(item), count=1),
        "authors": _authors(item),
        "categories": tags if arxiv else None,
        "keywords": None if arxiv else tags,
        "published": item.get("prism_publicationdate") or seen,
        "first_seen": seen,
        "kind": PaperKind.ARTICLE if journal else None,
        "venue": journal,
        "volume": item.get("prism_volume"),
        "issue": item.get("prism_number"),
        "pages": item.get("prism_startingpage"),
    }


def _arxiv_id(item: Mapping[str, Any], link: str) -> str | None:
    found = arxiv_id(str(item.get("id") or "").removeprefix("oai:arXiv.org:")) or parse_paper_id(link)
    return found if found and is_arxiv(found) else None


def _text(item: Mapping[str, Any]) -> str:
    """The longest text there is: a summary may be the beginning of the content."""
    texts = [str(item.get("summary") or ""), *(str(each.get("value") or "") for each in item.get("content") or [])]
    return max(texts, key=len)


def _authors(item: Mapping[str, Any]) -> object:
    """Names, one an element; a single element may have all of them between commas."""
    names = [name for author in item.get("authors") or [] if (name := str(author.get("name") or "").strip())]
    return names[0] if len(names) == 1 else names


def _id_of_address(link: str) -> str | None:
    """An id for a page, the same however one came to it: `web:example.org/papers/7`."""
    parts = urlsplit(link if len(link) <= LONGEST_LINK else "")
    if not parts.hostname:
        return None
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)])
    address = f"{parts.hostname.removeprefix('www.')}{parts.path.rstrip('/')}{'?' if query else ''}{query}"
    return f"web:{address}" if len(address) <= _LONGEST_ADDRESS else None
