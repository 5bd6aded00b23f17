"""Names of people in every shape that files have them in."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.sources.fields import names
from adapters.sources.names import bibtex_names
from tests.support.hostile import hostile, steps


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A. One, B. Two and C. Three", ("A. One", "B. Two", "C. Three")),
        ("Doe, J.", ("J. Doe",)),
        ("Roe, Rick", ("Rick Roe",)),
        ("Doe, J. ; Roe, R.;", ("J. Doe", "R. Roe")),
        ("Doe, J., Roe, R. and Poe, E. A.", ("J. Doe", "R. Roe", "E. A. Poe")),
        (
            "Ann Golse (CMLS-X, LJLL), Bo Lind (1), Cy Lay (2) ((1) Univ. A, (2) Univ. B)",
            ("Ann Golse", "Bo Lind", "Cy Lay"),
        ),
        (r"J\"org M\"uller, C. Bal\'azs", ("Jörg Müller", "C. Balázs")),
        ("A. One,\n  B. Two", ("A. One", "B. Two")),
        (["NVIDIA", ":", "Hassan Abu"], ("NVIDIA", "Hassan Abu")),
        (["Doe, Jane", "Edward Barton, Jr.", "Google, Inc"], ("Jane Doe", "Edward Barton, Jr.", "Google Inc")),
        ([["Müller", "Jörg", ""], ["King", "Martin", "Jr."]], ("Jörg Müller", "Martin King, Jr.")),
        ([{"family": "Lund", "given": "Ada"}, {"literal": "SLOW Consortium"}], ("Ada Lund", "SLOW Consortium")),
    ],
)
def test_each_person_is_one_name_given_name_first(written: object, read: tuple[str, ...]) -> None:
    assert names(written) == read


@given(st.text(alphabet="aZéß×Ⅱ.,-'~ \t\\{}1_", max_size=12))
@example("A. Lee and others")
@example("A. Lee et al.")
@example("Unknown")
@example("Jean-Éloi d'Arc")
@example("J.-P. O'Neil Jr.")
@example("A--B")
@example("A.  B")
def test_a_name_is_read_alike_alone_and_in_an_object(name: str) -> None:
    assert names([name]) == names([{"literal": name}])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{Institute for Slow Research and Rest} and Doe, Jane", ("Institute for Slow Research and Rest", "Jane Doe")),
        ("Wei Li 0002 AND Wang, Wei 0001", ("Wei Li", "Wei Wang")),
        ("King, Jr., Martin and Barton, Edward, Jr. and others", ("Martin King, Jr.", "Edward Barton, Jr.")),
        (r"M{\"u}ller, J{\"o}rg and {\'A}rp{\'a}d B\'enyi", ("Jörg Müller", "Árpád Bényi")),
        ("{van den Berg}, Anna", ("Anna van den Berg",)),
    ],
)
def test_bibtex_names_are_parted_outside_of_braces(written: str, read: tuple[str, ...]) -> None:
    assert bibtex_names(written) == read


@pytest.mark.parametrize("reader", [names, bibtex_names])
def test_names_take_steps_in_proportion_to_their_length(reader: Callable[[str], object]) -> None:
    for short, long in zip(hostile(1_000), hostile(2_000), strict=True):
        assert steps(partial(reader, long)) < 3 * steps(partial(reader, short)) + 3_000, long[:20]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A. One (Lab (of (Loops))), B. Two", ("A. One", "B. Two")),
        ("A. One (Lab, B. Two", ("A. One",)),
        ("A. One ) B. Two", ("A. One ) B. Two",)),
        ("Institute for Loops and Knots and Gaps and A. One", ("Institute for Loops and Knots and Gaps", "A. One")),
    ],
)  # fmt: skip
def test_brackets_and_groups_are_read_however_deep(written: str, read: tuple[str, ...]) -> None:
    assert names(written) == read
