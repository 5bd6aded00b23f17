"""Crossref: whatever has a DOI of a publisher."""

from adapters.lookup.service import Ask, Found, Spec, is_missing, quoted, read_json, require_same
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.domain.paper_ids import PaperId


def _asks(paper_id: PaperId) -> list[Ask]:
    return [Ask(f"/works/{quoted(paper_id.removeprefix('doi:'))}")]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    if is_missing(answer):
        return None
    work = read_json(answer).get("message")
    if not isinstance(work, dict):
        raise Transient("an answer without a work")
    require_same(work.get("DOI"), paper_id.removeprefix("doi:"))
    return Found(flatten(work))


SPEC = Spec(
    name="crossref",
    title="Crossref",
    url=lambda settings: settings.crossref_api_url,
    has=lambda paper_id: paper_id.startswith("doi:"),
    asks=_asks,
    read=_read,
)
