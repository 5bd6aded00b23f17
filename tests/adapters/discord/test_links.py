"""Links lead to known hosts, and their labels show what they say."""

import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.escape import clean, units
from adapters.discord.links import masked, safe_url
from tests.adapters.discord.test_escape import HOSTILE
from tests.support.discord.markdown import Node, parse

URL = "https://arxiv.org/abs/1"
PAPERS = Path(__file__).parents[3].parent / "shared" / "data" / "papers" / "arxiv.jsonl.xz"
TITLES = 25_000

_WORDS = re.compile(r"[ 0-9A-Za-z,.()-]+")
_LOOK_ALIKES = str.maketrans("∗ˍ∼∣꞉ˋ［］‹∖", "*_~|:`[]<\\", "\u2060")


def seen(nodes: list[Node]) -> str:
    """What a reader sees, with look-alikes taken for what they look like."""
    return "".join(node.text for node in nodes).translate(_LOOK_ALIKES)


def faults(title: str) -> list[str]:
    """What is wrong with a title as a link."""
    shown = masked(title, URL, 700)
    if _WORDS.fullmatch(title) and shown == f"[{title}]({URL})":
        return []  # nothing in it can mean anything
    nodes = parse(shown)
    links = [node for node in nodes if node.kind == "link"]
    found = [f"{node.kind} {node.text!r}" for node in nodes if node.kind not in {"text", "link", "emoji"}]
    found += [f"{inner.kind} in the label" for node in links for inner in node.inside if inner.kind != "text"]
    if [node.target for node in links] != [URL]:
        found.append(f"{len(links)} links")
    if seen(nodes) != clean(title).translate(_LOOK_ALIKES):
        found.append(f"reads {seen(nodes)!r}")
    return found


@pytest.mark.parametrize(
    "title",
    [
        "S*: Test Time",
        "π_RL",
        "1.58-bit FLUX",
        "<think>",
        'Schr\\"odinger',
        "A* and B*",
        "snake_case_name",
        "[Re] A reproduction",
        "x ~ y",
    ],
)
def test_what_cannot_pair_stands_in_a_label_as_it_is(title: str) -> None:
    assert masked(title, URL, 200) == f"[{title}]({URL})"


@pytest.mark.parametrize(
    "title",
    [
        "an open [ bracket",
        "a closed ] bracket",
        "[a](http://evil.example) link",
        "[[deep]]",
        "**bold** __under__ ~~struck~~ ||hidden|| `code` *em* _em_",
        "<@123456789012345678> @everyone <#123> </papers save:12> <t:1700000000> <https://evil.example>",
        "<:name:123456789012345678> :smile:",
        "🦙 Llama",
        "Llama 🦙 is great",
        "ends with \\",
        "see https://evil.example and discord.gg/abc",
    ],
)
def test_what_would_pair_or_mention_is_plain_text_in_a_label(title: str) -> None:
    assert faults(title) == []


@given(HOSTILE.filter(lambda text: re.search("[a-z]", clean(text)) is not None))
def test_no_hostile_title_formats_mentions_or_breaks_its_link(title: str) -> None:
    assert faults(title) == []


@given(HOSTILE, st.integers(0, 120))
def test_a_link_never_exceeds_its_limit(title: str, limit: int) -> None:
    assert units(masked(title, URL, limit)) <= limit


@pytest.mark.skipif(not PAPERS.exists(), reason="the development data with arXiv's titles is not here")
def test_the_titles_of_arxiv_are_shown_as_they_are() -> None:
    wrong = {title: found for title in titles() if (found := faults(title))}
    assert wrong == {}


def titles() -> Iterator[str]:
    with lzma.open(PAPERS, "rt") as lines:
        for _, line in zip(range(TITLES), lines, strict=False):
            yield json.loads(line)["title"]


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
    assert masked("https://bank.example", "https://arxiv.org/abs/1", 200).startswith("[https:\u2060//bank.example](")
