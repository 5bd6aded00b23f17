"""Leave to act in workspaces, and which events were taken."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """Leave to act in one workspace. `secrets` is the platform's own note of it, tokens included.

    A workspace that belongs to an organisation (`parent`) acts with the organisation's leave and has no secrets.
    """

    platform: str
    workspace: str
    secrets: str = field(default="", repr=False)
    parent: str = ""


class Installations(Protocol):
    """Where the bot may act on platforms that give a token for each workspace; kept encrypted."""

    async def save_installation(self, installation: Installation) -> None:
        """Keep leave to act in a workspace, in place of what was kept before."""

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """The leave to act in a workspace, its organisation's where that is what it acts with; None without."""

    async def remove_installation(self, platform: str, workspace: str) -> list[str]:
        """Delete the leave to act in a workspace or organisation; returns every workspace that lost it."""

    async def issue_state(self, state: str, *, expires: datetime) -> None:
        """Remember a one-time secret that an installation in a browser must bring back."""

    async def consume_state(self, state: str, *, now: datetime) -> bool:
        """Whether this secret was issued, has not expired and was not brought before."""


class SeenEvents(Protocol):
    """Which events of a platform were taken, across retries and processes."""

    async def first_sight(self, platform: str, event: str, *, now: datetime) -> bool:
        """Whether nobody has taken this event in the last days; from now on somebody has."""


class TokenStore(Installations, SeenEvents, Protocol):
    """What is kept for platforms that give a token for each workspace."""
