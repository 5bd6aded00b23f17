"""Exports are read back by the parsers of other people."""

import csv
import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pybtex.database
import pybtex.plugin
import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.export import FORMATS, bibtex, csv_text, json_text
from bot.library.reference_files import csl_json, ris

PAPERS = [
    Paper(
        id=PaperId("2006.11239"),
        title="Denoising & diffusion: 100% {braces}, $x_i$ #1",
        authors=("Jonathan Ho", "Ajay Jain"),
        categories=("cs.LG", "stat.ML"),
        published=date(2020, 6, 19),
    ),
    Paper(id=PaperId("doi:10.1145/1"), title="=HYPERLINK(evil)", authors=("Łukasz Kaiser",)),
]


def test_bibtex_has_the_fields_citations_need() -> None:
    app = parse_string(bibtex(PAPERS))
    assert not app.failed_blocks
    first, second = app.entries
    assert first.key == "ho2020denoising"
    assert first["eprint"] == "2006.11239"
    assert first["author"] == "Jonathan Ho and Ajay Jain"
    assert first["year"] == "2020"
    assert second["doi"] == "10.1145/1"


ARTICLE = Paper(
    id=PaperId("2006.11240"),
    title="On cells",
    authors=("Ada Example", "Invented & Sons Group"),
    published=date(2026, 3, 1),
    kind="article",
    venue="Plants & People",
    volume="7",
    issue="2",
    pages="1-9",
    doi="10.1038/s_1",
)


def pybtex_reads(*papers: Paper) -> list[tuple[str, dict[str, str]]]:
    """What pybtex makes of an export: the type of each entry, and its fields."""
    # Asked by name, pybtex looks for a parser among the entry points of all that is installed, each time.
    data = Parser().parse_string(bibtex(papers))
    return [
        (entry.type, {name.lower(): value for name, value in entry.fields.items()}) for entry in data.entries.values()
    ]


def test_an_article_has_its_journal_and_its_doi_and_keeps_its_arxiv_id() -> None:
    [(kind, fields)] = pybtex_reads(ARTICLE)
    assert kind == "article"
    assert (fields["journal"], fields["volume"], fields["number"], fields["pages"]) == (
        r"Plants \& People",
        "7",
        "2",
        "1--9",
    )
    assert (fields["doi"], fields["eprint"]) == ("10.1038/s_1", "2006.11240")


def test_a_paper_of_a_conference_is_in_its_proceedings() -> None:
    accepted = Paper(id=PaperId("openreview:x1"), title="Nets", kind="conference", venue="ICLR 2025 Poster")
    [(kind, fields)] = pybtex_reads(accepted)
    assert (kind, fields["booktitle"]) == ("inproceedings", "ICLR 2025 Poster")


def test_a_preprint_names_its_server_and_what_was_not_published_is_misc() -> None:
    preprint = Paper(id=PaperId("doi:10.1101/1"), title="Cells", kind="preprint", venue="bioRxiv", doi="10.1101/1")
    found = pybtex_reads(preprint, *PAPERS, Paper(id=PaperId("pmid:1"), title="T", kind="article"))
    assert [kind for kind, _ in found] == ["misc"] * 4
    assert (found[0][1]["howpublished"], found[0][1]["doi"]) == ("bioRxiv", "10.1101/1")
    assert found[2][1]["doi"] == "10.1145/1"


def test_pybtex_prints_every_kind_of_entry() -> None:
    accepted = replace(ARTICLE, id=PaperId("test:accepted"), kind="conference", venue="ICLR 2025")
    style = pybtex.plugin.find_plugin("pybtex.style.formatting", "plain")()
    data = pybtex.database.parse_string(bibtex([ARTICLE, accepted, *PAPERS]), "bibtex")
    printed = [entry.text.render_as("text") for entry in style.format_bibliography(data)]
    assert len(printed) == 4
    assert any("Plants & People, 7(2):1–9" in text for text in printed)


def test_what_has_no_journal_has_no_pages_of_one() -> None:
    [(kind, fields)] = pybtex_reads(replace(ARTICLE, venue=""))
    assert (kind, fields.keys() & {"volume", "number", "pages"}) == ("misc", set())


def test_a_range_of_pages_has_the_dash_of_tex_however_it_came() -> None:
    [(_, fields)] = pybtex_reads(replace(ARTICLE, pages="1026–1034"))
    assert fields["pages"] == "1026--1034"


@pytest.mark.skipif(not shutil.which("biber"), reason="biber is not installed")
def test_biber_finds_nothing_to_say(tmp_path: Path) -> None:
    accepted = replace(ARTICLE, id=PaperId("test:accepted"), kind="conference", venue="ICLR 2025")
    preprint = replace(
        ARTICLE, id=PaperId("test:preprint"), kind="preprint", venue="bioRxiv", volume="", issue="", pages=""
    )
    dated = [replace(paper, published=date(2026, 3, 1)) for paper in PAPERS]
    (tmp_path / "papers.bib").write_text(bibtex([ARTICLE, accepted, preprint, *dated]))
    command = ["biber", "--tool", "--validate-datamodel", "--nolog", "papers.bib"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=300).stdout
    assert "WARN" not in told
    assert "ERROR" not in told


def test_two_papers_never_share_a_citation_key() -> None:
    twice = [Paper(id=PaperId(f"2006.1123{n}"), title="Same", authors=("A Bee",)) for n in range(3)]
    keys = [entry.key for entry in parse_string(bibtex(twice)).entries]
    assert len(set(keys)) == 3


def test_json_holds_what_is_known() -> None:
    first, _ = json.loads(json_text(PAPERS))
    assert first["authors"] == ["Jonathan Ho", "Ajay Jain"]
    assert first["published"] == "2020-06-19"


def test_no_csv_cell_is_a_formula() -> None:
    _, second = csv.DictReader(io.StringIO(csv_text(PAPERS)))
    assert second["title"] == "'=HYPERLINK(evil)"


titles = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


@given(st.lists(st.tuples(titles, titles), max_size=5))
def test_any_title_and_name_survives_every_format(pairs: list[tuple[str, str]]) -> None:
    papers = [Paper(id=PaperId(f"local:{n}"), title=title, authors=(name,)) for n, (title, name) in enumerate(pairs)]
    app = parse_string(bibtex(papers))
    assert not app.failed_blocks
    assert len(app.entries) == len(papers)
    assert [record["title"] for record in json.loads(json_text(papers))] == [paper.title for paper in papers]
    rows = list(csv.DictReader(io.StringIO(csv_text(papers))))
    assert [row["title"].removeprefix("'") for row in rows] == [paper.title.removeprefix("'") for paper in papers]
    assert ris(papers).count("\nER  - ") == len(papers)
    assert [item["title"] for item in json.loads(csl_json(papers))] == [paper.title for paper in papers]
    assert set(FORMATS) == {"bibtex", "ris", "csl", "json", "csv"}


@given(titles, titles, st.sampled_from(["article", "conference", "preprint", ""]))
def test_any_venue_is_read_by_pybtex(title: str, venue: str, kind: str) -> None:
    paper = replace(ARTICLE, title=title, venue=venue, kind=kind, volume=venue[:3], pages=venue[:5])
    assert len(pybtex_reads(paper)) == 1


@pytest.mark.parametrize(
    ("title", "title_tex", "written"),
    [
        ("α-GAN: 50% of ℝⁿ", r"$\alpha$-GAN: 50% of $\mathbb{R}^n$", r"$\alpha$-GAN: 50\% of $\mathbb{R}^n$"),
        ("α-GAN & Rⁿ", r"$\alpha$-\gan & R^n", r"$\alpha$-GAN \& R$^n$"),
        ("Costs $5 & more", "", r"Costs \$5 \& more"),
    ],
)
def test_bibtex_prints_the_title_and_not_its_source(title: str, title_tex: str, written: str) -> None:
    assert f"title = {{{{{written}}}}}" in bibtex([Paper(id=PaperId("local:1"), title=title, title_tex=title_tex)])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Martin Luther King, Jr.", "King, Jr., Martin Luther"),
        ("Institute for Research and Development", "{Institute for Research and Development}"),
        ("ATLAS Collaboration", "{ATLAS Collaboration}"),
        ("Jörg Müller", "Jörg Müller"),
    ],
)
def test_bibtex_reads_each_name_as_one(name: str, written: str) -> None:
    assert f"author = {{{written}}}" in bibtex([Paper(id=PaperId("local:1"), title="T", authors=(name,))])


@pytest.mark.parametrize(
    ("paper_id", "title", "author", "key"),
    [
        ("2401.99006", "Slow Keys", "Ole Ødegård", "odegardslow"),
        ("2401.99006", "Slow Keys", "Carl Friedrich Gauß", "gaussslow"),
        ("2401.99006", "Slow Keys", "Martin King, Jr.", "kingslow"),
        ("2401.99002", "图神经网络综述", "王小明", "240199002"),
    ],
)
def test_a_citation_key_loses_no_letters(paper_id: str, title: str, author: str, key: str) -> None:
    assert bibtex([Paper(id=PaperId(paper_id), title=title, authors=(author,))]).startswith(f"@misc{{{key},")
