"""The one sentence that says what a paper is about."""

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.summary import sentences, shorten, telling_sentence


def test_abbreviations_and_initials_end_no_sentence() -> None:
    abstract = "Work by Smith et al. Shows promise, e.g. In vision. J. Doe agrees. It holds."
    assert sentences(abstract) == [
        "Work by Smith et al. Shows promise, e.g. In vision.",
        "J. Doe agrees.",
        "It holds.",
    ]


def test_decimal_points_end_no_sentence() -> None:
    assert sentences("It gains 3.5 points. Version 2.0 is out.") == ["It gains 3.5 points.", "Version 2.0 is out."]


def test_what_the_authors_did_tells_most() -> None:
    abstract = (
        "Large language models are everywhere. However, they forget. "
        "We propose Anchor, a memory that keeps facts in place. Code is available at https://example.org."
    )
    assert telling_sentence("Anchor: a memory for language models", abstract).startswith("We propose Anchor")


def test_an_abstract_without_claims_still_has_a_sentence() -> None:
    assert telling_sentence("Sums", "Sums are taken over all primes.") == "Sums are taken over all primes."
    assert telling_sentence("Sums", "") == ""


@given(st.text(), st.text())
def test_a_telling_sentence_is_part_of_the_abstract(title: str, abstract: str) -> None:
    assert telling_sentence(title, abstract) in " ".join(abstract.split())


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")
