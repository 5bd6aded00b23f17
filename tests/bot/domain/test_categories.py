"""The categories of arXiv and their names."""

import pytest

from bot.domain.categories import archives, called, codes_of, spelled_out, written


@pytest.mark.parametrize(("key", "code", "name"), [("cs.lg", "cs.LG", "Machine Learning"), ("my.own", "my.own", "")])
def test_categories_are_written_as_arxiv_does(key: str, code: str, name: str) -> None:
    assert (written(key), called(key)) == (code, name)


@pytest.mark.parametrize("typed", ["CS.lg", "cs.LG", "CS.LG"])
def test_the_case_of_a_category_does_not_matter(typed: str) -> None:
    assert (written(typed), called(typed)) == ("cs.LG", "Machine Learning")


def test_archives_have_names_like_their_categories() -> None:
    assert [called(key) for key in ("cs", "math-ph", "stat.ML", "cs.XX", "")] == [
        "Computer Science",
        "Mathematical Physics",
        "Machine Learning in Statistics",
        "",
        "",
    ]


def test_archives_and_all_are_spelled_out_into_their_categories() -> None:
    assert spelled_out(["econ", "cs.LG", "knitting"]) == ("econ", "econ.EM", "econ.GN", "econ.TH", "cs.LG", "knitting")
    assert set(spelled_out(["all"])) >= {"hep-th", "math.AG", "q-bio.BM", "stat.ML"}


def test_all_categories_of_an_archive_are_the_archive() -> None:
    assert archives(spelled_out(["econ", "cs.LG", "hep-th"])) == ("econ", "cs.LG", "hep-th")
    assert archives(["econ.EM", "econ.GN"]) == ("econ.EM", "econ.GN")
    assert "cs" in archives(spelled_out(["all"]))
    assert len(archives(spelled_out(["all"]))) < 30


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("Robotics", ("cs.RO",)),
        ("cs.RO", ("cs.RO",)),
        ("cs.cv", ("cs.CV",)),
        ("econ", ("econ", "econ.EM", "econ.GN", "econ.TH")),
        ("hep-th", ("hep-th",)),
        ("cs.XX", ()),
        ("knitting", ()),
    ],
)
def test_a_field_is_known_by_its_name_and_its_code(field: str, codes: tuple[str, ...]) -> None:
    assert codes_of(field) == codes
