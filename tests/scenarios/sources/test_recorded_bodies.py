"""The parsers on real bodies, as the services sent them. Skipped where those are not at hand."""

import json
import lzma
import re
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pybtex.database
import pytest

from adapters.sources import services
from adapters.sources.arxiv_xml import parse_atom, parse_rss
from adapters.sources.daily_papers import flatten
from adapters.sources.feed_xml import parse_feed
from adapters.sources.files import FileSource
from adapters.sources.huggingface import from_settings
from adapters.sources.pubmed_xml import parse_articles
from adapters.sources.records import read
from bot.config import Settings
from bot.domain.paper_ids import PaperId, is_arxiv
from bot.domain.papers import Paper, SignalKind, is_title_id
from bot.domain.tex.reading import read_tex
from bot.errors import SourceError
from bot.library.export import bibtex
from bot.ports import BadRecord
from tests.support.sources.world import FakeClock, ReplayServer, flat

AT = datetime(2026, 7, 1, tzinfo=UTC)
"""When the bodies are read."""


async def read_file(path: Path) -> tuple[list[Paper], list[BadRecord]]:
    batches = [batch async for batch in FileSource(path).batches()]
    papers = [paper for batch in batches for paper in batch.papers]
    return papers, [bad for batch in batches for bad in batch.bad]


async def test_the_trending_page_is_exactly_149_papers(shared: Path) -> None:
    path = shared / "trending-papers-page.txt"
    papers, bad = await read_file(path)
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[2:]
    lines[0] = lines[0].removeprefix("Subscribe")
    assert len(papers) == 149
    assert bad == []
    assert [paper.title_tex or paper.title for paper in papers] == lines[0::2]
    assert [paper.abstract for paper in papers] == list(map(read_tex, lines[1::2]))
    assert len({paper.id for paper in papers}) == 149
    assert all(is_title_id(paper.id) and paper.first_seen is None for paper in papers)
    assert papers[0].title == "Universal Neurons in GPT2 Language Models"
    assert await read_file(path) == (papers, bad)


async def test_ten_thousand_lines_with_every_fifth_broken_give_exactly_the_good_ones(
    shared: Path, tmp_path: Path
) -> None:
    with lzma.open(shared / "papers" / "arxiv.jsonl.xz", "rb") as file:
        lines = list(islice(file, 10_000))
    spoiled = [spoil(line, number) if number % 5 == 0 else line for number, line in enumerate(lines, 1)]
    path = tmp_path / "papers.jsonl"
    path.write_bytes(b"".join(spoiled))
    papers, bad = await read_file(path)
    good = [json.loads(line) for number, line in enumerate(lines, 1) if number % 5]
    assert [paper.id for paper in papers] == [record["id"] for record in good]
    assert [paper.title_tex or paper.title for paper in papers] == [
        " ".join(record["title"].replace("\x7f", " ").split()) for record in good
    ]
    assert [record.where for record in bad] == [f"papers.jsonl:{number}" for number in range(5, 10_001, 5)]
    assert all(record.reason for record in bad)


def spoil(line: bytes, number: int) -> bytes:
    """One of the ways in which a line goes wrong."""
    record = json.loads(line)
    ways = (
        line[: len(line) // 2].rstrip() + b"\n",
        b"\xff\xfe" + line,
        json.dumps(record | {"title": ""}).encode() + b"\n",
        b"banana\n",
        json.dumps([record]).encode() + b"\n",
        json.dumps(record).replace('", "', '" "', 1).encode() + b"\n",
        json.dumps(record | {"title": [7]}).encode() + b"\n",
    )
    return ways[number % len(ways)]


@pytest.mark.parametrize("name", ["arxiv.jsonl.xz", "conferences.jsonl.xz"])
async def test_real_papers_are_read_without_loss(shared: Path, name: str) -> None:
    with lzma.open(shared / "papers" / name, "rb") as file:
        records = [json.loads(line) for line in islice(file, 5_000)]
    for record in records:
        paper = read(record, source="tests", at=AT).paper
        title = " ".join(record["title"].split())
        assert paper.title == title or (paper.title_tex == title and re.search(r"[\\${}^_]|--|``|~", title))
        if not any(re.search(r"\(\d", author) for author in record["authors"]):  # affiliations among the names
            assert len(paper.authors) == len([author for author in record["authors"] if re.search(r"\w", author)])
        assert paper.published
        assert paper.published.isoformat().startswith(record["published"])


async def test_the_daily_papers_are_all_read(
    shared: Path, server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    [path] = (shared / "api" / "hf").glob("*sotawhat*.json")
    entries = json.loads(path.read_bytes())
    server.script("/api/daily_papers", server.Reply(path.read_bytes()), server.Reply("[]"))
    source = from_settings(settings, clock, clock.sleep)
    [batch, _] = [batch async for batch in source.batches(since=clock.now().date(), cursor="")]
    assert batch.bad == []
    assert [paper.id for paper in batch.papers] == [entry["paper"]["id"] for entry in entries]
    assert all(paper.abstract and paper.summary and paper.first_seen and paper.submitted_by for paper in batch.papers)
    assert [paper.thumbnail for paper in batch.papers] == [entry["thumbnail"] for entry in entries]
    upvotes = [signal.value for signal in batch.signals if signal.kind is SignalKind.UPVOTES]
    assert upvotes == [entry["paper"]["upvotes"] for entry in entries]
    assert 0 in upvotes
    assert (await read_file(path))[0] == [
        read(flat(flatten(entry)), source="files", at=clock.now()).paper for entry in entries
    ]


async def test_every_recorded_feed_of_the_api_is_read(shared: Path) -> None:
    for path in (shared / "api" / "arxiv").glob("*.json"):
        recorded = json.loads(path.read_bytes())
        feed = parse_atom(recorded["body"].encode())
        assert bool(feed.error) == (recorded["status_code"] == 400)
        for entry in feed.entries:
            paper = read(flat(entry), source="arxiv", at=AT).paper
            assert is_arxiv(paper.id)
            assert paper.authors
            assert paper.categories
            assert paper.published
            assert paper.updated
            assert paper.published <= paper.updated


async def test_the_recorded_atom_files_are_imported(shared: Path) -> None:
    sizes = {}
    for path in (shared / "api" / "arxiv").glob("*.xml"):
        if b"<feed" in path.read_bytes()[:500]:
            papers, bad = await read_file(path)
            assert bad == []
            assert all(is_arxiv(paper.id) and paper.abstract for paper in papers)
            sizes[path.name] = len(papers)
    assert sizes == {
        "atom__CrSamson_brevio-ai__cs_lg_20.xml": 20,
        "atom__cs_ai_or_cs_lg_20260713_first20of50.xml": 20,
        "atom__search_20260326_3.xml": 3,
        "lucas-m-lopes__sotawhat__arxiv_transformer.xml": 5,
        "rss__atom_cs_ai_20250820_weekday.xml": 7,
    }


async def test_an_announcement_as_atom_says_when_papers_were_first_seen(shared: Path) -> None:
    papers, _ = await read_file(shared / "api" / "arxiv" / "rss__atom_cs_ai_20250820_weekday.xml")
    assert papers[0].id == "2508.13426"
    assert papers[0].authors == ("Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang")
    assert papers[0].abstract.startswith("As large language models")
    assert {paper.first_seen for paper in papers} == {datetime(2025, 8, 20, 4, tzinfo=UTC)}


def test_an_announcement_of_nothing_is_an_answer(shared: Path) -> None:
    feed = parse_rss((shared / "api" / "arxiv" / "rss__cs_cl_20260801_saturday_empty.xml").read_bytes())
    assert (feed.items, feed.built[:3]) == ([], "Sat")


async def test_the_recorded_announcement_is_read(shared: Path) -> None:
    [path] = (shared / "api" / "arxiv").glob("rss__jmamath*.xml")
    feed = parse_rss(path.read_bytes())
    papers = [read(flat(item.entry), source="arxiv", at=AT).paper for item in feed.items]
    assert [paper.id for paper in papers] == ["2604.21935", "2604.21936", "2604.21937"]
    assert {paper.first_seen for paper in papers} == {datetime(2026, 4, 27, 4, tzinfo=UTC)}
    assert all(paper.abstract and "Announce Type" not in paper.abstract for paper in papers)
    assert papers[0].authors == ("Michael Cooper", "Samuel Cooper")


@pytest.mark.parametrize("name", ["biorxiv_2024_cursor0", "medrxiv_2024_cursor0", "biorxiv_20260715_new_prefix"])
async def test_versions_of_preprints_fold_into_papers_that_say_where_they_are(shared: Path, name: str) -> None:
    path = shared / "api" / "biorxiv" / f"details__{name}.json"
    versions = json.loads(path.read_bytes())["collection"]
    papers, bad = await read_file(path)
    assert bad == []
    assert len(papers) == len(versions)
    assert {paper.doi for paper in papers} == {version["doi"].lower() for version in versions}
    assert {paper.venue for paper in papers} <= {"bioRxiv", "medRxiv"}
    assert all(paper.kind == "preprint" and paper.categories and paper.authors for paper in papers)
    assert not any(
        re.search(r"[OCM]_(?:LI|FIG|SCP)|org\.highwire|\{(?:alpha|beta|gamma)\}", p.abstract) for p in papers
    )


def test_every_recorded_article_of_pubmed_is_a_paper_with_an_id(shared: Path) -> None:
    bodies = sorted((shared / "api" / "pubmed").glob("efetch__*.xml"))
    entries = [entry for body in bodies for entry in parse_articles(body.read_bytes())]
    told = [read(flat(entry), source="pubmed", at=AT) for entry in entries]
    assert len(told) >= 30
    assert all(one.paper.venue and one.paper.published for one in told if not one.paper.id.startswith("pmid:2"))
    by_id = {one.paper.id: one.paper for one in told}
    assert by_id[PaperId("doi:10.1037/amp0000904")].authors == (
        "Guideline Development Panel for the Treatment of Depressive Disorders",
    )
    assert by_id[PaperId("doi:10.1080/003655299750026083")].abstract.startswith("Background: In sporadic")
    assert by_id[PaperId("doi:10.1590/0102-311xpt119722")].title == "Funding in health"


@pytest.mark.parametrize("name", ["core_8of25", "core_attention_3", "lite_25", "lite_preprints_and_pmc"])
async def test_results_of_europe_pmc_say_where_they_were_published(shared: Path, name: str) -> None:
    papers, bad = await read_file(shared / "api" / "europepmc" / f"search__{name}.json")
    assert bad == []
    assert all(paper.kind and paper.venue for paper in papers)
    assert not any(re.search(r"</?[a-z]", paper.abstract) for paper in papers)


def test_a_recorded_feed_of_biorxiv_is_thirty_preprints_with_their_dois(shared: Path) -> None:
    entries = parse_feed((shared / "api" / "biorxiv" / "rss__biochemistry_2018.xml").read_bytes())
    papers = [read(flat(entry), source="feeds", at=AT).paper for entry in entries]
    assert len(papers) == len({paper.id for paper in papers}) == 30
    assert all(paper.id.startswith("doi:10.1101/") and paper.authors and paper.published for paper in papers)
    assert not any("\n" in paper.title or paper.title != paper.title.strip() for paper in papers)


def test_recorded_works_of_crossref_say_where_they_were_published(shared: Path) -> None:
    items = json.loads((shared / "api" / "crossref" / "works__search_2025_8.json").read_bytes())["message"]["items"]
    papers = [read(flat(services.flatten(item)), source="journals", at=AT).paper for item in items]
    assert {(paper.kind, bool(paper.venue), bool(paper.doi)) for paper in papers} == {("article", True, True)}
    body = json.loads((shared / "api" / "crossref" / "work__posted_content_biorxiv.json").read_bytes())
    told = read(flat(services.flatten(body["message"])), source="journals", at=AT)
    assert (told.paper.kind, told.paper.venue) == ("preprint", "bioRxiv")
    assert "doi:10.1016/j.xgen.2025.100814" in {told.paper.id, *told.aliases}


async def test_dblps_dump_and_pubmeds_xml_are_read_as_files(shared: Path) -> None:
    papers, bad = await read_file(shared / "api" / "dblp" / "dump__excerpt.xml")
    assert (len(papers), bad) == (3, [])
    assert "Michael H. Böhlen" in papers[0].authors
    papers, bad = await read_file(shared / "api" / "pubmed" / "efetch__three_articles_2026.xml")
    assert (len(papers), bad) == (3, [])


NO_LIBRARIES = {"README.md", "index.jsonl", "ovid__numbered.txt", "ris__corrupted.ris", "zotero_api__keys.txt"}
"""Files of the folder that hold no records, or records of a layout that is not read."""


async def test_the_libraries_of_every_program_are_read_record_by_record(shared: Path) -> None:
    files = sorted(path for path in (shared / "libraries").iterdir() if path.name not in NO_LIBRARIES)
    unread, papers = [], []
    for path in files:
        try:
            found, bad = await read_file(path)
        except SourceError:
            unread.append(path.suffix)
        else:
            papers += found
            assert all(record.where.startswith(path.name) and record.reason for record in bad)
    assert set(unread) == {".rdf", ".xml"}, "Zotero's RDF and its Atom"
    assert len(papers) > 600
    assert not [paper.title for paper in papers if "\\" in paper.title or any("\\" in name for name in paper.authors)]
    told = bibtex(papers)
    assert len(pybtex.database.parse_string(told, "bibtex").entries) == len(papers)
    assert {told.count(f"@{kind}{{") > 50 for kind in ("article", "inproceedings", "misc")} == {True}
