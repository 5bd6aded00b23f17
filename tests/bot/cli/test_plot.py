"""`paperboy plot`."""

from pathlib import Path

import pytest

from bot import bootstrap
from bot.cli import main
from tests.support.command_line import failure


@pytest.mark.parametrize("what", ["trending", "library"])
@pytest.mark.usefixtures("folder")
def test_a_picture_is_drawn_to_a_file_and_told_in_words(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", what, "drawn/picture.png", *(["--as-of", "2026-01-20"] if what == "trending" else [])]) == 0
    assert Path("drawn/picture.png").read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out.startswith("drawn/picture.png: T")


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_drawn_says_why(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not to “picture.gif”" in failure(capsys, "plot", "library", "picture.gif")
    assert "Nothing is saved by ben yet" in failure(capsys, "plot", "history", "picture.png", "--person", "ben")
    monkeypatch.setattr(bootstrap, "plots", lambda: None)
    assert "pip install 'paperboy-bot[plots]'" in failure(capsys, "plot", "library", "picture.png")
    assert not Path("picture.png").exists()
