import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.bibtex import read_bibtex
from adapters.sources.records import Entry, RecordError
from tests.support.sources.world import flat

ENTRY = r"""
@article{mueller2024,
  title = {{Gau{\ss}} and {Schr\"odinger}: an {\'E}tude on $\alpha$},
  author = {M{\"u}ller, J{\"o}rg and Grace Example and King, Jr., Martin and others},
  year = 2024, month = may, eprint = {2405.00001v2}, archivePrefix = {arXiv}, primaryClass = {cs.LG},
  abstract = {About 50\% of
     everything.}, keywords = {one, two}, url = {https://example.org/paper}
}
"""


def entries(source: str) -> dict[str, Entry]:
    return dict(read_bibtex(source))


def test_an_entry_is_read_with_its_accents() -> None:
    entry = flat(*entries(ENTRY).values())
    assert entry["title"] == r"Gauß and Schrödinger: an Étude on $\alpha$"
    assert entry["authors"] == ["Jörg Müller", "Grace Example", "Martin King, Jr.", "others"]
    assert entry["abstract"].split() == ["About", "50%", "of", "everything."]
    assert (entry["id"], entry["categories"], entry["published"]) == ("2405.00001", "cs.LG", "2024")
    assert (entry["keywords"], entry["link"]) == ("one, two", "https://example.org/paper")


@pytest.mark.parametrize(
    "field",
    [
        "eprint = {2405.00001}",
        "eprint = {arXiv:2405.00001v1}",
        "url = {https://arxiv.org/abs/2405.00001}",
        "journal = {arXiv preprint arXiv:2405.00001}",
        "doi = {10.48550/arXiv.2405.00001}",
    ],
)
def test_an_arxiv_id_is_found_where_people_put_it(field: str) -> None:
    entry = flat(*entries(f"@misc{{k, title={{T}}, {field}}}").values())
    assert entry["id"] == "2405.00001"


def test_another_eprint_is_no_arxiv_id() -> None:
    entry = flat(*entries("@misc{k, title={T}, eprint={hal-01234}, doi={10.1/X}}").values())
    assert (entry["id"], entry["doi"]) == (None, "10.1/X")


def test_a_broken_entry_is_named_with_its_line_and_the_rest_is_read() -> None:
    read = entries("@article{a, title={One}}\n@article{b, title={Broken\n@article{c, title={Three}}\n")
    assert [entry["title"] for entry in read.values() if isinstance(entry, dict)] == ["One", "Three"]
    assert isinstance(read["2"], RecordError)


@pytest.mark.parametrize("entry", ["@article{b", "@article{b, title={Broken", '@article{b, title="Broken'])
def test_an_entry_that_does_not_end_is_told_as_such(entry: str) -> None:
    assert str(entries(f"@article{{a, title={{One}}}}\n{entry}\n")["2"]) == "not BibTeX: the entry does not end"


def test_two_papers_may_share_a_citation_key() -> None:
    read = entries("@article{same, title={One}}\n\n@article{same, title={Two}}")
    assert [(line, flat(entry)["title"]) for line, entry in read.items()] == [("1", "One"), ("3", "Two")]


def test_comments_and_abbreviations_are_no_papers() -> None:
    read = entries('@comment{x}\n@string{venue = "V"}\n@preamble{"p"}\nplain text\n@misc{k, title={T}, journal=venue}')
    assert list(read) == ["5"]


@given(st.text(alphabet='@{}=,"\\ \nabc', max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        list(read_bibtex(source))
    except RecordError as error:
        assert str(error).startswith("not BibTeX")
