"""What admins set for a place or a workspace."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.emoji import EmojiSet
from bot.domain.people import Account


class WorkspaceSettingsStore(Protocol):
    """What a place or a workspace (`Place.workspace_key`) has set apart from its post."""

    async def watch(self, place: str, *, on: bool) -> None:
        """Watch the links that people share in a place from now on, or no longer."""

    async def is_watched(self, place: str) -> bool:
        """Whether links that people share in a place are watched."""

    async def emoji(self, workspaces: Sequence[str]) -> dict[str, EmojiSet]:
        """The emoji that count in each workspace; every one asked has a set."""

    async def set_emoji(self, workspace: str, chosen: EmojiSet) -> None:
        """Let these emoji count in a workspace."""

    async def add_delegate(self, workspace: str, account: Account) -> bool:
        """Let somebody change the posts of a workspace as its admins do; says whether that is new."""

    async def remove_delegate(self, workspace: str, account: Account) -> bool:
        """Take back what `add_delegate` gave; says whether there was something to take."""

    async def delegates(self, workspace: str) -> list[Account]:
        """Who may change the posts of a workspace besides its admins, by id; with a name where one is known."""
