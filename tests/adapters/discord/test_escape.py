"""Nothing from papers or people becomes markup, a mention or a link."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.escape import as_code, clean, cut, escape, fit, markdown, masked, safe_url, units
from bot.domain.messages import Span, Style

PIECES = ["@everyone", "<@123456789012345678>", "https://evil.example/", "```py\n", "# ", "||", "[a](http://b)", "1. "]
PIECES += ["discord.gg/x", "\u202e", "\u200b", "\u2066", "\ufeff", "\ud800", "\\", "*", "_", "\n", "-", "\U0001f600"]
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(), max_size=9)), max_size=20).map("".join)
"""Texts as somebody might write them who wants to get through."""


def unescaped(markdown: str) -> str:
    """What Discord shows of a text in which every special character is escaped."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("\u2060", "")


@given(HOSTILE)
def test_an_escaped_text_shows_exactly_the_clean_text(text: str) -> None:
    assert unescaped(escape(text)) == clean(text)


@given(HOSTILE)
def test_no_special_character_is_left_unescaped(text: str) -> None:
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escape(text))
    assert not re.search(r"[\\`*_~|\[\]<>]", bare)
    assert not re.search(r"@(?!\u2060)", bare)
    assert not re.search(r"(?i)[a-z]://", escape(text))
    assert not re.match(r"[#+-]|\d+[.)]", escape(text))


@given(HOSTILE)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(HOSTILE, st.integers(0, 60))
def test_a_fitted_text_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert units(fit(text, limit)) <= limit
    assert units(cut(text, limit)) <= limit
    assert unescaped(fit(text, limit)).rstrip("…") in clean(text)


@given(st.lists(st.builds(Span, HOSTILE, st.sampled_from(Style), st.sampled_from(["", "https://arxiv.org/abs/1"]))))
def test_styled_text_never_exceeds_its_limit(spans: list[Span]) -> None:
    assert units(markdown(tuple(spans), 200)) <= 200


@given(HOSTILE)
def test_code_cannot_be_left(text: str) -> None:
    assert as_code(text).count("`") in {0, 2}


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\U000e0041", "\x00", "\ud800"])
def test_characters_nobody_sees_are_removed(hidden: str) -> None:
    assert clean(f"a{hidden}b") == "ab"


def test_a_tower_of_accents_is_cut_down() -> None:
    assert len(clean("a" + "\u0301" * 500)) == 5


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://localhost/x",
        "http://127.0.0.1/",
        "http://2130706433/",
        "https://user:password@arxiv.org/",
        "https://arxiv.org:8080/",
        "https://evil.example/x",
        "https://evilarxiv.org/abs/1",
        "https://arxiv.org.evil.example/abs/1",
        "https://arxiv.org@evil.example/",
        "https://evil.example\\@arxiv.org/",
        "https://evil.example#.arxiv.org",
        "https://evil.example?.arxiv.org",
        "https://evil.example%2farxiv.org/",
        "https://.arxiv.org/",
        "https://arxiv.org./abs/1",
        "https://a\tb.arxiv.org/",
        "ftp://arxiv.org/abs/1",
        "data:text/html,arxiv.org",
        "https:arxiv.org/abs/1",
        "https://discord.gg/abc",
        "https://discord.com/oauth2/authorize",
        "https://аrxiv.org/abs/1",  # a Cyrillic а
        "https://arxiv.org/a b",
        "https://arxiv.org/\u202egnp",
        "https://[::1]/",
        "https://arxiv.org/" + "a" * 600,
        "//arxiv.org/abs/1",
        "",
    ],
)
def test_links_nobody_should_follow_are_dropped(url: str) -> None:
    assert safe_url(url) == ""
    assert masked("A title", url, 100) == "A title"


@given(HOSTILE)
def test_whatever_follows_the_host_a_link_stays_one_link(path: str) -> None:
    assert not re.search(r"[\s()<>\[\]\\`|]", safe_url(f"https://arxiv.org/{path}"))


KNOWN = re.compile(r"https://(?:[a-z0-9-]+\.)*[a-z0-9-]+\.[a-z]+(?:[/?#]|$)")


@given(st.sampled_from(["http", "https", "HTTPS", "ftp", "javascript", "data", ""]), HOSTILE, HOSTILE)
def test_a_link_leads_to_a_known_host_or_nowhere(scheme: str, before: str, after: str) -> None:
    for url in (f"{scheme}://{before}arxiv.org{after}", f"{scheme}://{before}arxiv.org/{after}", f"{before}{after}"):
        safe = safe_url(url)
        host = urlsplit(safe).hostname or ""
        assert not safe or (KNOWN.match(safe) and (host == "arxiv.org" or host.endswith(".arxiv.org")))


def test_an_unknown_host_gets_no_link_and_a_known_one_https() -> None:
    assert masked("Project", "https://evil.example/x", 200) == "Project"
    assert safe_url("http://arxiv.org/abs/1") == safe_url("https://arxiv.org/abs/1") == "https://arxiv.org/abs/1"
    assert safe_url("HTTP://arXiv.org/abs/1") == "https://arXiv.org/abs/1"
    assert masked("Paper", "https://export.arxiv.org/abs/1", 200) == "[Paper](https://export.arxiv.org/abs/1)"


def test_a_label_that_is_a_link_of_its_own_is_shown_as_text() -> None:
    assert masked("https://bank.example", "https://arxiv.org/abs/1", 200).startswith("[https\\://bank.example](")
