"""What the documents name exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / "CONTRIBUTING.md", ROOT / "AGENTS.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKING = [*GUIDES, ROOT / "README.md", ROOT / "CHANGELOG.md"]

_QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
_PATH = re.compile(r"\.?\w[\w.-]*(?:/[\w.-]+)+/?|\w+/")
_FOLDERS = frozenset({"adapters", "benchmarks", "bot", "docs", "e2e", "requirements", "storage", "tests", "tools"})
_FILE = re.compile(r"\.(?:py|md|toml|mako|sh|json|npy)$")


def named_paths(text: str) -> list[str]:
    """The files and folders that a document names in backquotes: `bot/config.py`, `docs/`."""
    quoted = [match for match in _QUOTED.findall(text) if _PATH.fullmatch(match)]
    return [each for each in quoted if each.partition("/")[0] in _FOLDERS or each.endswith("/") or _FILE.search(each)]


def missing_paths(text: str, root: Path = ROOT) -> list[str]:
    """The paths a document names that are not there."""
    return [each for each in named_paths(text) if not (root / each).exists()]


def broken_links(document: Path) -> list[str]:
    """The files a document links to that are not there."""
    targets = [target for target in _LINK.findall(document.read_text()) if "://" not in target]
    return [target for target in targets if not (document.parent / target).exists()]


def relative(path: Path) -> str:
    """How a test is called that is about one document."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", GUIDES, ids=relative)
def test_every_path_a_document_names_exists(document: Path) -> None:
    assert missing_paths(document.read_text()) == []


@pytest.mark.parametrize("document", LINKING, ids=relative)
def test_every_file_a_document_links_to_exists(document: Path) -> None:
    assert broken_links(document) == []


def test_a_path_that_is_not_there_is_noticed() -> None:
    text = "`bot/config.py`, `bot/conflict.py`, `nowhere/`, `lib/a.py`, `/papers search`, `and/or`, `bot/<name>/`"
    assert missing_paths(text) == ["bot/conflict.py", "nowhere/", "lib/a.py"]


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("[itself](a.md#top), [away](https://example.org/x), [gone](b.md)")
    assert broken_links(document) == ["b.md"]


def test_the_tour_is_at_most_150_lines() -> None:
    assert len((ROOT / "docs" / "design.md").read_text().splitlines()) <= 150


def test_every_decision_is_in_the_index_once() -> None:
    decisions = ROOT / "docs" / "decisions"
    listed = _LINK.findall((decisions / "README.md").read_text())
    assert [each for each in listed if each[0].isdigit()] == sorted(each.name for each in decisions.glob("[0-9]*.md"))


def test_the_glossary_has_every_word_once_and_in_order() -> None:
    words = re.findall(r"^- \*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert words == sorted(set(words))


def test_every_class_the_glossary_names_exists() -> None:
    code = "\n".join(
        path.read_text() for folder in ("bot", "adapters", "storage") for path in (ROOT / folder).rglob("*.py")
    )
    known = set(re.findall(r"^(?:class )?([A-Z]\w+)\b(?:[(:]| = )", code, re.MULTILINE))
    named = set(re.findall(r"`([A-Z]\w+)`", (ROOT / "docs" / "glossary.md").read_text()))
    assert named <= known
