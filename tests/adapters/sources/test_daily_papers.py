"""The JSON of Hugging Face's papers API, made flat."""

import pytest

from adapters.sources.daily_papers import flatten
from adapters.sources.records import RecordError
from tests.support.sources.world import Bodies, flat


def test_an_entry_of_a_listing_is_one_flat_record(bodies: type[Bodies]) -> None:
    entry = flat(flatten(bodies.daily_paper("2601.90001", githubRepo="https://example.org/code", githubStars=7)))
    assert (entry["id"], entry["title"]) == ("2601.90001", "Invented paper 2601.90001")
    assert (entry["upvotes"], entry["stars"], entry["comments"]) == (3, 7, 2)
    assert (entry["organization"], entry["submitted_by"]) == ("Institute of Invention", "ada")
    assert entry["thumbnail"] == "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2601.90001.png"
    assert entry["first_seen"] == "2026-01-06T00:00:00.000Z"


def test_a_single_papers_body_is_read_as_the_paper_of_a_listing(bodies: type[Bodies]) -> None:
    paper = bodies.daily_paper("2601.90001")["paper"]
    listed = flat(flatten({"paper": paper}))
    alone = flat(flatten(paper))
    known = ("id", "title", "abstract", "summary", "authors", "published", "upvotes")
    assert {name: alone[name] for name in known} == {name: listed[name] for name in known}
    assert alone["abstract"] == "We invent 2601.90001."


def test_what_is_no_answer_of_the_service_is_a_flat_record_already() -> None:
    record = {"id": "2601.90001", "title": "On loops"}
    assert flatten(record) == record


@pytest.mark.parametrize(("abstract", "summary"), [("We turn.", "A turn."), (None, None), ("", None)])
def test_a_summary_counts_only_beside_an_abstract(
    bodies: type[Bodies], abstract: str | None, summary: str | None
) -> None:
    entry = flat(flatten(bodies.daily_paper(summary=abstract, ai_summary="A turn.")))
    assert entry["summary"] == summary


@pytest.mark.parametrize("repository", ["", None, ...])
def test_stars_of_no_repository_are_missing(bodies: type[Bodies], repository: object) -> None:
    assert flat(flatten(bodies.daily_paper(githubRepo=repository, githubStars=0)))["stars"] is None


@pytest.mark.parametrize(
    ("entry", "reason"), [([], "not a JSON object"), ("x", "not a JSON object"), ({"paper": 5}, "paper: not a JSON")]
)
def test_what_is_no_object_says_so(entry: object, reason: str) -> None:
    read = flatten(entry)
    assert isinstance(read, RecordError)
    assert str(read).startswith(reason)
