import pytest

from adapters.sources.csl import arxiv_in, arxiv_of_link, flatten

WORK = {
    "type": "journal-article",
    "DOI": "10.1038/s1",
    "title": ["Invented cells", "Erfundene Zellen"],
    "container-title": ["Nature"],
    "volume": "7",
    "issue": 2,
    "page": "1-9",
    "issued": {"date-parts": [[2026, 3]]},
    "author": [{"family": "Example", "given": "Ada"}, {"name": "Invented Group"}],
}


def test_a_work_says_where_it_was_published() -> None:
    record = flatten(WORK)
    assert (record["title"], record["published"]) == ("Invented cells", "2026-03")
    assert (record["kind"], record["venue"], record["volume"], record["issue"], record["pages"]) == (
        "article",
        "Nature",
        "7",
        2,
        "1-9",
    )


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        (
            {"raw": "2020-05-01"},
            "2020-05-01",
        ),  # citeproc-py 0.11.1 reads no raw dates (findings/csl_raw_date_dropped.sh)
        ({"literal": "May 2019"}, "May 2019"),
        ({"date-parts": [["2018"]], "season": "2"}, "2018"),
        ("2017-03", "2017-03"),
    ],
)
def test_a_date_is_read_in_every_form_that_it_has(issued: object, published: str) -> None:
    assert flatten(WORK | {"issued": issued})["published"] == published


def test_a_preprint_names_its_server_and_the_article_it_became() -> None:
    became = {"is-preprint-of": [{"id-type": "doi", "id": "10.1038/s1"}, {"id-type": "other", "id": "x"}]}
    told = {"type": "posted-content", "subtype": "preprint", "institution": [{"name": "bioRxiv"}], "relation": became}
    record = flatten(WORK | {"container-title": []} | told)
    assert (record["kind"], record["venue"], record["also"]) == ("preprint", "bioRxiv", ("10.1038/s1",))


@pytest.mark.parametrize("event", [{"name": "Invented conference"}, "Invented conference"])
def test_a_paper_of_a_conference_without_proceedings_names_the_event(event: object) -> None:
    record = flatten({"type": "paper-conference", "title": "T", "event": event})
    assert (record["kind"], record["venue"]) == ("conference", "Invented conference")


def test_a_blog_is_no_preprint() -> None:
    assert flatten({"type": "posted-content", "subtype": "other", "title": ["T"]})["kind"] is None


def test_an_arxiv_id_is_found_in_remarks_and_links() -> None:
    assert arxiv_in("x", "arXiv: 1401.2910 [quant-ph]") == "1401.2910"
    assert arxiv_in("2401.00001") is None, "a number alone may be anything"
    assert arxiv_of_link("http://arxiv.org/abs/1401.2910v1") == "1401.2910"
    assert arxiv_of_link("https://doi.org/10.1038/s1") is None
