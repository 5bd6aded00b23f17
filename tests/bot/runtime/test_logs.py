"""Log lines."""

import io
import json
import logging
import sys

import pytest
import structlog

from bot.config import Settings
from bot.runtime.logs import configure_logging


@pytest.mark.parametrize("terminal", [True, False])
def test_log_lines_have_colours_in_a_terminal_alone(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    configure_logging(Settings())
    structlog.get_logger().warning("source failed", error="said \x9b31mno")
    assert "source failed" in screen.getvalue()
    assert ("\x1b" in screen.getvalue()) is terminal
    assert "\x9b" not in screen.getvalue()


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_libraries_log_is_written_like_our_own_lines(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    for _ in range(2):
        configure_logging(Settings(log_format=form, log_level="info"))
    logging.getLogger("discord.gateway").warning("Shard ID %s said %s", 3, "\x1bno")
    logging.getLogger("aiosqlite").debug("executing")
    [line] = screen.getvalue().splitlines()
    assert "\x1b" not in line
    if form == "json":
        told = json.loads(line)
        assert (told["event"], told["level"]) == ("Shard ID 3 said \x1bno", "warning")
        assert told["timestamp"].endswith("Z")
