"""Papers by DOI: Crossref has those of publishers, DataCite those of repositories (Zenodo) and of some proceedings."""

from collections.abc import Callable
from functools import partial

from adapters.lookup.service import Ask, Found, Spec, is_missing, quoted, read_json, require_same
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.config import Settings
from bot.domain.paper_ids import PaperId

_PREFIX = "doi:"


def _spec(name: str, title: str, url: Callable[[Settings], str], *, path: str, record: str, doi: str) -> Spec:
    """A service that is asked under `path`, and whose answer has the paper under `record`, with its DOI as `doi`."""
    return Spec(
        name=name,
        title=title,
        url=url,
        has=lambda paper_id: paper_id.startswith(_PREFIX),
        asks=lambda paper_id: [Ask(f"/{path}/{quoted(paper_id.removeprefix(_PREFIX))}")],
        read=partial(_read, record, doi),
    )


def _read(record: str, doi: str, answer: Answer, paper_id: PaperId) -> Found | None:
    if is_missing(answer):
        return None
    found = read_json(answer).get(record)
    if not isinstance(found, dict):
        raise Transient("an answer without a work")
    require_same(found.get(doi), paper_id.removeprefix(_PREFIX))
    return Found(flatten(found))


CROSSREF = _spec(
    "crossref", "Crossref", lambda settings: settings.crossref_api_url, path="works", record="message", doi="DOI"
)
DATACITE = _spec(
    "datacite", "DataCite", lambda settings: settings.datacite_api_url, path="dois", record="data", doi="id"
)
