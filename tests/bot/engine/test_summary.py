"""The one sentence that says what a paper is about."""

import pytest
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


def test_of_an_endless_abstract_the_beginning_is_read() -> None:
    assert telling_sentence("Slow sums", "We add slow sums. " * 100_000) == "We add slow sums."
    assert telling_sentence("Slow", "However, " * 100_000) == ""


def test_what_the_authors_did_tells_most() -> None:
    abstract = (
        "Large language models are everywhere. However, they forget. "
        "We propose Anchor, a memory that keeps facts in place. Code is available at https://example.org."
    )
    assert telling_sentence("Anchor: a memory for language models", abstract).startswith("We propose Anchor")


def test_an_abstract_without_claims_still_has_a_sentence() -> None:
    assert telling_sentence("Sums", "Sums are taken over all primes.") == "Sums are taken over all primes."
    assert telling_sentence("Sums", "") == ""


@pytest.mark.parametrize("beginning", ["However, ", "To address this gap, ", "Thus, in particular, "])
def test_a_connective_at_the_beginning_is_left_out(beginning: str) -> None:
    abstract = f"Memories fade. {beginning}we propose Anchor, which keeps facts in place."
    assert telling_sentence("Anchor", abstract) == "We propose Anchor, which keeps facts in place."


@pytest.mark.parametrize(
    "leaning", ["This design shows that we keep facts in a memory.", "It shows how our memory is built."]
)
def test_a_sentence_that_leans_on_the_one_before_is_not_taken(leaning: str) -> None:
    assert telling_sentence("On memory", f"This paper studies memory. {leaning}") == "This paper studies memory."


def test_a_sentence_that_points_back_is_not_taken_before_one_that_does_not() -> None:
    whole, pointing = "We write rubrics for answers in steps.", "We write these criteria for answers in steps."
    assert telling_sentence("On rubrics", f"{pointing} {whole}") == whole
    assert telling_sentence("On rubrics", pointing) == ""


@pytest.mark.parametrize(
    "leaning",
    [
        "ProFit masks the latter in the loss.",
        "We also propose to expand the pool of features by a healthy persona.",
        "We find their exact asymptotic shape as the parameter tends to infinity.",
        "We address simultaneously the second and third by a scalable version of naive Bayes.",
        "The two proposed methods are evaluated in a setting of learning from demonstration.",
        "The experiment results show that our model achieves competitive performance on both tasks.",
        "We investigate whether this misalignment has a direction shared across architectures.",
        "Many large language models are trained on a massive body of knowledge.",
    ],
)
def test_a_summary_that_does_not_stand_alone_is_not_shown(leaning: str) -> None:
    assert telling_sentence("ProFit: probability-guided tokens", leaning) == ""


@pytest.mark.parametrize(
    "alone",
    [
        "ProFit masks tokens of low probability, which the model is sure of, and this is by design.",
        "We propose a loss for such tokens as the model is sure of.",
        "This paper studies tokens of low probability.",
        "A method for tokens of low probability is presented.",
        "We prove a theorem for flows on the two-sphere.",
    ],
)
def test_what_stands_alone_is_shown(alone: str) -> None:
    assert telling_sentence("ProFit: probability-guided tokens", f"Tokens vary. {alone}") == alone


def test_a_clause_that_points_back_is_left_out() -> None:
    abstract = "Pruning has rules. Based on these rules, we propose TOPS, a module that prunes tokens."
    assert telling_sentence("TOPS", abstract) == "We propose TOPS, a module that prunes tokens."


def test_a_sentence_that_breaks_off_is_not_taken() -> None:
    abstract = "We present a memory of facts. We present a memory that keeps all the facts in the"
    assert telling_sentence("A memory of facts", abstract) == "We present a memory of facts."


@given(st.text(), st.text())
def test_a_telling_sentence_is_part_of_the_abstract(title: str, abstract: str) -> None:
    assert telling_sentence(title, abstract) in " ".join(abstract.split())


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    "connective",
    ["In addition", "Here", "In response,", "In conjunction,", "Next,", "Lastly", "To address the second challenge,"],
)
def test_a_connective_is_left_out_with_or_without_a_comma(connective: str) -> None:
    assert telling_sentence("Waves", f"{connective} we prove that waves stay bounded.") == (
        "We prove that waves stay bounded."
    )
