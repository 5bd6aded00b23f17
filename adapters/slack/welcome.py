"""Greetings: to whoever installed Paperboy, and to a channel it came to; both lead to setting up the daily post."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api
from adapters.slack.render import render
from adapters.slack.requester import Body, place
from bot.domain.messages import Button, Message, marked
from bot.errors import DeliveryError
from bot.ports import Store

log = structlog.get_logger()

_SET_UP = Button("Set up", command="digest on", primary=True)
_SEARCH = Button("Search papers", command="search")

INSTALLED = Message(
    title="Paperboy is here",
    body=(
        marked("I find research papers. Invite me to a channel (`/invite @Paperboy`) and I post the day's there."),
        marked("Set up sends you a daily post of your own. `/papers help` lists what I can do."),
    ),
    buttons=(_SET_UP, _SEARCH),
)
JOINED = Message(
    title="Paperboy is here",
    body=(
        marked("I can post the day's research papers to this channel: 🔖 under a post saves a paper to your list."),
        marked("An admin sets up when and what. Everybody can search: `/papers search diffusion`."),
    ),
    buttons=(_SET_UP, _SEARCH),
)


class Welcome:
    """Greets."""

    def __init__(self, store: Store, api: Api) -> None:
        self._store = store
        self._api = api

    async def installer(self, client: AsyncWebClient, user: str) -> None:
        """Greet whoever installed Paperboy, in private."""
        await self._post(client, user, INSTALLED)

    async def joined(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Greet a channel that Paperboy came to; one whose post is set already needs no greeting."""
        channel = str(body["event"]["channel"])
        if not await self._store.destination(place(team, channel, "").key):
            await self._post(client, channel, JOINED)

    async def _post(self, client: AsyncWebClient, channel: str, message: Message) -> None:
        try:
            await self._api.post(client, channel, render(message))
        except DeliveryError as error:
            log.info("a greeting was not shown", reason=str(error))
