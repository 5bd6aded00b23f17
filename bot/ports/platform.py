"""Where people are."""

from datetime import datetime
from typing import Protocol

from bot.domain.messages import Message
from bot.domain.people import Place


class Platform(Protocol):
    """A place people are: Discord, Slack, the terminal, a mailbox."""

    @property
    def name(self) -> str:
        """`discord`, `slack`: the `platform` of its accounts and places."""

    @property
    def repeatable(self) -> bool:
        """Whether sending again with the same nonce never shows a message twice."""

    async def run(self) -> None:
        """Stay connected, answer commands and take reactions, until cancelled."""

    def reaches(self, place: Place) -> bool:
        """Whether this process can send to a place; another one may hold its shard."""

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Show a message in a place and return the id it has there.

        `nonce` is the same whenever the same message is sent again. `first` is the id of the first message of the
        same post, for platforms where the others belong under it. A private place whose channel is `@` and an id is
        the talk with that account (`private_talk` of `bot.domain.people`). Raises RefusedError, PostponedError or
        UnclearError.
        """

    async def recall(self, place: Place, nonce: str, since: datetime) -> str | None:
        """The id of the message that `send` was asked to show with this nonce, at `since` (UTC) or later.

        None where it surely is not there and will not be: asked when whoever sent it has long given up. Raises
        UnclearError where one cannot look, and PostponedError where one can do so later.
        """

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Bring a message to those who manage a place, as well as the platform allows. Raises DeliveryError."""
