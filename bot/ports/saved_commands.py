"""Command lines too long for the button that runs them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class SavedCommandStore(Protocol):
    """Command lines too long for the button that runs them. All moments are UTC with time zone."""

    async def save_commands(
        self, lines: Mapping[str, str], *, place: str, person: int, now: datetime, until: datetime
    ) -> None:
        """Keep lines by key until a moment, with who asked for them and where; expired ones are deleted."""

    async def saved_command(self, key: str, *, now: datetime) -> str | None:
        """The line with a key; None when it has expired or was never kept."""
