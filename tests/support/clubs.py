"""A bot whose clock is moved on, for tests of reading groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.delivery.clubs import ClubKeeper
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.messages import Message, plain_text
from bot.domain.people import Place
from bot.errors import DeliveryError
from bot.library.app import App
from bot.ports import Platform, unheard
from tests.conftest import TickingClock


class Calendar:
    """Moves an app's clock, and lets the bot do what is due then."""

    def __init__(self, app: App, platforms: Sequence[Platform]) -> None:
        self._app = app
        self._keeper = ClubKeeper(app.store, platforms, app.clock)
        self._deliverer = Deliverer(app.store, PostComposer(app), platforms, app.clock)

    async def be(self, moment: datetime) -> None:
        """Let it be some moment (UTC)."""
        assert isinstance(self._app.clock, TickingClock)
        self._app.clock.moment = moment
        for _ in range(3):
            await self._keeper.tick()
            await self._deliverer.tick()


@dataclass
class FakeTerminal:
    """A platform that shows everything, and has polls of its own where it is given `votes`; `trouble` hides them."""

    votes: Mapping[int, int] | None = None
    trouble: DeliveryError | None = None
    titles: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    name = "console"
    repeatable = False
    daily_messages = None

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        raise AssertionError("nobody connects")

    def reaches(self, place: Place) -> bool:
        return place.platform == self.name

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        self.titles.append(message.title)
        self.said.append(plain_text(message))
        return nonce

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        raise AssertionError("nothing is in flight")

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        if self.trouble:
            raise self.trouble
        return self.votes

    async def tell_admins(self, place: Place, message: Message) -> None:
        raise AssertionError("nothing goes wrong")
