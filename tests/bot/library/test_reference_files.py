"""RIS and CSL-JSON, read back by Paperboy's own readers of what reference managers write."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pybtex.database
import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from adapters.sources.files import FileSource
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.citations import References
from bot.library.export import bibtex, json_text
from bot.library.reference_files import csl_json, ris

JOURNAL = Paper(
    id=PaperId("doi:10.1000/a.1"),
    title="Étude of graphs\nand trees",
    abstract="We look\nat graphs.",
    authors=("Laurens van der Maaten", "ATLAS Collaboration", "Ana One, Jr."),
    published=date(2024, 3, 5),
    kind="article",
    venue="Journal of Graphs",
    volume="7",
    issue="2",
    pages="11–19",
    doi="10.1000/a.1",
)
PREPRINT = Paper(id=PaperId("2310.06825"), title="A preprint", authors=("Ana One",), published=date(2023, 1, 1))


def test_ris_says_everything_once_and_on_one_line() -> None:
    assert ris([JOURNAL]).splitlines() == [
        "TY  - JOUR",
        "AU  - van der Maaten, Laurens",
        "AU  - ATLAS Collaboration",
        "AU  - One, Ana, Jr.",
        "TI  - Étude of graphs and trees",
        "PY  - 2024",
        "DA  - 2024/03/05",
        "T2  - Journal of Graphs",
        "VL  - 7",
        "IS  - 2",
        "SP  - 11",
        "EP  - 19",
        "DO  - 10.1000/a.1",
        "UR  - https://doi.org/10.1000/a.1",
        "ID  - maaten2024etude",
        "AB  - We look at graphs.",
        "ER  - ",
    ]
    assert ris([JOURNAL, PREPRINT]).count("TY  - ") == 2
    assert "TY  - UNPB" in ris([PREPRINT])
    assert "DA  - " not in ris([PREPRINT]), "the year alone is known"


def test_csl_json_has_names_in_parts_and_dates_as_far_as_they_are_known() -> None:
    journal, preprint = json.loads(csl_json([JOURNAL, PREPRINT]))
    assert journal["author"] == [
        {"given": "Laurens", "family": "van der Maaten"},
        {"literal": "ATLAS Collaboration"},
        {"given": "Ana", "family": "One", "suffix": "Jr."},
    ]
    assert (journal["type"], journal["id"], journal["page"]) == ("article-journal", "maaten2024etude", "11–19")
    assert (journal["issued"], preprint["issued"]) == ({"date-parts": [[2024, 3, 5]]}, {"date-parts": [[2023]]})
    assert preprint["type"] == "article"


@pytest.mark.parametrize(("name", "write"), [("papers.ris", ris), ("papers.csl.json", csl_json)])
async def test_what_is_written_is_read_back(name: str, write: Callable[[Sequence[Paper]], str], tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(write([JOURNAL]), encoding="utf-8")
    (batch,) = [batch async for batch in FileSource(file).batches()]
    (paper,) = batch.papers
    expected = replace(JOURNAL, title="Étude of graphs and trees", abstract=paper.abstract, source=paper.source)
    named = ("id", "title", "authors", "published", "kind", "venue", "volume", "issue", "doi")
    assert [getattr(paper, each) for each in named] == [getattr(expected, each) for each in named]
    assert paper.abstract.split() == JOURNAL.abstract.split()


def test_tags_come_along_in_every_format() -> None:
    tagged = References(tags={JOURNAL.id: ("club", "to-read")})
    written = ris([JOURNAL, PREPRINT], tagged)
    assert [line for line in written.splitlines() if line.startswith("KW")] == ["KW  - club", "KW  - to-read"]
    journal, preprint = json.loads(csl_json([JOURNAL, PREPRINT], tagged))
    assert (journal["keyword"], preprint.get("keyword")) == ("club, to-read", None)
    entries = pybtex.database.parse_string(bibtex([JOURNAL, PREPRINT], tagged), "bibtex").entries
    assert entries["maaten2024etude"].fields["keywords"] == "club, to-read"
    assert [each["tags"] for each in json.loads(json_text([JOURNAL, PREPRINT], tagged))] == [["club", "to-read"], []]


def test_a_citation_processor_writes_a_bibliography_of_csl_json() -> None:
    items = CiteProcJSON(json.loads(csl_json([JOURNAL, PREPRINT])))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, items, formatter.plain)
    cited = [Citation([CitationItem(key)]) for key in ("maaten2024etude", "one2023preprint")]
    for each in cited:
        bibliography.register(each)
    bibliography.sort()
    preprint, journal = map(str, bibliography.bibliography())
    assert preprint == "One, A. (2023) “A preprint”. Available at: https://arxiv.org/abs/2310.06825."
    for part in ("van der Maaten", "Journal of Graphs", "7(2)", "11–19", "10.1000/a.1"):
        assert part in journal
    assert bibliography.cite(cited[1], lambda item: pytest.fail(str(item))) == "(One, 2023)"
