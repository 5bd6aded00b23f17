"""bioRxiv and medRxiv: preprints by their DOIs, whose versions are told one by one."""

import re
from collections.abc import Mapping
from typing import Any

from adapters.lookup.service import Ask, Found, Spec, quoted, read_json, require_same
from adapters.sources.client import Answer, Transient
from adapters.sources.records import RecordError
from adapters.sources.services import flatten
from bot.domain.paper_ids import PaperId
from bot.errors import SourceError

_PREPRINT = re.compile(r"doi:10\.(?:1101|64898)/(?:\d{4}\.\d{2}\.\d{2}\.\d+|\d{6})")


def _asks(paper_id: PaperId) -> list[Ask]:
    doi = quoted(paper_id.removeprefix("doi:"))
    return [Ask(f"/details/{server}/{doi}/na/json") for server in ("biorxiv", "medrxiv")]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    body = read_json(answer)
    versions = body.get("collection") or []
    if not isinstance(versions, list):
        raise Transient("an answer whose collection is no list")
    if not versions:
        _require_said(body)
        return None
    found = [version for version in versions if isinstance(version, dict)]
    for version in found:
        require_same(version.get("doi"), paper_id.removeprefix("doi:"))
    return _folded(sorted(found, key=_version))


def _require_said(body: Mapping[str, Any]) -> None:
    """Raises SourceError for an answer without papers that does not say that there are none."""
    messages = body.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else {}
    said = str(first.get("status", "") if isinstance(first, dict) else first)
    if "no posts" not in said.lower():
        raise SourceError(f"no paper, and it says: {said or 'nothing'}")


def _version(record: Mapping[str, Any]) -> int:
    written = str(record.get("version") or "1")
    return int(written) if written.isdecimal() else 1


def _folded(versions: list[dict[str, Any]]) -> Found:
    """The newest version, published when the first was; it also tells the DOI of a journal that published it."""
    entry = flatten(versions[-1])
    if isinstance(entry, RecordError):
        return Found(entry)
    dates = sorted(str(version["date"]) for version in versions if version.get("date"))
    updated = dates[-1] if len(dates) > 1 else None
    return Found({**entry, "published": dates[0] if dates else None, "updated": updated})


SPEC = Spec(
    name="biorxiv",
    title="bioRxiv",
    url=lambda settings: settings.biorxiv_api_url,
    has=lambda paper_id: bool(_PREPRINT.fullmatch(paper_id)),
    asks=_asks,
    read=_read,
)
