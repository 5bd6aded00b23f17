from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.records import Entry, RecordError, gather, read
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind, title_id
from bot.domain.references import parse_paper_id

AT = datetime(2026, 1, 7, tzinfo=UTC)


def paper(**raw: object) -> Paper:
    return read({"title": "A title", **raw}, source="tests", at=AT).paper


def signals(**raw: object) -> list[Signal]:
    return read({"id": "2601.00001", "title": "A title", **raw}, source="tests", at=AT).signals


def reason(raw: dict[str, object]) -> str:
    with pytest.raises(RecordError) as caught:
        read(raw, source="tests", at=AT)
    return str(caught.value)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"id": "2310.06825v3"}, "2310.06825"),
        ({"_id": "arXiv:hep-th/9901001v1"}, "hep-th/9901001"),
        ({"id": "https://huggingface.co/papers/2310.06825"}, "2310.06825"),
        ({"id": "10.1145/3292500"}, "doi:10.1145/3292500"),
        ({"doi": "https://doi.org/10.1145/3292500"}, "doi:10.1145/3292500"),
        ({"url": "https://arxiv.org/abs/2310.06825v1"}, "2310.06825"),
        ({"id": "openreview:abc"}, "openreview:abc"),
        ({"id": "29933"}, "local:29933"),
        ({"id": 29933}, "local:29933"),
        ({"id": "my paper"}, "local:my-paper"),
        ({"id": "https://example.org/p?id=1"}, "local:https://example.org/p?id=1"),
        ({}, title_id("A title")),
        ({"id": ""}, title_id("A title")),
        ({"id": None}, title_id("A title")),
    ],
)
def test_an_id_is_found_wherever_the_record_has_it(raw: dict[str, object], expected: str) -> None:
    assert paper(**raw).id == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"id": "2310.06825", "doi": "10.1145/3292500"}, ["2310.06825", "doi:10.1145/3292500"]),
        ({"id": "10.1145/3292500", "url": "https://arxiv.org/abs/2310.06825v1"}, ["2310.06825", "doi:10.1145/3292500"]),
        ({"id": "acl:7", "doi": "10.1145/3292500"}, ["doi:10.1145/3292500", "acl:7"]),
        ({"id": "2310.06825", "doi": "10.48550/arXiv.2310.06825"}, ["2310.06825"]),
        ({"id": "2310.06825", "doi": "10.48550/arXiv.2401.00001"}, ["2310.06825"]),
        ({"id": "2310.06825", "doi": "10.1145/1 10.1145/2"}, ["2310.06825"]),
        ({"id": "acl/acl2021:2021.acl-long.24"}, ["acl/acl2021:2021.acl-long.24", "acl:2021.acl-long.24"]),
        ({"doi": "10.18653/v1/P19-1001"}, ["doi:10.18653/v1/p19-1001", "acl:P19-1001"]),
        ({"id": "iclr/iclr2018:B11bwYgfM"}, ["iclr/iclr2018:B11bwYgfM", "openreview:B11bwYgfM"]),
        ({"id": "icml/icml2018:2382"}, ["icml/icml2018:2382"]),
        ({"id": "17", "doi": "10.1145/3292500"}, ["doi:10.1145/3292500"]),
    ],
)
def test_every_id_that_a_record_names_is_the_papers_the_best_of_them_first(
    raw: dict[str, object], expected: list[str]
) -> None:
    told = read({"title": "A title", **raw}, source="tests", at=AT)
    assert [told.paper.id, *told.aliases] == expected


@pytest.mark.parametrize("placeholder", ["None", "cvpr/cvpr2016:None", "null", "nan"])
def test_a_placeholder_is_no_id(placeholder: str) -> None:
    assert paper(id=placeholder).id == title_id("A title")


def test_an_overlong_id_is_refused() -> None:
    assert reason({"id": "x" * 500, "title": "A title"}) == "id: longer than 180 characters"


def test_every_field_finds_its_place() -> None:
    full = paper(
        id="2310.06825", text="We do.", summary="They do.", authors="A. One and B. Two", categories="cs.LG cs.AI",
        published="2023-10-10", updated="2023-10-12T08:00:00Z", first_seen="2023-10-11T00:00:00Z", keywords="a; b",
        github="https://github.com/example/code", projectPage="https://example.org", organization="Org",
        submitted_by="ada", unknown="ignored",
    )  # fmt: skip
    assert (full.abstract, full.summary) == ("We do.", "They do.")
    assert full.authors == ("A. One", "B. Two")
    assert full.categories == ("cs.LG", "cs.AI")
    assert (full.published, full.updated) == (date(2023, 10, 10), date(2023, 10, 12))
    assert full.first_seen == datetime(2023, 10, 11, tzinfo=UTC)
    assert full.keywords == ("a", "b")
    assert (full.code, full.project) == ("https://github.com/example/code", "https://example.org")
    assert (full.organization, full.submitted_by, full.source) == ("Org", "ada", "tests")


def test_a_summary_alone_stands_for_the_abstract() -> None:
    alone = paper(summary="What it says.")
    assert (alone.abstract, alone.summary) == ("What it says.", "")


def test_an_untrusted_link_is_left_out_and_the_paper_kept() -> None:
    assert paper(code="javascript:alert(1)", project="file:///etc/passwd").code == ""


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, "no title"),
        ({"title": " \n"}, "no title"),
        ({"title": None}, "no title"),
        ({"title": "\u200b\u2060\u00ad\u3164"}, "no title"),
        ({"title": ["x"]}, "title: ['x'] is not text"),
    ],
)
def test_a_record_that_is_no_paper_says_why(raw: dict[str, object], expected: str) -> None:
    assert reason(raw) == expected


@pytest.mark.parametrize(
    ("raw", "notes"),
    [
        ({"published": "banana"}, ["published: 'banana' is not a date; left out"]),
        ({"upvotes": "many"}, ["upvotes: 'many' is not a count; left out"]),
        ({"authors": 3}, ["authors: 3 is not a list; left out"]),
        ({"year": "??", "stars": -1}, ["year: '??' is not a date; left out", "stars: -1 is not a count; left out"]),
        ({"published": "", "abstract": "N/A", "doi": None}, []),
    ],
)
def test_one_value_nobody_can_read_costs_no_paper(raw: dict[str, object], notes: list[str]) -> None:
    told = read({"id": "2401.66001", "title": "Kept"} | raw, source="tests", at=AT)
    assert (told.paper.id, told.paper.title, told.paper.abstract, told.notes) == ("2401.66001", "Kept", "", notes)


def test_a_date_that_cannot_be_read_leaves_the_year_beside_it() -> None:
    assert paper(date="soon", year=2019).published == date(2019, 1, 1)


def test_tex_is_read_on_the_way_in_and_the_title_keeps_its_own() -> None:
    read_paper = paper(title=r"$\alpha$ of H\"older", authors=[r"J\"org M\"uller"], abstract=r"We \emph{show} 50\%.")
    assert (read_paper.title, read_paper.title_tex) == ("α of Hölder", r"$\alpha$ of H\"older")
    assert (read_paper.authors, read_paper.abstract) == (("Jörg Müller",), "We show 50%.")
    assert paper(title="Plain").title_tex == ""


def test_only_a_thumbnail_of_hugging_face_is_kept() -> None:
    picture = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2401.66001.png"
    assert paper(thumbnail=picture).thumbnail == picture
    for other in ("https://example.org/count.png", 7, None, ""):
        assert paper(thumbnail=other).thumbnail == ""


def test_a_value_nested_a_thousand_times_is_refused_like_any_other() -> None:
    nested: list[object] = []
    for _ in range(10_000):
        nested = [nested]
    assert reason({"title": nested}) == "title: [[[[[[[...]]]]]]] is not text"


def test_no_upvotes_known_is_not_zero_upvotes() -> None:
    assert signals() == signals(upvotes=None) == []
    assert signals(upvotes=0) == [Signal(PaperId("2601.00001"), SignalKind.UPVOTES, AT, 0)]


def test_dated_counts_keep_their_moments() -> None:
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    told = signals(upvotes=[["2026-01-01", 3], ["2026-01-02T00:00:00Z", 5]])
    assert [(signal.at, signal.value) for signal in told] == [(first, 3), (second, 5)]


def test_an_undated_count_beside_dated_ones_was_read_with_the_newest() -> None:
    told = signals(upvotes=[["2026-01-01", 3], ["2026-01-02", 5]], comments=7)
    assert Signal(PaperId("2601.00001"), SignalKind.COMMENTS, datetime(2026, 1, 2, tzinfo=UTC), 7) in told


def test_bad_records_are_named_and_the_rest_goes_in() -> None:
    entries: list[tuple[str, Entry]] = [
        ("f:1", {"title": "One"}),
        ("f:2", {"title": ""}),
        ("f:3", RecordError("not JSON")),
        ("f:4", {"title": "Two"}),
    ]
    batch = gather(entries, source="tests", at=AT)
    assert [one.title for one in batch.papers] == ["One", "Two"]
    assert [(bad.where, bad.reason) for bad in batch.bad] == [("f:2", "no title"), ("f:3", "not JSON")]


VALUES = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text() | st.integers(), max_size=3)


@given(st.dictionaries(st.sampled_from(["id", "title", "abstract", "authors", "published", "upvotes", "url"]), VALUES))
def test_whatever_a_record_says_it_is_a_storable_paper_or_a_reason(raw: dict[str, object]) -> None:
    try:
        told = read(raw, source="tests", at=AT).paper
    except RecordError as error:
        assert str(error)
    else:
        assert told.title
        assert repr(told).encode()
        assert parse_paper_id(told.id) == told.id


@pytest.mark.parametrize(
    ("listed", "read_at", "seen"),
    [
        ("2026-01-08T00:00:00Z", "2026-01-08T09:30:00+00:00", "2026-01-08T00:00:00+00:00"),
        ("2026-01-07T00:00:00Z", "2026-01-07T09:30:00+00:00", "2026-01-07T09:30:00+00:00"),
        ("2026-01-07T00:00:00Z", "2026-01-08T00:30:00+00:00", "2026-01-07T23:59:59+00:00"),
        ("2026-01-07T00:00:00Z", "2026-02-01T00:00:00+00:00", "2026-01-07T00:00:00+00:00"),
        ("2026-01-07T00:00:00Z", "2026-01-06T23:00:00+00:00", "2026-01-07T00:00:00+00:00"),
        ("2026-01-07T08:15:00Z", "2026-01-07T09:30:00+00:00", "2026-01-07T08:15:00+00:00"),
    ],
)
def test_what_is_new_on_a_list_that_was_read_before_is_first_seen_when_it_is_read(
    listed: str, read_at: str, seen: str
) -> None:
    raw = {"id": "2601.00001", "title": "Kumquats", "first_seen": listed}
    at = datetime.fromisoformat(read_at)
    told = read(raw, source="huggingface", at=at, read_until=date(2026, 1, 7))
    assert told.paper.first_seen == datetime.fromisoformat(seen)
    first = read(raw, source="huggingface", at=at)
    assert first.paper.first_seen == datetime.fromisoformat(listed)


def test_a_record_says_where_its_paper_was_published() -> None:
    found = paper(
        title="T", doi="https://doi.org/10.1038/S1", kind="article", venue="Plants &amp; People", pages="1--9"
    )
    assert (found.kind, found.venue, found.pages, found.doi) == ("article", "Plants & People", "1-9", "10.1038/s1")
    assert paper(title="T", kind="dataset").kind == ""


def test_further_ids_of_a_record_are_those_of_its_paper() -> None:
    told = read({"title": "T", "id": "pmid:1", "also": ["pmc:PMC2", "10.1038/s1"]}, source="tests", at=AT)
    assert (told.paper.id, told.aliases) == ("doi:10.1038/s1", ["pmid:1", "pmc:PMC2"])
