"""demo and chat."""

from pathlib import Path

import pytest

from bot.cli import main


def test_the_demo_leaves_the_database_of_the_settings_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "paperboy.db").read_bytes()
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", f"sqlite:///{folder / 'paperboy.db'}")
    monkeypatch.setenv("PAPERBOY_ENCODER", "one/to-download")
    assert main(["demo"]) == 0
    assert "Saved papers" in capsys.readouterr().out
    assert (folder / "paperboy.db").read_bytes() == before
