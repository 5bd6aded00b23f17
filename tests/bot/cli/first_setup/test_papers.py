"""What is read, as it is asked for."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from adapters.sources import SOURCES
from bot.cli.first_setup.answers import Answers
from bot.cli.first_setup.papers import IN_WORDS, PapersPart
from bot.cli.first_setup.terminal import Terminal
from bot.errors import UserError


class Session:
    def __init__(
        self, env: Path, answers: Sequence[str] | None, fields: Sequence[str] = (), sources: Sequence[str] = ()
    ):
        left, screen = list(answers or ()), StringIO()
        self.answers = Answers(env, {}, {})
        terminal = Terminal(Console(file=screen, width=200), None if answers is None else lambda _: left.pop(0))
        try:
            PapersPart(terminal, self.answers, list(SOURCES)).choose(fields, sources)
        finally:
            self.said = screen.getvalue()
        self.left = left

    @property
    def sources(self) -> tuple[str, ...]:
        return self.answers.settings().sources


@pytest.fixture
def env(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_every_source_is_told_in_words() -> None:
    assert IN_WORDS.keys() == SOURCES.keys()


def test_enter_keeps_everything(env: Path) -> None:
    env.write_text("PAPERBOY_SOURCES=arxiv,feeds\nPAPERBOY_ARXIV_CATEGORIES=cs.RO\nPAPERBOY_FEEDS=https://x.org/rss\n")
    session = Session(env, ["", ""])
    assert session.sources == ("arxiv", "feeds")
    assert "Enter keeps Robotics" in session.said
    assert "RSS and Atom feeds ✓" in session.said
    assert not session.answers.write()


def test_fields_are_chosen_by_number_and_name_and_slips_are_asked_for_again(env: Path) -> None:
    session = Session(env, ["1,knitting", "4, genomics", "9", "3, feeds", "0028-0836", ""])
    assert "✗ There is no field “knitting”" in session.said
    assert "✗ There is no source “9”" in session.said
    assert session.sources == ("huggingface", "arxiv", "biorxiv", "journals", "feeds")
    loaded = session.answers.settings()
    assert (loaded.arxiv_categories, loaded.biorxiv_categories) == (("cs.RO", "q-bio.GN"), ("genomics",))
    assert loaded.journals == ("0028-0836",)
    assert "! feeds reads nothing until PAPERBOY_FEEDS says what." in session.said
    assert session.left == []


def test_further_sources_alone_leave_the_fields(env: Path) -> None:
    assert Session(env, ["", "citations"]).sources == ("huggingface", "arxiv", "citations")
    env.write_text("PAPERBOY_SOURCES=arxiv,citations\n")
    assert Session(env, ["", "none"]).sources == ("arxiv",)


def test_a_script_gives_fields_and_sources(env: Path) -> None:
    session = Session(env, None, ["medicine"], ["biorxiv", "citations"])
    assert session.sources == ("medrxiv", "biorxiv", "citations")
    for fields, sources in ((["knitting"], []), ([], ["knitting"])):
        with pytest.raises(UserError, match="knitting"):
            Session(env, None, fields, sources)
