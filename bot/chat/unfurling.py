"""Links that unfurl: the card of the paper that somebody linked to, where an admin has switched that on."""

from bot.chat.shared_links import SharedMessage
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from bot.library.cards import card
from bot.library.reminders import Permalink, no_permalink, reminder
from bot.runtime.limits import NO_LIMITS, Limits


class Unfurling:
    """Makes the cards; a paper that is not here is looked up for whoever shared it."""

    def __init__(self, app: App, limits: Limits = NO_LIMITS) -> None:
        self._app = app
        self._limits = limits

    async def message(
        self, shared: SharedMessage, paper_id: PaperId, permalink: Permalink = no_permalink
    ) -> Message | None:
        """A paper's card, and when it came up there before; None where links stay as they are, or it cannot be had."""
        store, key = self._app.store, shared.place.key
        if not await store.unfurls(key):
            return None
        stored = await store.paper(paper_id)
        if stored is None:
            with self._limits.counted_for(shared.account, shared.place):
                await self._app.library.lookup.settle(paper_id)
            stored = await store.paper(paper_id)
        if stored is None:
            return None
        now = self._app.clock.now()
        readings = await self._app.library.readings([stored.paper.id], now)
        known = await reminder(
            store, shared.place, paper_id, now=shared.at, permalink=permalink, without=shared.message
        )
        shown = card(stored.paper, reading=readings[stored.paper.id])
        return Message(cards=(shown,), body=(known,) if known else ())
