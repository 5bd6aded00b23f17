"""The command reference is what the registry says."""

from pathlib import Path

from bot.commands import registry
from bot.reference import markdown


def test_the_reference_is_up_to_date() -> None:
    written = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == markdown(registry), "run `make docs`"
