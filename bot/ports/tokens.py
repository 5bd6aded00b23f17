"""Permission to act in workspaces (tokens), and which events were handled."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """Permission to act in one workspace. `secrets` is the platform's own record of it, with its tokens.

    A workspace of an organisation (`parent`) uses the organisation's permission and has no secrets.
    """

    platform: str
    workspace: str
    secrets: str = field(default="", repr=False)
    parent: str = ""


class Installations(Protocol):
    """Installations on platforms that give a token for each workspace; kept encrypted."""

    async def save_installation(self, installation: Installation) -> None:
        """Keep the installation in a workspace; it replaces an earlier one."""

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """The installation in a workspace, or its organisation's where it uses that; None without."""

    async def remove_installation(self, platform: str, workspace: str) -> list[str]:
        """Delete the installation in a workspace or organisation; returns every workspace that lost its permission."""

    async def issue_state(self, state: str, *, now: datetime, expires: datetime) -> None:
        """Remember a one-time secret that an installation in a browser must bring back; expired ones are deleted."""

    async def consume_state(self, state: str, *, now: datetime) -> bool:
        """Whether this secret was issued, has not expired and was not used before; it is used up by this call."""


class SeenEvents(Protocol):
    """Which events of a platform were handled, across retries and processes."""

    async def first_sight(self, platform: str, event: str, *, now: datetime) -> bool:
        """Whether this event is seen for the first time in days; this call marks it as seen."""


class TokenStore(Installations, SeenEvents, Protocol):
    """What is kept for platforms that give a token for each workspace."""
