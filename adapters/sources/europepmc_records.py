"""Results of Europe PMC's search -> flat records."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.papers import PaperKind

_PREPRINT = "PPR"


def flatten(item: Mapping[str, Any]) -> dict[str, object]:
    """The flat record of a result, `core` or `lite`; an id is only unique with its source."""
    source, number, pmc = item.get("source"), item.get("id"), item.get("pmcid")
    journal = item.get("journalInfo") or {}
    authors = (item.get("authorList") or {}).get("author")
    is_preprint = source == _PREPRINT
    server = (item.get("bookOrReportDetails") or {}).get("publisher")
    title = (journal.get("journal") or {}).get("title") or item.get("journalTitle")
    return {
        "id": f"pmid:{item['pmid']}" if item.get("pmid") else f"{str(source).lower()}:{number}" if source else number,
        "doi": item.get("doi"),
        "also": (f"pmc:{pmc}",) if pmc else None,
        "title": str(item.get("title") or "").removesuffix("."),
        "abstract": item.get("abstractText"),
        "authors": authors or initials_last(item.get("authorString")),
        "keywords": (item.get("keywordList") or {}).get("keyword"),
        "published": item.get("firstPublicationDate") or item.get("pubYear"),
        "kind": PaperKind.PREPRINT if is_preprint else PaperKind.ARTICLE if title else None,
        "venue": server if is_preprint else title,
        "volume": journal.get("volume") or item.get("journalVolume"),
        "issue": journal.get("issue") or item.get("issue"),
        "pages": item.get("pageInfo"),
    }


def initials_last(names: object) -> list[str]:
    """`Smith J, Doe AB.` as names with a comma before the initials."""
    people = [name.strip() for name in str(names or "").rstrip(". ").split(",")]
    return [re.sub(r"^(.+)\s([A-Z]{1,4})$", r"\1, \2", name) for name in people if name]
