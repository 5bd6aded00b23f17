"""What services really sent, replayed: the right paper under the id that was asked for. Skipped without recordings."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from html import unescape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from adapters.lookup import LOOKUPS
from adapters.lookup.service import LookupService
from bot.domain.paper_ids import PaperId
from bot.domain.papers import title_key
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.lookup.bodies import lookup_settings
from tests.support.sources.world import FakeClock, ReplayServer, Reply

LookUp = Callable[[str, str], Awaitable[Batch]]


class Told(NamedTuple):
    """A body, where it is asked for and by which id, and the title it has, read with nothing of ours."""

    path: str
    body: str
    paper_id: str
    title: str


@pytest.fixture
async def look_up(server: ReplayServer, clock: FakeClock, sqlite: Sqlite) -> AsyncIterator[LookUp]:
    async with await SqlStore.open(sqlite.migrated()) as store:
        settings = lookup_settings(server)

        async def ask(name: str, paper_id: str) -> Batch:
            services = [LookupService(spec, settings, clock, clock.sleep, store) for spec in LOOKUPS[name]]
            batches = [await service.fetch(PaperId(paper_id)) for service in services]
            return next((batch for batch in batches if batch.papers), Batch())

        yield ask


def from_arxiv(folder: Path) -> Iterator[Told]:
    atom = "{http://www.w3.org/2005/Atom}"
    for path in sorted((folder / "arxiv").glob("arxivpy__id_*")):
        body = json.loads(path.read_bytes())["body"]
        for entry in ElementTree.fromstring(body).findall(f"{atom}entry"):
            link, title = entry.findtext(f"{atom}id", ""), entry.findtext(f"{atom}title", "")
            if "/abs/" in link:
                yield Told("/arxiv_api", body, re.sub(r".*/abs/|v\d+$", "", link), title)


def from_crossref(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "crossref").glob("work__*.json")):
        body = path.read_text()
        work = json.loads(body).get("message") or {}
        if work.get("DOI") and work.get("title"):
            doi = work["DOI"].lower()
            yield Told(f"/crossref_api/works/{doi}", body, f"doi:{doi}", work["title"][0])


def from_datacite(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "datacite").glob("dois__*.json")):
        data = json.loads(path.read_bytes())["data"]
        if isinstance(data, dict) and "arxiv" not in data["id"]:
            title = data["attributes"]["titles"][0]["title"]
            yield Told(f"/datacite_api/dois/{data['id']}", path.read_text(), f"doi:{data['id']}", title)


def from_biorxiv(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "biorxiv").glob("details__*.json")):
        records = json.loads(path.read_bytes())["collection"]
        for doi, group in groupby(sorted(records, key=_doi), _doi):
            versions = list(group)
            newest = max(versions, key=lambda version: int(version["version"]))
            body = json.dumps({"messages": [{"status": "ok"}], "collection": versions})
            yield Told(f"/biorxiv_api/details/biorxiv/{doi}/na/json", body, f"doi:{doi.lower()}", newest["title"])


def _doi(record: dict[str, Any]) -> str:
    return str(record["doi"])


def from_europepmc(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "europepmc").glob("search__*.json")):
        for record in json.loads(path.read_bytes())["resultList"]["result"]:
            body = json.dumps({"hitCount": 1, "resultList": {"result": [record]}})
            numbers = (("pmid", record.get("pmid")), ("pmc", record.get("pmcid")))
            ids = [f"{service}:{number}" for service, number in numbers if number]
            ids += [f"ppr:{record['id']}"] if record["source"] == "PPR" else []
            yield from (Told("/europepmc_api/search", body, paper_id, record["title"]) for paper_id in ids)


def from_openreview(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "openreview").glob("v1__*.json")):
        for note in json.loads(path.read_bytes()):
            if note["id"] == note["forum"] and note["content"].get("title"):
                body = json.dumps({"notes": [note]})
                yield Told("/openreview_api/notes", body, f"openreview:{note['id']}", note["content"]["title"])


def from_semantic_scholar(folder: Path) -> Iterator[Told]:
    for path in sorted((folder / "s2").glob("paper__*.json")):
        paper = json.loads(path.read_bytes())
        if "paperId" in paper:
            number = paper["paperId"]
            where = f"/semanticscholar_api/graph/v1/paper/{number}"
            yield Told(where, path.read_text(), f"s2:{number}", paper["title"])


RECORDED: dict[str, tuple[Callable[[Path], Iterator[Told]], int]] = {
    "arxiv": (from_arxiv, 6),
    "crossref": (from_crossref, 15),
    "datacite": (from_datacite, 2),
    "biorxiv": (from_biorxiv, 100),
    "europepmc": (from_europepmc, 60),
    "openreview": (from_openreview, 2),
    "semanticscholar": (from_semantic_scholar, 2),
}
"""How the recordings of each service are read, and how many papers they are at least."""


@pytest.mark.parametrize("name", RECORDED)
async def test_every_recorded_paper_is_found_by_its_id(
    shared: Path, server: ReplayServer, look_up: LookUp, name: str
) -> None:
    read, least = RECORDED[name]
    server.script("/openreview_old_api/notes", Reply('{"notes":[]}'))
    told = list(read(shared / "api"))
    assert len(told) >= least
    for each in told:
        server.script(each.path, Reply(each.body))
        batch = await look_up(name, each.paper_id)
        [paper] = batch.papers
        named = {paper.id, *(alias for _, alias in batch.aliases)}
        assert each.paper_id in named
        assert title_key(paper.title).startswith(_letters(each.title)[:12]), each
        assert not re.search(r"</?\w+>|&\w+;", paper.title + paper.abstract), each


def _letters(title: str) -> str:
    """The letters and digits of a title without its markup."""
    return title_key(re.sub(r"<[^<>]*>|\$[^$]*\$.*", "", unescape(title)))


async def test_what_services_recorded_as_missing_is_missing(
    shared: Path, server: ReplayServer, look_up: LookUp
) -> None:
    folder = shared / "api"
    crossref = (folder / "crossref" / "work__404_plain_text.txt").read_text()
    server.script("/crossref_api/works/10.5555/none", Reply(crossref, status=404))
    assert not (await look_up("crossref", "doi:10.5555/none")).papers
    server.script("/europepmc_api/search", Reply((folder / "europepmc" / "search__no_results.json").read_text()))
    assert not (await look_up("europepmc", "pmid:1")).papers
    nothing = (folder / "s2" / "match__404_title_not_found.json").read_text()
    server.script("/semanticscholar_api/graph/v1/paper/search/match", Reply(nothing, status=404))
    assert not (await look_up("semanticscholar", "slug:no-such-title")).papers
    for name, status in (("id_0000.0000_", 200), ("id_abc_", 400)):
        [path] = (folder / "arxiv").glob(f"arxivpy__{name}*")
        server.script("/arxiv_api", Reply(json.loads(path.read_bytes())["body"], status=status))
        assert not (await look_up("arxiv", "2601.90001")).papers
