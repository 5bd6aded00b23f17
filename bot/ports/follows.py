"""What people and channels follow, and which papers match."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Delivery
from bot.domain.follows import Follow, Found, Match, Waiting


class FollowStore(Protocol):
    """Follows and their matches. All moments are UTC with time zone."""

    async def add_follow(self, follow: Follow) -> tuple[Follow, bool]:
        """Keep a follow from the newest paper on; returns it as it is kept, and whether it is new.

        One of the same owner, kind and value (ignoring case) is set to come `at_once` or not; it has no `others` any
        more, and their papers are looked for again.
        """

    async def follows(self, owner: str, place: str) -> list[Follow]:
        """What is followed by an owner (a place's key or `person:1`) or comes to a place, in the order it was added."""

    async def remove_follow(self, number: int) -> None:
        """Delete a follow and its matches."""

    async def change_follow(self, follow: Follow) -> None:
        """Keep the `others` and the `mention` of a follow."""

    async def follows_behind(self, revision: int) -> list[Follow]:
        """Follows for which papers up to a revision were not all looked at; of who cites a paper others tell."""

    async def note_matches(self, follows: Collection[int], matches: Collection[Match], *, scanned: int) -> None:
        """Keep matches, each once, and up to which revision papers were looked at for some follows."""

    async def pending(self, follow: int) -> list[int]:
        """Rows of the papers that match a follow and are in no post yet."""

    async def drop_matches(self, follow: int, rows: Collection[int], *, now: datetime | None = None) -> None:
        """Delete matches of a follow that are in no post yet; with `now` they count as shown, and do not come again."""

    async def claim_followed(self, *, now: datetime) -> int:
        """Make a delivery for every place where matches are to come at once; returns how many.

        A place has one such delivery at a time, and none for a day after one that failed.
        """

    async def take_matches(self, deliveries: Sequence[Delivery], *, most: int, now: datetime) -> dict[int, list[Found]]:
        """Give each delivery (by its number) up to `most` papers that wait for its owner, first come, first served.

        A delivery keeps what it took until it has ended: then what it has not shown waits again, except what was in a
        message that may have arrived. Papers that the owner was shown otherwise do not wait. A delivery for which
        nothing waits may be left out.
        """

    async def waiting_matches(self, owner: str, place: str) -> list[Found]:
        """The papers that wait of what `follows` lists, in the order in which posts take them, and are in none yet."""

    async def waiting(self, owner: str, place: str) -> Waiting:
        """How many papers wait of what `follows` lists."""
