"""Europe PMC: papers by their numbers in PubMed and PMC, and preprints by its own."""

from collections.abc import Mapping
from typing import Any

from adapters.lookup.service import Ask, Found, Spec, read_json
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.domain.paper_ids import PaperId
from bot.domain.references import service_of
from bot.errors import SourceError

_QUERIES = {"pmid": "EXT_ID:{} AND SRC:MED", "pmc": "PMCID:{}", "ppr": "EXT_ID:{} AND SRC:PPR"}


def _asks(paper_id: PaperId) -> list[Ask]:
    service, _, number = paper_id.partition(":")
    params = {"query": _QUERIES[service].format(number), "resultType": "core", "format": "json", "pageSize": "5"}
    return [Ask("/search", params)]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    body = read_json(answer)
    listed = (body.get("resultList") or {}).get("result")
    if not isinstance(listed, list):
        raise Transient("an answer without a list of results")
    for record in listed:
        if isinstance(record, dict) and paper_id in (ids := _ids(record)):
            return Found(flatten(record), tuple(sorted(ids)))
    if listed:
        raise SourceError(f"the answer is about other papers than {paper_id}")
    return None


def _ids(record: Mapping[str, Any]) -> set[PaperId]:
    """Its numbers; `id` is only unique with its source."""
    named = {("pmid", record.get("pmid")), ("pmc", record.get("pmcid"))}
    source, number = record.get("source"), record.get("id")
    if source in {"MED", "PMC", "PPR"}:
        named.add(({"MED": "pmid"}.get(source, str(source).lower()), number))
    return {PaperId(f"{service}:{number}") for service, number in named if number}


SPEC = Spec(
    name="europepmc",
    title="Europe PMC",
    url=lambda settings: settings.europepmc_api_url,
    has=lambda paper_id: service_of(paper_id) in _QUERIES,
    asks=_asks,
    read=_read,
)
