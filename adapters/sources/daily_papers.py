"""The JSON of Hugging Face's papers API -> flat records."""

from collections.abc import Mapping

from adapters.sources.records import Entry, RecordError


def flatten(entry: object) -> Entry:
    """The flat record of one entry of a listing (the paper stands under `paper`) or of a single paper's body.

    An object that is neither is taken for a flat record already.
    """
    if not isinstance(entry, dict):
        return RecordError("not a JSON object")
    if "paper" not in entry:
        return _flat(entry, entry) if "publishedAt" in entry else entry
    paper = entry["paper"]
    return _flat(entry, paper) if isinstance(paper, dict) else RecordError("paper: not a JSON object")


def _flat(entry: Mapping[str, object], paper: Mapping[str, object]) -> Mapping[str, object]:
    abstract = paper.get("summary") or entry.get("summary")
    code = paper.get("githubRepo") or None
    return {
        "id": paper.get("id"),
        "title": paper.get("title") or entry.get("title"),
        "abstract": abstract,
        "summary": paper.get("ai_summary") if abstract else None,
        "keywords": paper.get("ai_keywords"),
        "authors": paper.get("authors"),
        "published": paper.get("publishedAt"),
        "first_seen": paper.get("submittedOnDailyAt") or entry.get("publishedAt"),
        "organization": _named(entry.get("organization") or paper.get("organization"), "fullname", "name"),
        "submitted_by": _named(entry.get("submittedBy") or paper.get("submittedOnDailyBy"), "name", "user", "fullname"),
        "code": code,
        "project": paper.get("projectPage"),
        "upvotes": paper.get("upvotes"),
        # Without a repository, 0 stars says nothing.
        "stars": paper.get("githubStars") if code else None,
        "comments": entry.get("numComments"),
        "thumbnail": entry.get("thumbnail") or paper.get("thumbnail"),
    }


def _named(value: object, *keys: str) -> object:
    """The name in a person's or an organization's object, by the first key that has one."""
    if isinstance(value, dict):
        return next((value[key] for key in keys if value.get(key)), None)
    return value
