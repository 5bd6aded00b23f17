"""Titles in BibTeX: Unicode is escaped and written as TeX, an author's own TeX is kept where every LaTeX prints it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tex.writing import sound_tex, write_tex


@given(st.text(alphabet="\\{}$^_~%&# abcαℝⁿ₂", max_size=40))
def test_what_is_written_has_no_open_brace_or_dollar(text: str) -> None:
    written = write_tex(text).replace("\\{", "").replace("\\}", "").replace("\\$", "")
    assert written.count("{") == written.count("}")
    assert written.count("$") % 2 == 0


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50% of ℝⁿ & α", r"50\% of $\mathbb{R}^n$ \& $\alpha$"),
        ("xᵢⱼ² ≤ 1", r"x$_{ij}^2$ $\leq$ 1"),
        ("Hölder_1 王", r"Hölder\_1 王"),
    ],
)
def test_symbols_are_written_as_mathematics_and_letters_stay(text: str, written: str) -> None:
    assert write_tex(text) == written


def test_an_authors_own_tex_is_kept_where_every_latex_prints_it() -> None:
    assert sound_tex(r"$\mathcal{O}(n)$: 50% & {GAN}") == r"$\mathcal{O}(n)$: 50\% \& {GAN}"
    for unsound in (r"\ours wins", "on R^n", r"\alpha decay", "{open", "$open"):
        assert sound_tex(unsound) is None
