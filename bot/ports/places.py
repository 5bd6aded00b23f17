"""Places: what is followed, and what was posted and shown there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.paper_ids import PaperId
from bot.domain.people import Topic


class PlaceStore(Protocol):
    """What places and people follow and were shown. All moments are UTC with time zone."""

    async def topics(self, owner: str) -> list[Topic]:
        """What a place (its key), a post with a name or a person (`person:1`) follows, in the order it was added."""

    async def followed(self) -> list[str]:
        """The topics and queries with fields (`cat:cs.LG`) that anybody follows, each once: topics first, by age."""

    async def follow(self, owner: str, topic: Topic) -> bool:
        """Add a topic in place of those of the same text or name; returns whether anything changed.

        One without a name keeps the name that its text had.
        """

    async def unfollow(self, owner: str, text: str) -> bool:
        """Remove a topic by its text or its name, ignoring case; returns whether it was there."""

    async def record_post(self, place: str, message: str, ids: Sequence[PaperId], *, first: int = 1) -> None:
        """Keep which papers a message in a place shows, in order, numbered from `first`."""

    async def posted(self, place: str, message: str) -> list[PaperId]:
        """The papers a message shows, in order; empty for a message that is not the bot's."""

    async def numbered(self, place: str, message: str) -> dict[int, PaperId]:
        """The papers a message shows, by the numbers they have on it; empty for a message that is not the bot's."""

    async def find_channel(self, platform: str, channel: str) -> str | None:
        """The key of the place under which messages of a channel were recorded; None where there are none."""

    async def find_post(self, platform: str, channel: str, messages: Sequence[str]) -> str | None:
        """The key of the place where one of these messages was recorded, in whichever workspace its channel is seen.

        None for messages that are not the bot's.
        """

    async def mark_shown(self, owner: str, ids: Sequence[PaperId], *, at: datetime) -> None:
        """Keep that a place or a person was shown papers, also papers not known yet: they are not posted again."""

    async def shown(self, owner: str) -> frozenset[int]:
        """Rows of the papers a place or a person was shown."""

    async def forget_workspace(self, platform: str, workspace: str) -> None:
        """Delete everything of a workspace: its places, their topics and posts, and the feedback given there."""

    async def workspaces(self, platform: str) -> frozenset[str]:
        """The workspaces of a platform about which `forget_workspace` would delete something."""

    async def is_kept_for(self, platform: str, bot: str) -> bool:
        """Whether the workspaces of a platform belong to this bot (by its id): the first bot that asks owns them."""
