"""Notes of OpenReview, of both versions of its API -> flat records."""

from collections.abc import Mapping
from typing import Any

from bot.domain.papers import PaperKind

_UNDECIDED = ("Submission", "Rejected_Submission", "Withdrawn_Submission", "Desk_Rejected_Submission")
"""How a venue's id ends for papers that it has not accepted."""

_JOURNALS = frozenset({"TMLR", "DMLR"})
_EVERYONE = "everyone"


def flatten(note: Mapping[str, Any]) -> dict[str, object]:
    """The flat record of a note; what only some people may read is left out."""
    content = public_content(note)
    number = note.get("forum") or note.get("id")
    accepted = is_accepted(content)
    return {
        "id": f"openreview:{number}" if number else None,
        "title": content.get("title"),
        "abstract": content.get("abstract"),
        "summary": content.get("TL;DR") or content.get("TLDR") if content.get("abstract") else None,
        "authors": content.get("authors"),
        "keywords": content.get("keywords"),
        "published": _published(note),
        "kind": _kind(content) if accepted else None,
        "venue": str(content.get("venue") or "").removeprefix("Accepted by ") if accepted else None,
    }


def public_content(note: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a note that everyone may read: plain values, or objects with a value and perhaps readers."""
    return {
        key: value.get("value") if isinstance(value, dict) else value
        for key, value in note["content"].items()
        if not (isinstance(value, dict) and _EVERYONE not in (value.get("readers") or [_EVERYONE]))
    }


def is_accepted(content: Mapping[str, Any]) -> bool:
    """Whether a venue has the paper: until it is accepted, its venue's id ends in a kind of submission."""
    venue = str(content.get("venueid") or "")
    return bool(venue) and not venue.endswith(_UNDECIDED)


def is_public(note: Mapping[str, Any]) -> bool:
    """Whether everyone may read a note."""
    return _EVERYONE in (note.get("readers") or [_EVERYONE])


def _kind(content: Mapping[str, Any]) -> PaperKind:
    return PaperKind.ARTICLE if content.get("venueid") in _JOURNALS else PaperKind.CONFERENCE


def _published(note: Mapping[str, Any]) -> object:
    """When it was published, which venues may set into the future: never later than its last change."""
    published = note.get("pdate") or note.get("odate") or note.get("tcdate") or note.get("cdate")
    changed = note.get("tmdate")
    return min(published, changed) if isinstance(published, int) and isinstance(changed, int) else published
