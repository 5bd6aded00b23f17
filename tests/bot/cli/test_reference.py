"""The command reference is what the registry says."""

from pathlib import Path

from bot.cli.reference import markdown
from bot.commands import registry


def test_the_reference_is_up_to_date() -> None:
    written = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == markdown(registry), "run `make docs`"
