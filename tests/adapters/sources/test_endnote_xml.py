"""EndNote's XML, read record by record."""

from io import BytesIO

import pytest

from adapters.sources.endnote_xml import read_endnote_xml
from bot.errors import SourceError
from tests.support.sources.world import flat

RECORD = """<record><ref-type name="Journal Article">17</ref-type>
<periodical><full-title>Journal of loops</full-title></periodical><volume>7</volume><pages>1-9</pages>
<contributors><authors><author><style face="normal">Lund, Ada</style></author><author>Knot, Bob</author></authors>
</contributors>
<titles><title><style face="normal">On </style><style face="italic">loops</style></title></titles>
<dates><year>1843</year></dates>
<keywords><keyword>loops</keyword><keyword><style>knots</style></keyword></keywords>
<abstract> We turn
  round. </abstract>
<urls><related-urls><url>https://example.org/loops</url></related-urls></urls>
<electronic-resource-num>10.5555/loops</electronic-resource-num>
</record>"""


def document(*records: str) -> BytesIO:
    return BytesIO(f"<xml><records>{''.join(records)}</records></xml>".encode())


def test_a_record_is_read_although_runs_of_style_cut_its_texts_into_pieces() -> None:
    [(where, entry)] = read_endnote_xml("mine.xml", document(RECORD))
    assert where == "entry 1"
    assert flat(entry) == {
        "doi": "10.5555/loops",
        "also": (),
        "link": "https://example.org/loops",
        "title": "On loops",
        "abstract": "We turn round.",
        "authors": ["Lund, Ada", "Knot, Bob"],
        "keywords": ["loops", "knots"],
        "published": "1843",
        "kind": "article",
        "venue": "Journal of loops",
        "volume": "7",
        "issue": None,
        "pages": "1-9",
    }


@pytest.mark.parametrize(("provider", "also"), [("NLM", ("PMID: 29518074",)), ("Scopus", ())])
def test_an_accession_number_counts_where_it_is_pubmeds(provider: str, also: tuple[str, ...]) -> None:
    told = f"<accession-num>29518074</accession-num><remote-database-provider>{provider}</remote-database-provider>"
    [(_, entry)] = read_endnote_xml("mine.xml", document(RECORD.replace("<dates>", f"{told}<dates>")))
    assert flat(entry)["also"] == also


def test_what_a_record_lacks_or_leaves_empty_is_missing() -> None:
    bare = "<record><titles><title>On knots</title></titles><abstract> </abstract></record>"
    read = dict(read_endnote_xml("mine.xml", document(RECORD, bare)))
    assert list(read) == ["entry 1", "entry 2"]
    entry = flat(read["entry 2"])
    assert (entry["title"], entry["abstract"], entry["doi"], entry["authors"]) == ("On knots", None, None, [])


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><records><record>",
        b"title: On loops",
        b'<?xml version="1.0" encoding="utf-99"?><xml/>',
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><records><record><abstract>&a;</abstract></record></records></xml>',
    ],
)
def test_a_file_that_is_no_xml_or_declares_entities_is_refused_by_its_name(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"^mine\.xml: not XML: "):
        list(read_endnote_xml("mine.xml", BytesIO(body)))
