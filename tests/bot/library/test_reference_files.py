"""RIS and CSL-JSON, read back by Paperboy's own readers of what reference managers write."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adapters.sources.files import FileSource
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
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
