"""Papers as reference managers read them: RIS and CSL-JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.papers import Paper, PaperKind
from bot.library.citations import PLAIN, References, spoken_name

_RIS_TYPES = {PaperKind.ARTICLE.value: "JOUR", PaperKind.CONFERENCE.value: "CPAPER"}
_CSL_TYPES = {
    PaperKind.ARTICLE.value: "article-journal",
    PaperKind.CONFERENCE.value: "paper-conference",
}


def ris(papers: Sequence[Paper], references: References = PLAIN) -> str:
    """A RIS record for each paper; one that is not known to have been published is of the type for unpublished work."""
    keyed = zip(papers, references.keys(papers), strict=True)
    fields = (_ris_fields(paper, key, references.tags_of(paper)) for paper, key in keyed)
    records = ("".join(f"{tag}  - {value}\n" for tag, value in each) for each in fields)
    return "\n".join(f"{record}ER  - \n" for record in records)


def _ris_fields(paper: Paper, key: str, tags: Sequence[str]) -> Iterator[tuple[str, str]]:
    first, _, last = paper.pages.replace("–", "-").partition("-")
    yield "TY", _RIS_TYPES.get(paper.kind, "UNPB")
    for author in paper.authors:
        yield "AU", _inverted(author)
    known = {
        "TI": paper.title,
        "PY": str(paper.published.year) if paper.published else "",
        "DA": f"{paper.published:%Y/%m/%d}" if paper.published and paper.day_is_known else "",
        "T2": paper.venue,
        "VL": paper.volume,
        "IS": paper.issue,
        "SP": first.strip(),
        "EP": last.strip("- "),
        "DO": paper.doi,
        "UR": paper.url,
        "ID": key,
        "AB": paper.abstract,
    }
    for tag, value in known.items():
        if value:
            yield tag, " ".join(value.split())
    for tag in tags:
        yield "KW", tag


def _inverted(author: str) -> str:
    """`Maaten, Laurens`; a group as it is."""
    name = spoken_name(author)
    return ", ".join(filter(None, (name.family, name.given, name.suffix))) if name else author


def csl_json(papers: Sequence[Paper], references: References = PLAIN) -> str:
    """A CSL-JSON array with an item for each paper; its id is the citation key that BibTeX has."""
    keyed = zip(papers, references.keys(papers), strict=True)
    items = [_item(paper, key, references.tags_of(paper)) for paper, key in keyed]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(paper: Paper, key: str, tags: Sequence[str]) -> dict[str, Any]:
    day = paper.published
    parts = [day.year, day.month, day.day][: 3 if paper.day_is_known else 1] if day else []
    known: dict[str, Any] = {
        "id": key,
        "type": _CSL_TYPES.get(paper.kind, "article"),
        "title": paper.title,
        "author": [_csl_name(author) for author in paper.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": paper.venue,
        "volume": paper.volume,
        "issue": paper.issue,
        "page": paper.pages,
        "DOI": paper.doi,
        "URL": paper.url,
        "abstract": paper.abstract,
        "keyword": ", ".join(tags),
    }
    return {name: value for name, value in known.items() if value}


def _csl_name(author: str) -> dict[str, str]:
    name = spoken_name(author)
    if name is None:
        return {"literal": author}
    return {part: value for part, value in name._asdict().items() if value}
