"""Text that every database can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sql.text import is_storable, storable_text


@pytest.mark.parametrize(
    ("text", "kept"), [("ü 模型 🪁", "ü 模型 🪁"), ("a\0b", "ab"), ("half \ud83d a pair", "half  a pair")]
)
def test_what_no_database_holds_is_left_out(text: str, kept: str) -> None:
    assert storable_text(text) == kept
    assert is_storable(text) == (text == kept)


@given(st.text(st.characters(categories=None)))
def test_what_is_left_can_be_stored_and_stays_as_it_is(text: str) -> None:
    kept = storable_text(text)
    assert is_storable(kept)
    assert storable_text(kept) == kept
