from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.bibtex import read_bibtex
from adapters.sources.records import Entry, RecordError
from tests.support.hostile import hostile, steps
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


def only(source: str) -> Mapping[str, Any]:
    """The one entry of a bibliography, which must be readable."""
    [entry] = entries(source).values()
    return flat(entry)


def test_an_entry_is_read_with_its_accents() -> None:
    entry = only(ENTRY)
    assert entry["title"] == "Gauß and Schrödinger: an Étude on α"
    assert str(entry["title_tex"]).startswith(r"{Gau{\ss}}")
    assert entry["authors"] == ["Jörg Müller", "Grace Example", "Martin King, Jr."]
    assert entry["abstract"].split() == ["About", "50%", "of", "everything."]
    assert (entry["id"], entry["categories"], entry["published"]) == ("2405.00001", "cs.LG", "2024-05")
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


def titles(source: str) -> list[object]:
    return [entry["title"] for entry in entries(source).values() if not isinstance(entry, RecordError)]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("note = {Extends arXiv:1409.99473}", None),
        ("note = {See also https://arxiv.org/abs/1409.99473}", None),
        ("note = {arXiv:1409.99473 [cs.CL]}", "1409.99473"),
        ("journal = {CoRR}, volume = {abs/1409.99473}", "1409.99473"),
        ("arxiv = {1409.99473}", "1409.99473"),
        ("preprint = {https://arxiv.org/abs/1409.99473}", "1409.99473"),
        ("howpublished = {\\url{https://arxiv.org/abs/1409.99473}}", "1409.99473"),
        ("abstract = {Unlike arXiv:1409.99473, we do.}", None),
    ],
)
def test_a_remark_on_another_paper_makes_no_entry_that_paper(field: str, found: str | None) -> None:
    entry = only(f"@misc{{k, title={{T}}, {field}}}")
    assert entry["id"] == found


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("year=2019, month=may", "2019-05"),
        ("year={2019}, month={07}, day={14}", "2019-07-14"),
        ('year=2019, month = "10~dec"', "2019-12-10"),
        ('year=2019, month = "1~" # jan', "2019-01-01"),
        ("date={2004-03-01/2006-05-30}", "2004-03-01/2006-05-30"),
        ("year={in press}", "in press"),
    ],
)
def test_the_month_beside_the_year_counts(fields: str, published: str) -> None:
    entry = only(f"@article{{k, title={{T}}, {fields}}}")
    assert entry["published"] == published


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("{50% of R&D}", "50% of R&D"),
        (r"{\texttt{foo\_bar} by \textsf{Slow} \mbox{NLP} and {\TeX}}", "foo_bar by Slow NLP and TeX"),
        ('"Learning to " # rank # { Birds}', "Learning to Rank Birds"),
        ('"An " # unknown # " word"', "An unknown word"),
        ("{{Slow, Steady, Safe}}", "Slow, Steady, Safe"),
        ('"{"}Quoted{"}"', '"Quoted"'),
        ("{Caf\\'e \\textless 5\\textgreater}", "Café < 5>"),
    ],
)
def test_no_word_of_a_title_is_lost(value: str, read: str) -> None:
    assert titles(f'@string{{rank = "Rank"}} @misc{{k, title = {value}, year = 2020}}') == [read]


@pytest.mark.parametrize(
    "entry",
    [
        "@article{k, title={Kept}, note={a}, note={b}}",
        "@article{k, title={Kept}, , year={2020}}",
        "@article{\n  title={Kept},\n}",
        "@article{k, title={Kept}, abstract={Mail us:\n@foo{bar} or so.}}",
        "@article{k, title={Kept}, note={See \\href {https://example.org/x} {the page}.}}",
        "@article(k, title={Kept})",
        "@article{a key, title={Kept}}",
        "@article{k title={Kept}, title={Kept}}",
    ],
)
def test_an_entry_of_many_hands_is_read_as_it_was_meant(entry: str) -> None:
    assert titles(f"{entry}\n@misc{{n, title={{Next}}}}") == ["Kept", "Next"]


def test_a_child_has_the_year_of_its_parent_and_the_volume_is_no_paper() -> None:
    source = "@inproceedings{c, title={Child}, crossref={V}}\n@proceedings{v, title={Volume}, year={1985}}"
    entry = only(source)
    assert (entry["title"], entry["published"]) == ("Child", "1985")


VOLUME = """@Proceedings{ICML-2019, booktitle={Proceedings of Invention}, shortname={ICML}, year={2019}, volume={97},
  published={2019-05-24}}"""


def test_the_papers_of_a_volume_of_pmlr_have_its_date_and_place() -> None:
    entry = only(f"{VOLUME} @InProceedings{{tan19a, title={{Child}}, pages={{1-9}}}}")
    assert (entry["published"], entry["venue"], entry["volume"], entry["pages"], entry["kind"]) == (
        "2019-05-24", "Proceedings of Invention", "97", "1-9", "conference",
    )  # fmt: skip


def test_a_volume_that_was_published_in_another_year_has_its_year_alone() -> None:
    entry = only(VOLUME.replace("2019-05-24", "2020-01-05") + "@InProceedings{k, title={Child}}")
    assert entry["published"] == "2019"


@pytest.mark.parametrize(
    "source",
    [
        VOLUME + "@InProceedings{k, title={Child}, year={2001}}",
        VOLUME + "@article{k, title={Child}}",
        VOLUME.replace("shortname", "series") + "@InProceedings{k, title={Child}}",
        VOLUME + "@Proceedings{v, shortname={V}, year={2001}} @InProceedings{k, title={Child}}",
        VOLUME + "@Proceedings{v, title={V}, year={2001}} @InProceedings{k, title={Child}}",
    ],
)
def test_what_is_not_of_the_volume_before_it_has_nothing_of_it(source: str) -> None:
    entry = only(source)
    assert entry["published"] in {"2001", None}
    assert not entry["venue"]


@pytest.mark.parametrize(
    "other",
    [
        "@article{a, title={Other}}",
        "@InProceedings{a, title={Other}, year={2001}}",
        "@InProceedings{a, title={Other}, date={2001}}",
        "@InProceedings{a, title={Other}, booktitle={Proceedings of Others}}",
    ],
)
def test_a_volume_ends_at_an_entry_of_another_place(other: str) -> None:
    _, (_, entry) = read_bibtex(f"{VOLUME} {other} @InProceedings{{k, title={{Child}}}}")
    assert isinstance(entry, dict)
    assert (entry["published"], entry["venue"]) == (None, "")


def test_a_paper_that_tells_the_same_as_its_volume_does_not_end_it() -> None:
    own = "year={2019}, booktitle={Proceedings of Invention}"
    _, (_, entry) = read_bibtex(
        f"{VOLUME} @InProceedings{{a, title={{A}}, {own}}} @InProceedings{{k, title={{Child}}}}"
    )
    assert isinstance(entry, dict)
    assert entry["published"] == "2019-05-24"


def test_addresses_stand_as_they_are() -> None:
    fields = r"doi={10.1002/(SICI)1097%2F1\_2}, url={https://e.org/~me/a%20b?x=1&y=2}"
    entry = only(f"@misc{{k, title={{T}}, {fields}}}")
    assert (entry["doi"], entry["link"]) == ("10.1002/(SICI)1097%2F1_2", "https://e.org/~me/a%20b?x=1&y=2")


@pytest.mark.parametrize("frame", ["{}", "@a{{b, title={{x}}, author={{{}}}}}\n", "@a{{b, {}}}\n"])
def test_a_file_takes_steps_in_proportion_to_its_length_whatever_is_in_it(frame: str) -> None:
    for short, long in zip(hostile(1_000), hostile(2_000), strict=True):
        once, twice = (steps(partial(list, read_bibtex(frame.format(text)))) for text in (short, long))
        assert twice < 3 * once + 3_000, long[:20]


@pytest.mark.parametrize("key", ["one", "key{}"])
def test_entries_cost_the_same_wherever_in_a_file_they_stand(key: str) -> None:
    def entries(count: int) -> str:
        return "".join(f"@misc{{{key.format(number)}, title = {{T}}, crossref = {{one}}}}\n" for number in range(count))

    assert steps(partial(list, read_bibtex(entries(200)))) < 2.1 * steps(partial(list, read_bibtex(entries(100))))


def test_abbreviations_of_abbreviations_do_not_fill_the_memory() -> None:
    doubling = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    [(_, entry)] = read_bibtex(f"@string{{a0 = {{word}}}}\n{doubling}@misc{{k, title = {{T}}, abstract = a59}}")
    assert isinstance(entry, Mapping)
    assert len(str(entry["abstract"])) < 20_000_000


def place(source: str) -> tuple[object, ...]:
    [(_, entry)] = read_bibtex(source)
    record = flat(entry)
    return tuple(record.get(name) for name in ("kind", "venue", "volume", "issue", "pages"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            r"@article{k, title={T}, journal={Plants \& People}, volume=7, number=2, pages={1--9}}",
            ("article", "Plants & People", "7", "2", "1–9"),
        ),
        ("@inproceedings{k, title={T}, booktitle={{ICLR} 2025}}", ("conference", "ICLR 2025", None, None, None)),
        ("@misc{k, title={T}}", (None, "", None, None, None)),
        (
            "@article{k, title={T}, journal={arXiv preprint arXiv:1909.11942}, volume={abs/1909.11942}}",
            ("preprint", None, None, None, None),
        ),
        (
            r"@article{k, title={T}, journal={\apj}}",
            ("article", "The Astrophysical Journal", None, None, None),
        ),
        (r"@article{k, title={T}, journal=\prl}", ("article", "Physical Review Letters", None, None, None)),
        ("@misc{k, title={T}, eprint={1909.11942}}", ("preprint", None, None, None, None)),
        (
            "@article{k, title={T}, journal={Nature}, eprint={1909.11942}, archiveprefix={arXiv}}",
            ("article", "Nature", None, None, None),
        ),
    ],
)
def test_an_entry_says_where_it_was_published_and_arxiv_is_none(source: str, expected: tuple[object, ...]) -> None:
    assert place(source) == expected


@pytest.mark.parametrize(
    ("told", "also"),
    [
        ("pmid={29518074}, pmcid={PMC5843160}", ("PMID: 29518074", "PMCID: PMC5843160")),
        ("note={{PMID:} 23439512}", ("PMID: 23439512",)),
        ("note={Erratum in PMID: 23439512}", ()),
    ],
)
def test_numbers_of_pubmed_and_pmc_are_ids(told: str, also: tuple[str, ...]) -> None:
    [(_, entry)] = read_bibtex(f"@article{{k, title={{T}}, {told}}}")
    assert flat(entry)["also"] == also
