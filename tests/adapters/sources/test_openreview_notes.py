import pytest

from adapters.sources.openreview_notes import flatten, is_accepted, is_public

NOTE = {
    "id": "abcdef1",
    "forum": "abcdef1",
    "readers": ["everyone"],
    "pdate": 1737676800000,
    "tmdate": 1740000000000,
    "content": {
        "title": {"value": "Invented nets"},
        "abstract": {"value": "We invent nets."},
        "TLDR": {"value": "Nets."},
        "authors": {"value": ["Ada Example", "Bob Sample"]},
        "authorids": {"value": ["~Ada_Example1", "bob@example.org"]},
        "venue": {"value": "ICLR 2025 Poster"},
        "venueid": {"value": "ICLR.cc/2025/Conference"},
    },
}


def test_an_accepted_paper_says_where_and_how() -> None:
    record = flatten(NOTE)
    assert (record["id"], record["title"], record["summary"]) == ("openreview:abcdef1", "Invented nets", "Nets.")
    assert (record["kind"], record["venue"]) == ("conference", "ICLR 2025 Poster")
    assert "bob@example.org" not in str(record)


def test_what_only_some_may_read_is_left_out() -> None:
    hidden = {"value": ["Ada Example"], "readers": ["ICLR.cc/2025/Conference/Submission1/Authors"]}
    assert flatten(NOTE | {"content": {**NOTE["content"], "authors": hidden}})["authors"] is None  # type: ignore[dict-item]


def test_a_date_set_into_the_future_is_that_of_the_last_change() -> None:
    assert flatten(NOTE)["published"] == 1737676800000
    assert flatten(NOTE | {"pdate": 9999999999999})["published"] == 1740000000000


def test_a_note_of_the_older_version_holds_plain_values() -> None:
    content = {"title": "Old nets", "authors": ["Ada Example"], "venueid": "TMLR", "venue": "Accepted by TMLR"}
    record = flatten({"id": "abcdef2", "content": content, "tcdate": 1540035843524})
    assert (record["title"], record["kind"], record["venue"]) == ("Old nets", "article", "TMLR")
    assert record["published"] == 1540035843524


@pytest.mark.parametrize(
    ("venue", "accepted"),
    [
        ("ICLR.cc/2025/Conference", True),
        ("TMLR", True),
        ("ICLR.cc/2025/Conference/Submission", False),
        ("ICLR.cc/2025/Conference/Rejected_Submission", False),
        ("ICLR.cc/2025/Conference/Withdrawn_Submission", False),
        ("", False),
    ],
)
def test_the_venue_tells_the_decision(venue: str, accepted: bool) -> None:
    assert is_accepted({"venueid": venue}) is accepted
    record = flatten({"id": "abcdef3", "content": {"title": "T", "venueid": venue, "venue": "Somewhere"}})
    assert (record["venue"] == "Somewhere") is accepted


def test_a_note_for_some_is_not_public() -> None:
    assert is_public(NOTE)
    assert not is_public({"readers": ["TC/2024/Conference"]})
