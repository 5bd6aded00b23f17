"""DataCite: DOIs of repositories, such as Zenodo, and of some proceedings."""

from adapters.lookup.service import Ask, Found, Spec, is_missing, quoted, read_json, require_same
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.domain.paper_ids import PaperId


def _asks(paper_id: PaperId) -> list[Ask]:
    return [Ask(f"/dois/{quoted(paper_id.removeprefix('doi:'))}")]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    if is_missing(answer):
        return None
    data = read_json(answer).get("data")
    if not isinstance(data, dict):
        raise Transient("an answer without a DOI's data")
    require_same(data.get("id"), paper_id.removeprefix("doi:"))
    return Found(flatten(data))


SPEC = Spec(
    name="datacite",
    title="DataCite",
    url=lambda settings: settings.datacite_api_url,
    has=lambda paper_id: paper_id.startswith("doi:"),
    asks=_asks,
    read=_read,
)
