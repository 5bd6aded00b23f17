"""RIS, PubMed, EndNote, Web of Science and tables, read as one paper each."""

from datetime import UTC, date, datetime

import pytest

from adapters.sources import tables, tagged
from adapters.sources.records import read

NOW = datetime(2026, 1, 1, tzinfo=UTC)

RIS = """Provider: nobody

TY  - JOUR
AU  - Müller, Jörg
AU  - Lund, Ada
TI  - A slow
 record
PY  - 2016/10/19/
DO  - https://doi.org/10.5555/Slow.1
N1  - Cites arXiv:1409.99473
ER  - 
"""
PUBMED = """
PMID- 1
TI  - A slow
      record.
FAU - Müller, Jörg
AU  - Müller J
FAU - Lund, Ada
AU  - Lund A
DEP - 20161019
LID - 10.5555/slow.1 [doi]
LID - S0 [pii]
"""
ENDNOTE = "%0 Journal Article\n%A Müller, Jörg\n%A Lund, Ada\n%T A slow record\n%D 2016\n%8 October 19\n%R doi:10.5555/slow.1\n"
WEB_OF_SCIENCE = "FN Slow\nVR 1.0\nPT J\nAU Muller, J\n   Lund, A\nAF Müller, Jörg\n   Lund, Ada\nTI A slow\n   record\nPD OCT 19\nPY 2016\nDI 10.5555/slow.1\nER\n\nEF"
TABLE = 'Authors;Document Title;Publication Year;Date;DOI\n"Müller, Jörg; Lund, Ada";A slow record;2016;2016-10-19;10.5555/slow.1\n'


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (tagged.read_ris, RIS),
        (tagged.read_pubmed, PUBMED),
        (tagged.read_endnote, ENDNOTE),
        (tagged.read_web_of_science, WEB_OF_SCIENCE),
        (tables.read_table, TABLE),
    ],
)
def test_a_record_is_read_with_authors_date_and_doi(reader, text: str) -> None:
    [(_, entry)] = reader(text)
    paper = read(entry, source="tests", at=NOW).paper
    assert (paper.title, paper.authors) == ("A slow record", ("Jörg Müller", "Ada Lund"))
    assert (paper.id, paper.published) == ("doi:10.5555/slow.1", date(2016, 10, 19))


def test_a_table_is_known_by_a_heading_with_a_title() -> None:
    assert tables.is_table("Title,Authors")
    assert not tables.is_table("Name,Age")
    assert not tables.is_table("Title")
