"""Platforms: where people are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.messages import Message
from bot.domain.people import Place


def unheard() -> None:
    """What a platform calls when nobody waits to hear that it is connected."""


class Platform(Protocol):
    """A place people are: Discord, Slack, the terminal, a mailbox."""

    @property
    def name(self) -> str:
        """`discord`, `slack`: the `platform` of its accounts and places."""

    @property
    def repeatable(self) -> bool:
        """Whether a message sent again with the same nonce is shown only once."""

    @property
    def daily_messages(self) -> int | None:
        """How many messages all posts to one place may have on a day; None for any number."""

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        """Stay connected, answer commands and receive reactions, until cancelled; `ready` is called once that is so."""

    def reaches(self, place: Place) -> bool:
        """Whether this process can send to a place; its shard may be in another process."""

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Show a message in a place and return the id it has there.

        `nonce` is the same whenever the same message is sent again. `first` is the id of the first message of the
        same post, for platforms where the others are replies to it. A private place whose channel is `@` and an id is
        the talk with that account (`private_talk` of `bot.domain.people`). Raises RefusedError, PostponedError or
        UnclearError.
        """

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        """The id of the message that `send` was asked to show with this nonce, at `since` (UTC) or later.

        None when it is surely not there and will not arrive any more: it is called only after the sender gave up.
        Raises UnclearError when nobody can look, and PostponedError when one can look later.
        """

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        """End a poll of the platform's own and count it: votes by the number of the choice, from 1.

        `sent` are the ids of the messages of its post, of which it is the last. A poll that has ended is counted again.
        None where the platform has no polls, and votes are kept here. Raises DeliveryError.
        """

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Send a message to those who manage a place, as well as the platform allows. Raises DeliveryError."""
