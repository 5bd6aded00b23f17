"""A `.env` file keeps what stands in it."""

import os
import stat
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.runtime.env_file import changed, quoted, read_env, update_env

STANDING = """\
# My settings
UNKNOWN=keep me

export DISCORD_TOKEN = 'old one'  # from the portal
this line is nothing
PAPERBOY_SOURCES=arxiv # for now
SLACK_BOT_TOKEN
PAPERBOY_LOG_LEVEL="info"
PAPERBOY_LOG_LEVEL=debug
"""


def read(text: str, folder: Path) -> dict[str, str]:
    path = folder / ".env"
    path.write_text(text, encoding="utf-8", newline="")
    return read_env(path)


def test_comments_unknown_lines_and_the_order_stay() -> None:
    made = changed(
        STANDING,
        {"PAPERBOY_SOURCES": "arxiv,biorxiv", "DISCORD_TOKEN": "new", "HF_TOKEN": "hf", "SLACK_BOT_TOKEN": "xoxb-1"},
    )
    assert made == (
        STANDING.replace("'old one'", "new")
        .replace("=arxiv #", "=arxiv,biorxiv #")
        .replace("SLACK_BOT_TOKEN\n", "SLACK_BOT_TOKEN=xoxb-1\n")
        + "HF_TOKEN=hf\n"
    )


def test_of_a_setting_that_stands_there_twice_the_one_that_counts_is_changed(tmp_path: Path) -> None:
    made = changed(STANDING, {"PAPERBOY_LOG_LEVEL": "error"})
    assert made == STANDING.replace("=debug", "=error")
    assert read(made, tmp_path)["PAPERBOY_LOG_LEVEL"] == "error"


def test_lines_end_as_they_did() -> None:
    assert changed("A=1\r\nB=2\r\n", {"A": "3"}) == "A=3\r\nB=2\r\n"
    assert changed("A=1", {"A": "3", "B": "4"}) == "A=3\nB=4\n"


VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(VALUES, VALUES)
def test_whatever_a_value_is_it_is_read_as_it_was_written(value: str, standing: str) -> None:
    for text in ("", f"A={quoted(standing)}  # why\nB=2\n", f"A='{'x'}'\nB=2"):
        made = dotenv_values(stream=StringIO(changed(text, {"A": value})), interpolate=False)
        assert made["A"] == value
        assert made.get("B") == ("2" if text else None)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    path.chmod(0o644)
    assert not update_env(path, {"A": "1", "B": ""}), "an empty setting is none"
    assert path.read_text() == "A=1\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert update_env(path, {"A": "2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not update_env(tmp_path / "none", {"A": ""})
    assert not (tmp_path / "none").exists()


def test_a_link_goes_on_leading_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "env").write_text("A=1\n")
    (tmp_path / ".env").symlink_to(tmp_path / "kept" / "env")
    assert update_env(tmp_path / ".env", {"A": "2"})
    assert (tmp_path / ".env").is_symlink()
    assert (tmp_path / "kept" / "env").read_text() == "A=2\n"


def test_an_end_in_the_middle_leaves_the_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / ".env"
    path.write_text(STANDING)
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        update_env(path, {"DISCORD_TOKEN": "new"})
    assert path.read_text() == STANDING
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_no_text_is_refused_and_stays(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=\xff\n")
    with pytest.raises(UserError, match="UTF-8: byte 3"):
        update_env(path, {"A": "1"})
    assert path.read_bytes() == b"A=\xff\n"
