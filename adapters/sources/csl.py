"""CSL-JSON, as reference managers write it and Crossref nearly does -> flat records."""

import re
from collections.abc import Mapping
from typing import Any

from adapters.sources.fields import pubmed_ids
from bot.domain.paper_ids import arxiv_id, is_arxiv
from bot.domain.papers import PaperKind
from bot.domain.references import find_paper_ids

_Item = Mapping[str, Any]


def first(value: object) -> Any:
    """The first of a list, or the value itself."""
    return value[0] if isinstance(value, list) and value else None if isinstance(value, list) else value


def _date_parts(value: object) -> str | None:
    """`{"date-parts": [[2019, 5, 28]]}`, with numbers or digits, or what is written instead."""
    if not isinstance(value, dict):
        return str(value) if value else None
    parts = first(value.get("date-parts")) or []
    numbers = [int(part) for part in parts if str(part).strip().isdecimal()]
    if numbers:
        return "-".join([f"{numbers[0]:04}", *(f"{part:02}" for part in numbers[1:3])])
    return value.get("raw") or value.get("literal") or value.get("date-time")


def arxiv_in(*texts: object) -> str | None:
    """The arXiv id that stands alone on a line of some remarks, as reference managers keep it."""
    for text in texts:
        for line in str(text or "").splitlines():
            written = re.sub(r"^(?:tex\.)?(?:arxiv|eprint)\s*:\s*", "", line.strip(), flags=re.IGNORECASE)
            if written != line.strip() and (found := arxiv_id(re.sub(r"\s*\[.*\]$", "", written))):
                return found
    return None


def arxiv_of_link(link: object) -> str | None:
    """The arXiv id of the paper that a link is to."""
    found = find_paper_ids(str(link or ""))
    return found[0] if len(found) == 1 and is_arxiv(found[0]) else None


def flatten(item: _Item) -> Mapping[str, object]:
    """The flat record of an item of CSL-JSON, or of one of Crossref's works, which have lists of titles."""
    title, subtitle = first(item.get("title")), first(item.get("subtitle"))
    dates = (
        item.get(key) for key in ("issued", "published", "published-online", "published-print", "posted", "created")
    )
    return {
        "id": arxiv_in(item.get("note")) or arxiv_id(str(item.get("number") or "")) or arxiv_of_link(item.get("URL")),
        "doi": item.get("DOI"),
        "link": first(item.get("URL")),
        "title": f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title,
        "abstract": item.get("abstract"),
        "authors": item.get("author"),
        "keywords": item.get("keyword") or item.get("subject"),
        "published": next(filter(None, map(_date_parts, dates)), None),
        "also": (*_published_as(item), *pubmed_ids(item.get("PMID"), item.get("PMCID"), item.get("note"))),
        "kind": _KINDS.get(str(item.get("subtype") or item.get("type"))),
        "venue": first(item.get("container-title")) or _event(item) or _server(item),
        "volume": item.get("volume"),
        "issue": item.get("issue"),
        "pages": item.get("page") or item.get("article-number"),
    }


_KINDS = {
    "journal-article": PaperKind.ARTICLE,
    "article-journal": PaperKind.ARTICLE,
    "proceedings-article": PaperKind.CONFERENCE,
    "paper-conference": PaperKind.CONFERENCE,
    "preprint": PaperKind.PREPRINT,
    "posted-content": PaperKind.PREPRINT,
}
"""Types of Crossref and of CSL."""


def _event(item: _Item) -> str | None:
    event = item.get("event") or item.get("event-title")
    return event.get("name") if isinstance(event, dict) else event


def _server(item: _Item) -> str | None:
    """The preprint server: Crossref has it under `institution`."""
    found = first(item.get("institution"))
    return found.get("name") if isinstance(found, dict) else None


def _published_as(item: _Item) -> tuple[str, ...]:
    """The DOI under which a preprint was published, and the other way round."""
    relations = item.get("relation") or {}
    related = [one for name in ("is-preprint-of", "has-preprint") for one in relations.get(name) or []]
    return tuple(str(one["id"]) for one in related if one.get("id-type") == "doi" and one.get("id"))
