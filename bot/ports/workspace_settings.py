"""What admins set for a place or a workspace, apart from daily posts."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.emoji import EmojiSet
from bot.domain.people import Account


class WorkspaceSettingsStore(Protocol):
    """Settings of a place or a workspace (`Place.workspace_key`), apart from daily posts."""

    async def watch(self, place: str, *, on: bool) -> None:
        """Switch on or off whether links that people share in a place are watched."""

    async def is_watched(self, place: str) -> bool:
        """Whether links that people share in a place are watched."""

    async def unfurl(self, place: str, *, on: bool) -> None:
        """Switch on or off whether links to papers in a place unfurl as cards."""

    async def unfurls(self, place: str) -> bool:
        """Whether links to papers in a place unfurl as cards."""

    async def emoji(self, workspaces: Sequence[str]) -> dict[str, EmojiSet]:
        """The emoji that count in each workspace; every one given has a set."""

    async def set_emoji(self, workspace: str, chosen: EmojiSet) -> None:
        """Let these emoji count in a workspace."""

    async def add_delegate(self, workspace: str, account: Account) -> bool:
        """Let somebody change the posts of a workspace as its admins do; returns whether that is new."""

    async def remove_delegate(self, workspace: str, account: Account) -> bool:
        """Undo `add_delegate`; returns whether there was something to undo."""

    async def delegates(self, workspace: str) -> list[Account]:
        """Who may change the posts of a workspace besides its admins, by id; with a name where one is known."""
