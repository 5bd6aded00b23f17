"""Records in the JSON of well-known services and programs, invented here in their shape."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from adapters.sources.records import RecordError, read
from adapters.sources.services import flatten, records_in

NOW = datetime(2026, 1, 1, tzinfo=UTC)

LUND = ("Ada Lund", "Bo Roe")
SHAPES: dict[str, dict[str, object]] = {
    "CSL-JSON": {
        "type": "article-journal",
        "title": "Slow waves",
        "author": [{"family": "Lund", "given": "Ada"}, {"family": "Roe", "given": "Bo"}],
        "issued": {"date-parts": [["2019", 5, 28]]},
        "DOI": "10.5555/Slow.1",
    },
    "Crossref": {
        "title": ["Slow waves"],
        "author": [{"family": "Lund", "given": "Ada"}, {"name": "Bo Roe"}],
        "issued": {"date-parts": [[2019, 5, 28]]},
        "DOI": "10.5555/slow.1",
        "type": "journal-article",
    },
    "Semantic Scholar": {
        "paperId": "x",
        "externalIds": {"DOI": "10.5555/slow.1"},
        "title": "Slow waves",
        "publicationDate": "2019-05-28",
        "authors": [{"authorId": "1", "name": "Ada Lund"}, {"authorId": None, "name": "Bo Roe"}],
    },
    "OpenAlex": {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.5555/slow.1",
        "title": "Slow waves",
        "authorships": [{"author": {"display_name": "Ada Lund"}}, {"author": {"display_name": "Bo Roe"}}],
        "publication_date": "2019-05-28",
    },
    "DataCite": {
        "attributes": {
            "doi": "10.5555/slow.1",
            "titles": [{"title": "Slow waves"}],
            "creators": [{"name": "Lund, Ada"}, {"familyName": "Roe", "givenName": "Bo"}],
            "dates": [{"dateType": "Issued", "date": "2019-05-28"}],
        }
    },
    "Zotero": {
        "data": {
            "itemType": "journalArticle",
            "title": "Slow waves",
            "creators": [
                {"creatorType": "author", "firstName": "Ada", "lastName": "Lund"},
                {"creatorType": "author", "name": "Bo Roe"},
            ],
            "DOI": "10.5555/slow.1",
            "date": "28 May 2019",
        }
    },
    "bioRxiv": {
        "doi": "10.5555/slow.1",
        "title": "Slow waves",
        "authors": "Lund, Ada; Roe, Bo;",
        "date": "2019-05-28",
        "server": "biorxiv",
        "published": "10.1/other",
    },
    "Europe PMC": {
        "id": "1",
        "source": "PPR",
        "doi": "10.5555/slow.1",
        "title": "Slow waves.",
        "authorList": {
            "author": [{"fullName": "Lund A", "firstName": "Ada", "lastName": "Lund"}, {"collectiveName": "Bo Roe"}]
        },
        "firstPublicationDate": "2019-05-28",
        "pubYear": "2019",
    },
}


def flat(record: object) -> Mapping[str, object]:
    """The flat record, which must be one."""
    entry = flatten(record)
    assert not isinstance(entry, RecordError)
    return entry


@pytest.mark.parametrize("service", SHAPES)
def test_a_record_of_a_service_is_read_with_authors_date_and_doi(service: str) -> None:
    paper = read(flat(SHAPES[service]), source="tests", at=NOW).paper
    assert (paper.id, paper.title, paper.authors) == ("doi:10.5555/slow.1", "Slow waves", LUND)
    assert paper.published == date(2019, 5, 28)


def test_arxivs_snapshot_is_published_with_its_first_version() -> None:
    record = {
        "id": "0704.9001",
        "title": "Slow\n  waves",
        "authors": r"J. M\"uller (for SLOW)",
        "authors_parsed": [["Müller", "J.", "", "for SLOW"]],
        "versions": [{"created": "Mon, 2 Apr 2007 19:18:42 GMT"}, {"created": "Tue, 24 Jul 2007 20:10:27 GMT"}],
        "update_date": "2008-11-26",
    }
    paper = read(flat(record), source="tests", at=NOW).paper
    assert (paper.published, paper.updated, paper.authors) == (date(2007, 4, 2), date(2007, 7, 24), ("J. Müller",))


def test_an_abstract_is_put_together_from_the_places_of_its_words() -> None:
    record = SHAPES["OpenAlex"] | {"abstract_inverted_index": {"waves": [1, 3], "Slow": [0], "are": [2]}}
    assert flat(record)["abstract"] == "Slow waves are waves"


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {}, {"a": None}, True])
@pytest.mark.parametrize("key", ["attributes", "data", "titles", "versions", "authorships", "content", "paper"])
def test_a_record_of_any_shape_is_read_or_said_to_be_none(key: str, value: object) -> None:
    assert flatten({"title": "T", key: value}) is not None


def test_an_abstract_that_would_be_longer_than_any_is_none() -> None:
    record = SHAPES["OpenAlex"] | {"abstract_inverted_index": {"x" * 10_000: list(range(100))}}
    assert "abstract" not in flat(record)


def test_records_deep_inside_of_an_answer_are_found() -> None:
    body: object = [SHAPES["OpenAlex"]]
    for _ in range(5_000):
        body = {"data": body}
    assert len(list(records_in(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"total": 1, "data": [SHAPES["Semantic Scholar"]]},
        {"meta": {}, "results": [SHAPES["OpenAlex"]]},
        {"status": "ok", "message": {"items": [SHAPES["Crossref"]]}},
        {"status": "ok", "message": SHAPES["Crossref"]},
        {"messages": [{}], "collection": [SHAPES["bioRxiv"]]},
        {"resultList": {"result": [SHAPES["Europe PMC"]]}},
    ],
)
def test_the_records_are_found_in_the_answer_around_them(body: dict[str, object]) -> None:
    [entry] = records_in(body)
    assert not isinstance(entry, RecordError)
    assert entry["title"] == "Slow waves"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            {"paperId": "p", "title": "T", "venue": "Inv. J.", "publicationTypes": ["Review", "JournalArticle"],
             "journal": {"name": "Invented journal", "volume": "7", "pages": "1-9"}},
            ("article", "Invented journal", "7", "1-9"),
        ),
        ({"paperId": "p", "title": "T", "venue": "arXiv.org", "journal": {"volume": "abs/1"}}, ("preprint",)),
        (
            {"title": "T", "authorships": [], "type": "article", "biblio": {"volume": "7", "first_page": "1"},
             "primary_location": {"source": {"display_name": "Invented journal", "type": "journal"}}},
            ("article", "Invented journal", "7", "1"),
        ),
        (
            {"titles": [{"title": "T"}], "types": {"resourceTypeGeneral": "ConferencePaper"},
             "container": {"title": "Invented conference", "firstPage": "1", "lastPage": "9"}},
            ("conference", "Invented conference", "1-9"),
        ),
        (
            {"itemType": "journalArticle", "title": "T", "publicationTitle": "Invented journal", "volume": "7"},
            ("article", "Invented journal", "7"),
        ),
        ({"info": {"title": "T.", "venue": "CoRR", "volume": "abs/1", "type": "Informal"}}, ("preprint",)),
        (
            {"info": {"title": "T.", "venue": ["ICML", "X"], "type": "Conference and Workshop Papers"}},
            ("conference", "ICML"),
        ),
    ],
)  # fmt: skip
def test_records_say_where_their_papers_were_published(item: dict[str, object], expected: tuple[str, ...]) -> None:
    record = flat(flatten(item))
    told = (record.get(name) for name in ("kind", "venue", "volume", "issue", "pages"))
    assert tuple(value for value in told if value) == expected


@pytest.mark.parametrize(
    ("item", "also"),
    [
        ({"paperId": "p", "title": "T", "externalIds": {"PubMed": "34265844", "PubMedCentral": "8371605"}},
         ["PMID: 34265844", "PMCID: 8371605"]),
        ({"title": "T", "authorships": [], "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/34265844"}},
         ["https://pubmed.ncbi.nlm.nih.gov/34265844"]),
        ({"itemType": "journalArticle", "title": "T", "extra": "Citation Key: x\nPMID: 34265844"}, ["PMID: 34265844"]),
        ({"title": "T", "type": "article-journal", "issued": {}, "PMID": "34265844"}, ["PMID: 34265844"]),
    ],
)  # fmt: skip
def test_numbers_of_pubmed_and_pmc_are_ids(item: dict[str, object], also: list[str]) -> None:
    told = flat(flatten(item))["also"]
    assert isinstance(told, list | tuple)
    assert list(told) == also
