"""OpenReview: submissions by the id of their forum, in the form of its second API, and of its first."""

from collections.abc import Callable
from typing import Any

from adapters.lookup.service import NOT_FOUND, Ask, Found, Spec, is_missing, read_json
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.references import service_of
from bot.errors import SourceError

_FORBIDDEN = 403


def _asks(paper_id: PaperId) -> list[Ask]:
    return [Ask("/notes", {"id": paper_id.removeprefix("openreview:")})]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    if answer.status == _FORBIDDEN:
        raise SourceError(f"{paper_id} is not public")
    if is_missing(answer):
        return None
    notes = read_json(answer).get("notes")
    if not isinstance(notes, list):
        raise Transient("an answer without a list of notes")
    number = paper_id.removeprefix("openreview:")
    note = next((each for each in notes if isinstance(each, dict) and each.get("id") == number), None)
    if note is None or not isinstance(note.get("content"), dict):
        return None
    if note.get("forum") not in (None, number):
        raise SourceError(f"{paper_id} is a comment, not a paper; its paper is openreview:{note['forum']}")
    return Found(flatten({**note, "content": _public(note["content"])}))


def _public(content: dict[str, Any]) -> dict[str, Any]:
    """The fields that everybody may read: those of the authors of a blind submission have readers of their own."""
    hidden = {name for name, field in content.items() if isinstance(field, dict) and _is_hidden(field)}
    return {name: field for name, field in content.items() if name not in hidden}


def _is_hidden(field: dict[str, Any]) -> bool:
    readers = field.get("readers")
    return readers is not None and "everyone" not in readers


def _spec(url: Callable[[Settings], str]) -> Spec:
    return Spec(
        name="openreview",
        title="OpenReview",
        url=url,
        has=lambda paper_id: service_of(paper_id) == "openreview",
        asks=_asks,
        read=_read,
        accept=frozenset({NOT_FOUND, _FORBIDDEN}),
    )


SPEC = _spec(lambda settings: settings.openreview_api_url)
FIRST = _spec(lambda settings: settings.openreview_old_api_url)
"""Venues up to about 2023 are in the first API alone."""
