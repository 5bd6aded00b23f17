"""Mail addresses have one spelling, and mailboxes are places."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.mailboxes import mailbox_place, new_tag, parse_address
from bot.errors import UserError


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("You@Example.ORG", "you@example.org"),
        ("  you@example.org\n", "you@example.org"),
        ("you@XN--BCHER-KVA.example", "you@bücher.example"),
        ("o'brien+papers@example.org", "o'brien+papers@example.org"),
        ("<mailto:you@example.org|you@example.org>", "you@example.org"),
        ("mailto:you@example.org", "you@example.org"),
        ("<you@example.org>", "you@example.org"),
        ("пётр@пример.рф", "пётр@пример.рф"),
    ],
)
def test_an_address_has_one_spelling_however_it_was_typed(typed: str, address: str) -> None:
    assert parse_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "you", "@example.org", "you@", "a@b.example, c@d.example", "you@example.org\r\nBcc: a"]
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match=r"not a mail address like you@example\.org"):
        parse_address(typed)


@given(st.emails())
@example("İ@example.org")
def test_an_address_once_read_is_read_as_itself(typed: str) -> None:
    try:
        address = parse_address(typed)
    except UserError:
        return
    assert parse_address(address) == address


def test_a_mailbox_is_a_private_place_of_no_workspace() -> None:
    place = mailbox_place("you@example.org")
    assert (place.key, place.name, place.private) == ("email::you@example.org", "you@example.org", True)


def test_names_of_mailboxes_are_long_and_all_different() -> None:
    tags = {new_tag() for _ in range(1000)}
    assert len(tags) == 1000
    assert all(re.fullmatch("[0-9a-f]{20}", tag) for tag in tags)


@pytest.mark.parametrize("typed", ["a" + "\u0301\u0323" * 100_000 + "@example.org", "a@" + "b." * 100_000 + "org"])
def test_what_is_far_too_long_for_an_address_is_not_even_read(typed: str) -> None:
    with pytest.raises(UserError, match=r"it has 200,0\d\d characters"):
        parse_address(typed)


def test_an_address_may_come_as_a_link_with_itself() -> None:
    address = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.org"
    assert parse_address(f"<mailto:{address}|{address}>") == address
