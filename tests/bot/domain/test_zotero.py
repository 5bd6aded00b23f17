"""The rules by which a library of Zotero is kept in step."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.zotero import (
    LinkedItem,
    Removal,
    ZoteroCollection,
    ZoteroItem,
    merged_lists,
    new_key,
    removal,
    within,
)

PAPER = Paper(id=PaperId("2601.00001"), title="A paper")
LINK = LinkedItem("ITEM2345", PAPER.id, saved=True, there=True, made=True, version=7)
NAMES = st.frozensets(st.sampled_from("abcd"))


def test_keys_are_as_zotero_makes_them() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(re.fullmatch("[23456789A-NP-Z]{8}", key) for key in keys)


@pytest.mark.parametrize(
    ("changed", "becomes"),
    [
        ({}, Removal.TRASH),
        ({"version": 8}, Removal.TAKE_OUT),
        ({"children": 1}, Removal.TAKE_OUT),
        ({"collections": ("HOME2345", "MINE2345")}, Removal.TAKE_OUT),
        ({"version": 8, "collections": ("MINE2345",)}, Removal.NOTHING),
        ({"trashed": True}, Removal.NOTHING),
    ],
)
def test_only_what_nobody_touched_is_put_into_the_trash(changed: dict[str, object], becomes: Removal) -> None:
    item = ZoteroItem(**({"key": "ITEM2345", "version": 7, "paper": PAPER, "collections": ("HOME2345",)} | changed))  # type: ignore[arg-type]
    assert removal(item, LINK, {"HOME2345"}) is becomes


@given(agreed=NAMES, here=NAMES, there=NAMES)
def test_lists_come_to_the_same_on_both_sides(
    agreed: frozenset[str], here: frozenset[str], there: frozenset[str]
) -> None:
    merged = merged_lists(agreed, here, there, "abcd")
    assert (here | merged.put_here) - merged.take_here == (there | merged.put_there) - merged.take_there
    assert merged.agreed == (here & there) | ((here ^ there) - agreed), "each change is on both sides, and no other"


def test_a_list_that_is_gone_in_zotero_takes_nothing_off_a_list_here() -> None:
    assert merged_lists(["club"], ["club"], [], known=[]).agreed == {"club"}
    assert merged_lists(["club"], ["club"], [], known=["club"]).agreed == frozenset()


def test_a_collection_has_those_within_it_however_deep() -> None:
    parents = {"HOME2345": "", "CLUB2345": "HOME2345", "DEEP2345": "CLUB2345", "ELSE2345": ""}
    collections = {key: ZoteroCollection(key, key, parent) for key, parent in parents.items()}
    assert within(collections, "HOME2345") == {"HOME2345", "CLUB2345", "DEEP2345"}
