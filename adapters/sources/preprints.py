"""Records of bioRxiv and medRxiv -> flat records; every record is one version of a preprint."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.domain.papers import PaperKind

_SERVERS = {"biorxiv": "bioRxiv", "medrxiv": "medRxiv"}


def flatten(item: Mapping[str, Any]) -> dict[str, object]:
    """The flat record of a version, of `/details` or `/pubs`; `published` there is the journal's DOI, not a date."""
    date = item.get("date") or item.get("preprint_date")
    server = str(item.get("server") or item.get("preprint_platform") or "").lower()
    first = str(item.get("version") or "1") == "1"
    return {
        "doi": item.get("doi") or item.get("preprint_doi") or item.get("biorxiv_doi"),
        "also": _journal_doi(item.get("published") or item.get("published_doi")),
        "title": item.get("title") or item.get("preprint_title"),
        "abstract": clean_abstract(str(item.get("abstract") or item.get("preprint_abstract") or "")),
        "authors": _authors(str(item.get("authors") or item.get("preprint_authors") or "")),
        "categories": [category] if (category := item.get("category") or item.get("preprint_category")) else None,
        "published": date,
        "first_seen": date if first and "version" in item else None,
        "updated": None if first else date,
        "kind": PaperKind.PREPRINT,
        "venue": _SERVERS.get(server, ""),
    }


def _journal_doi(published: object) -> tuple[str, ...]:
    return (published,) if isinstance(published, str) and published.startswith("10.") else ()


def _authors(written: str) -> list[str]:
    """`Last, F. M.; …`, perhaps with a semicolon at its end and somebody twice."""
    return list(dict.fromkeys(filter(None, (name.strip() for name in written.split(";")))))


def clean_abstract(written: str) -> str:
    """An abstract without what its web page left in it: figures, list marks, headings glued to the text.

    >>> clean_abstract("BackgroundWe use {beta}-secretase.\\nC_LIO_LIResultsIt works.")
    'Background: We use β-secretase.\\n Results: It works.'
    """
    text = _FIGURE.sub(" ", written)
    text = _SMALL_CAPITALS.sub(lambda match: match[1], text)
    text = _MARK.sub(" ", text)
    text = _GREEK.sub(_greek, text)
    return _GLUED.sub(r"\1: ", text).strip()


_FIGURE = re.compile(
    r"(?:Graphical abstract\s*)?O_FIG\b.*?(?:C_FIG\b|$)|O_TBL\b.*?(?:C_TBL\b|$)|View larger version.*$", re.DOTALL
)
_SMALL_CAPITALS = re.compile(r"O_SCP(?:LOW|CAP)(.*?)C_SCP(?:LOW|CAP)")
_MARK = re.compile(r"(?:[OCM]_(?:LI|ST_ABS|FIG|TBL|QD|FLOATNO|TABLECAPTION|TEXTBOX|ST|UL|OL))+(?![a-z])")
_GREEK = re.compile(r"\{([A-Za-z+/ -]{2,12})\}")
_SIGNS = {"+/-": "±", "micro": "µ", "degrees": "°", "middle dot": "·", "approx": "≈", "lambda": "λ", "Lambda": "Λ"}
_HEADINGS = (
    "Abstract|Aims?|Background|Conclusions?|Design|Discussion|Findings|Importance|Interpretation|Introduction|Methods?"
    "|Methodology|Motivation|Objectives?|Purpose|Rationale|Results|Significance|Setting|Summary|Trial [Rr]egistration"
)
_GLUED = re.compile(rf"(?:(?<=\s)|^)({_HEADINGS})(?=[A-Z][a-z]|[A-Z]\s)(?!\s)", re.MULTILINE)


def _greek(match: re.Match[str]) -> str:
    """A letter or a sign that is spelt out; what is neither stays as it is."""
    if match[1] in _SIGNS:
        return _SIGNS[match[1]]
    case = "CAPITAL" if match[1][0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {match[1].upper()}")
    except KeyError:
        return match[0]
