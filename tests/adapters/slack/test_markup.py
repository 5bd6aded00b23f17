"""Text that Slack shows as it is."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.markup import clean, escape, fallback, length, neutral, safe_url, shorten
from adapters.slack.render import render
from bot.domain.dates import shown_moment
from bot.domain.messages import (
    Button,
    Card,
    Message,
    text,
)
from bot.domain.paper_ids import PaperId
from tests.support.slack.hostile import texts


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [string for each in value.values() for string in _strings(each)]
    if isinstance(value, list):
        return [string for each in value for string in _strings(each)]
    return [value] if isinstance(value, str) else []


@given(texts)
def test_a_text_that_is_escaped_can_be_nothing_but_text(given_text: str) -> None:
    escaped = escape(clean(given_text, lines=True))
    assert not re.search(r"[<>*`]|&(?!amp;|lt;|gt;)", escaped)
    assert not re.search(r"(?<!\w)[_~]\S.*\S[_~](?!\w)", escaped)
    assert not re.search(r":[\w+'-]+:", escaped)
    assert not re.search(r"^\s*&gt;", escaped, re.MULTILINE)


@given(texts)
def test_neutralising_changes_neither_length_nor_letters(given_text: str) -> None:
    assert len(neutral(given_text)) == len(given_text)
    kept = [(a, b) for a, b in zip(given_text, neutral(given_text), strict=True) if a.isalnum()]
    assert all(a == b for a, b in kept)


@given(texts, st.integers(2, 100))
def test_a_text_is_shortened_to_its_limit_as_slack_counts(given_text: str, limit: int) -> None:
    assert length(shorten(given_text, limit)) <= limit
    assert length(fallback(given_text)) <= 3900


def test_ordinary_titles_stay_as_they_are() -> None:
    title = "flash_attn 2.0: O(n^2) attention, 50% faster (+3.5) & more — À la carte, 深度学习"
    assert escape(clean(title)) == title.replace("&", "&amp;")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a b.org",
        "https://a.org/<!channel>",
        "https://a.org/x|y",
        "https://user@evil.example/",
        "ftp://a.org",
        "https://",
        "https://a.org:99999/",
        "https://[::1",
        "https://a.org/\u202ex",
        "https://a.org/" + "x" * 3000,
    ],
)
def test_an_address_that_could_deceive_is_not_linked(url: str) -> None:
    assert safe_url(url) == ""
    card = Card(paper_id=PaperId("1"), title="T", url=url, buttons=(Button("PDF", url=url),))
    assert not any(url in string for string in _strings(render(Message(cards=(card,))).blocks))


def test_paragraphs_share_a_section_until_it_is_full() -> None:
    blocks = render(Message(body=tuple(text("word " * 100) for _ in range(12)))).blocks
    assert [block["type"] for block in blocks] == ["section"] * 3
    assert "".join(b["text"]["text"] for b in blocks).count("word") == 1200


@pytest.mark.parametrize("needed", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "🏳️\u200d🌈"])
def test_joiners_are_kept_where_a_script_or_an_emoji_needs_them(needed: str) -> None:
    assert clean(needed) == needed


@pytest.mark.parametrize("useless", ["pay\u200dpal", "\u200c", "a\u200c b", "x\u200d", "\u200d👩"])
def test_joiners_that_join_nothing_are_left_out(useless: str) -> None:
    assert not {"\u200c", "\u200d"} & set(clean(useless))


def test_line_breaks_take_time_in_proportion_and_quotations_behind_them_are_none() -> None:
    assert neutral("\n" * 200_000 + " > a") == "\n" * 200_000 + " › a"


def test_a_moment_is_shown_in_each_readers_own_time_and_in_a_notification_as_it_is_set() -> None:
    moment = datetime(2026, 1, 19, 8, tzinfo=UTC)
    shown = render(Message(body=(text("Next: ", shown_moment(moment, "Europe/Berlin"), "."),)))
    written = "Mon 19 Jan 2026, 09:00 Europe/Berlin"
    [section] = shown.blocks
    seconds = int(moment.timestamp())
    assert section["text"]["text"] == f"Next: <!date^{seconds}^{{date_short_pretty}}, {{time}}|{written}>."
    assert shown.text == f"Next: {written}."
