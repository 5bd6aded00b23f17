import pytest

from adapters.sources.preprints import clean_abstract, flatten

VERSION = {
    "title": "Invented cells",
    "authors": "Example, A. B.; Sample, C.; Example, A. B.;",
    "doi": "10.64898/2026.01.05.900001",
    "date": "2026-01-06",
    "version": "1",
    "type": "new results",
    "category": "cell biology",
    "abstract": "We invent {beta}-cells.",
    "published": "NA",
    "server": "bioRxiv",
}


def test_a_version_says_what_the_preprint_is_about_and_who_wrote_it() -> None:
    record = flatten(VERSION)
    assert record["authors"] == ["Example, A. B.", "Sample, C."]
    assert (record["abstract"], record["categories"]) == ("We invent β-cells.", ["cell biology"])
    assert (record["kind"], record["venue"], record["also"]) == ("preprint", "bioRxiv", ())


def test_the_first_version_says_when_it_was_first_seen_and_a_later_one_when_it_was_updated() -> None:
    later = flatten(VERSION | {"version": "3"})
    assert (flatten(VERSION)["first_seen"], flatten(VERSION)["updated"]) == ("2026-01-06", None)
    assert (later["first_seen"], later["updated"]) == (None, "2026-01-06")


def test_a_preprint_that_was_published_has_the_journals_doi_too() -> None:
    assert flatten(VERSION | {"published": "10.1038/s00000-1"})["also"] == ("10.1038/s00000-1",)


def test_a_record_of_published_preprints_has_other_names_for_the_same() -> None:
    told = {
        "preprint_doi": "10.1101/2020.01.01.900001",
        "published_doi": "10.1038/s00000-1",
        "preprint_platform": "medRxiv",
        "preprint_title": "Invented cells",
        "preprint_authors": "Example, A.",
        "preprint_category": "oncology",
        "preprint_date": "2020-01-02",
        "preprint_abstract": "We invent cells.",
    }
    record = flatten(told)
    assert (record["doi"], record["also"], record["venue"]) == (
        "10.1101/2020.01.01.900001",
        ("10.1038/s00000-1",),
        "medRxiv",
    )
    assert (record["title"], record["published"], record["first_seen"]) == ("Invented cells", "2020-01-02", None)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("BackgroundPercutaneous closure.\nMethodsWe asked.", "Background: Percutaneous closure.\nMethods: We asked."),
        ("Methods of old work.", "Methods of old work."),
        ("Resultsfold in two.", "Resultsfold in two."),
        ("It binds {gamma}, {Delta} and {unknown}; {+/-}2.", "It binds γ, Δ and {unknown}; ±2."),
        ("O_LIOne.\nC_LIO_LITwo.\nC_LI", "One.\n Two."),
        ("Named PO_SCPLOWEAFOWLC_SCPLOW here.", "Named PEAFOWL here."),
        (
            'It works.\n\nGraphical abstract\n\nO_FIG SRC="a.gif">\nView larger version:\norg.hw@5e M_FIG C_FIG',
            "It works.",
        ),
    ],
)
def test_what_the_web_page_left_in_an_abstract_is_taken_out(written: str, clean: str) -> None:
    assert clean_abstract(written) == clean
