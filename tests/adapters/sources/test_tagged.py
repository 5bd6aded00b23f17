"""RIS, PubMed, EndNote, Web of Science and tables, read as one paper each."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from adapters.sources import tables, tagged
from adapters.sources.formats import Located
from adapters.sources.records import RecordError, read
from tests.support.sources.world import flat

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


def test_a_record_whose_type_is_missing_is_read_and_what_stands_between_records_is_not() -> None:
    text = "T1  - First\nAU  - Lund, Ada\nER  -\nNL  - a journal\n\n2.\nTY  - JOUR\nTI  - Second\nER  -\n"
    assert [flat(entry)["title"] for _, entry in tagged.read_ris(text)] == ["First", "Second"]


@pytest.mark.parametrize(
    ("reader", "text", "ids"),
    [
        (tagged.read_pubmed, f"{PUBMED}PMC - PMC8371605\n", {"pmc:PMC8371605"}),
        (tagged.read_ris, "TY  - JOUR\nTI  - T\nAN  - 34265844\nDB  - Ovid MEDLINE(R)\nER  -", {"pmid:34265844"}),
        (tagged.read_ris, "TY  - JOUR\nTI  - T\nDO  - 10.5555/1\nAN  - 342\nDB  - Scopus\nER  -", {"doi:10.5555/1"}),
        (tables.read_table, "PMID,Title,PMCID\n34265844,T,PMC8371605\n", {"pmid:34265844", "pmc:PMC8371605"}),
    ],
)
def test_numbers_of_pubmed_and_pmc_name_the_paper(reader: Callable[[str], Located], text: str, ids: set[str]) -> None:
    [(_, entry)] = reader(text)
    assert not isinstance(entry, RecordError)
    told = read(entry, source="tests", at=NOW)
    assert ids <= {told.paper.id, *told.aliases}


def test_records_say_where_they_were_published() -> None:
    ris = "TY  - CPAPER\nTI  - T\nT2  - ICLR 2025\nVL  - 7\nIS  - 2\nSP  - 1\nEP  - 9\nER  - \n"
    nbib = "PMID- 1\nTI  - T.\nTA  - Inv J\nJT  - Invented journal\nVI  - 7\nIP  - 2\nPG  - 1-9\n"
    endnote = "%0 Journal Article\n%T T\n%J Invented journal\n%V 7\n%N 2\n%P 1-9\n"
    science = "FN X\nVR 1.0\nPT J\nTI T\nSO INVENTED JOURNAL\nVL 7\nIS 2\nBP 1\nEP 9\nER\n\nEF\n"
    for reader, text, kind, venue in (
        (tagged.read_ris, ris, "conference", "ICLR 2025"),
        (tagged.read_pubmed, nbib, "article", "Invented journal"),
        (tagged.read_endnote, endnote, "article", "Invented journal"),
        (tagged.read_web_of_science, science, "article", "INVENTED JOURNAL"),
    ):
        [(_, entry)] = reader(text)
        record = flat(entry)
        assert (record["kind"], record["venue"]) == (kind, venue)
        assert (record["volume"], record["issue"], record["pages"]) == ("7", "2", "1-9")
