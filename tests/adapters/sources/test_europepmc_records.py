from adapters.sources.europepmc_records import flatten, initials_last

LITE = {
    "id": "41",
    "source": "MED",
    "pmid": "41",
    "pmcid": "PMC7",
    "doi": "10.1016/s1",
    "title": "Invented cells.",
    "authorString": "Example A, Sample BC.",
    "journalTitle": "Inv J",
    "issue": "2",
    "journalVolume": "4",
    "pageInfo": "1-9",
    "pubYear": "2025",
}


def test_a_short_result_says_where_it_was_published() -> None:
    record = flatten(LITE)
    assert (record["id"], record["also"], record["title"]) == ("pmid:41", ("pmc:PMC7",), "Invented cells")
    assert (record["kind"], record["venue"], record["volume"], record["issue"], record["pages"]) == (
        "article",
        "Inv J",
        "4",
        "2",
        "1-9",
    )
    assert record["authors"] == ["Example, A", "Sample, BC"]


def test_a_preprint_names_its_server_and_has_an_id_with_its_source() -> None:
    record = flatten({"id": "PPR1", "source": "PPR", "title": "T", "bookOrReportDetails": {"publisher": "medRxiv"}})
    assert (record["id"], record["kind"], record["venue"]) == ("ppr:PPR1", "preprint", "medRxiv")


def test_a_full_result_has_the_journal_and_the_authors_whole() -> None:
    authors = {"author": [{"fullName": "Example A", "firstName": "Ada", "lastName": "Example"}]}
    journal = {"volume": "9", "journal": {"title": "Invented journal"}}
    record = flatten({"id": "1", "source": "PMC", "title": "T", "authorList": authors, "journalInfo": journal})
    assert (record["id"], record["authors"], record["venue"], record["volume"]) == (
        "pmc:1",
        authors["author"],
        "Invented journal",
        "9",
    )


def test_initials_get_a_comma_before_them() -> None:
    assert initials_last("Smith J, van der Berg AB, Consortium.") == ["Smith, J", "van der Berg, AB", "Consortium"]
