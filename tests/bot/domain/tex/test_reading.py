r"""TeX as arXiv and bibliographies have it, and what is read of it: `H\"older` is Hölder."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tex.reading import read_tex
from tests.support.hostile import hostile, steps


@pytest.mark.parametrize(
    ("tex", "read"),
    [
        (
            r"H\"older and Schr{\"o}dinger, \'Arp\'ad, Erd\H{o}s, \v Zumer",
            "Hölder and Schrödinger, Árpád, Erdős, Žumer",
        ),
        (r"\O stergaard, {\ss}, \L{}ukasz, Mart\'{\i}nez, na\"\i ve", "Østergaard, ß, Łukasz, Martínez, naïve"),
        (r"\ifmmode \check{Z}\else \v{Z}\fi{}umer", "Žumer"),
        (r"$\alpha$-GAN in $\mathbb{R}^n$ with $x_{ij}^2 \leq 1$", "α-GAN in ℝⁿ with xᵢⱼ² ≤ 1"),
        (r"M^4olGen, L^{2}, G_2 manifolds, CO$_2$, $10^{-3}$", "M⁴olGen, L², G₂ manifolds, CO₂, 10⁻³"),
        (r"$\frac{a+1}{2}$, $\sqrt{n}$, $O(n\log n)$", "(a+1)/2, √n, O(n log n)"),
        (r"\emph{all} of \texttt{foo\_bar} by \textsf{Slow} {\TeX}", "all of foo_bar by Slow TeX"),
        (r"\ours is \mycommand{kept} and \textless 5", "ours is kept and < 5"),
        (r"1--2 pages --- ``so'' it\'s", "1–2 pages — “so” it's"),
        (r"\href{https://e.org/a_b}{the page} at \url{http://e.org/~me}", "the page at http://e.org/~me"),
        (r"50\% \& 60% & R\&D", "50% & 60% & R&D"),
    ],
)
def test_tex_is_read_as_it_would_be_printed(tex: str, read: str) -> None:
    assert read_tex(tex) == read


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10",
        "S = {0, 1}",
        "foo_bar and snake_case_name",
        "https://example.org/~me/a_b%20c_d",
        "the --help option",
        "an open $ sign",
        "a } b {",
        "about ~10 of them",
    ],
)
def test_what_is_no_tex_stays_as_it_is(text: str) -> None:
    assert read_tex(text) == text


@given(st.text(alphabet="\\{}$^_~-`'\"%& abcZα1", max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    for braces in (False, True):
        assert isinstance(read_tex(text, braces=braces), str)


@pytest.mark.parametrize(
    "opening", ["{", "{$}$", "\\(", "\\frac{", "\\hat", "\\not", "\\texorpdfstring{", "\\url{", "\\ifmmode\\else "]
)
def test_what_is_opened_hundreds_of_times_and_never_closed_is_read_to_its_end(opening: str) -> None:
    assert read_tex(f"{opening * 300}the end").endswith(" end")


def test_reading_takes_steps_in_proportion_to_the_length_whatever_is_written() -> None:
    for short, long in zip(hostile(1_000), hostile(2_000), strict=True):
        once, twice = steps(partial(read_tex, short)), steps(partial(read_tex, long))
        assert twice < 3 * once + 3_000, long[:20]


def test_what_is_opened_and_never_closed_is_not_read_again_for_each() -> None:
    for text in hostile(4_000):
        assert steps(partial(read_tex, text)) < 60 * len(text), text[:20]


@pytest.mark.parametrize("text", ["{" * 60, "\\'" * 900, "\\not" * 900, "$$ {" * 300, "\\({" * 300])
def test_after_what_is_tangled_the_words_still_come(text: str) -> None:
    # A command without its argument takes the next letter.
    assert read_tex(f"{text} words").endswith("rds")
