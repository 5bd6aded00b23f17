"""RIS, PubMed, EndNote, Web of Science and tables, read as one paper each."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from adapters.sources import tables, tagged
from adapters.sources.formats import Located
from adapters.sources.records import RecordError, read

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
ENDNOTE = """%0 Journal Article
%A Müller, Jörg
%A Lund, Ada
%T A slow record
%D 2016
%8 October 19
%R doi:10.5555/slow.1
"""
WEB_OF_SCIENCE = """FN Slow
VR 1.0
PT J
AU Muller, J
   Lund, A
AF Müller, Jörg
   Lund, Ada
TI A slow
   record
PD OCT 19
PY 2016
DI 10.5555/slow.1
ER

EF"""
TABLE = """Authors;Document Title;Publication Year;Date;DOI
"Müller, Jörg; Lund, Ada";A slow record;2016;2016-10-19;10.5555/slow.1
"""


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
def test_a_record_is_read_with_authors_date_and_doi(reader: Callable[[str], Located], text: str) -> None:
    [(_, entry)] = reader(text)
    assert not isinstance(entry, RecordError)
    paper = read(entry, source="tests", at=NOW).paper
    assert (paper.title, paper.authors) == ("A slow record", ("Jörg Müller", "Ada Lund"))
    assert (paper.id, paper.published) == ("doi:10.5555/slow.1", date(2016, 10, 19))
