"""Links to papers in what people say, where an admin has switched on that they are watched."""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.channels import Channels
from adapters.slack.client import Api
from adapters.slack.posts import Posts
from adapters.slack.render import render
from adapters.slack.requester import Body, Profiles, moment, place
from adapters.slack.unfurls import unfurled
from bot.chat.shared_links import LinkWatch, SharedMessage
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.domain.references import find_paper_ids
from bot.errors import DeliveryError
from bot.ports import Store

log = structlog.get_logger()


class SharedLinks:
    """Takes `message`: of what people say in a channel only the links to papers matter, and only where watched."""

    def __init__(self, store: Store, posts: Posts, profiles: Profiles, channels: Channels, api: Api) -> None:
        self._store = store
        self._watch = LinkWatch(store)
        self._posts = posts
        self._profiles = profiles
        self._channels = channels
        self._api = api

    async def take(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Note the papers that somebody shared, and say under a new message that the channel knows them.

        Doing it again changes nothing.
        """
        event = body["event"]
        if event.get("subtype") == "message_deleted":
            await self._watch.deleted(place(team, str(event["channel"]), ""), str(event.get("deleted_ts") or ""))
            return
        message = _written(event)
        papers = find_paper_ids(str(message.get("text") or ""))
        user = str(message.get("user") or "")
        where = place(team, str(event["channel"]), user)
        if not papers or not await self._watch.watches(where):
            return
        timestamp = str(message["ts"])
        await self._posts.record_links(where, timestamp, papers)
        name = await self._profiles.name(client, team, user)
        account = await self._profiles.account(body, client, team, user, name)
        shared = SharedMessage(timestamp, account, where, moment(timestamp))
        await self._watch.shared(shared, papers)
        if message is event:
            await self._remind(event, client, shared, papers)

    async def _remind(
        self, event: Mapping[str, Any], client: AsyncWebClient, shared: SharedMessage, papers: list[PaperId]
    ) -> None:
        """Say in the thread of a message when its papers came up before; the card of a link that unfurls says that."""
        if await self._store.unfurls(shared.place.key):
            told = unfurled(str(event.get("text") or ""))
            papers = [paper_id for paper_id in papers if paper_id not in told]
        known = await self._watch.known(shared, papers, self._channels.permalinks(client, shared.place.channel))
        if known:
            thread = str(event.get("thread_ts") or shared.message)
            await self._say(client, shared.place, thread, known)

    async def _say(self, client: AsyncWebClient, where: Place, thread: str, message: Message) -> None:
        try:
            await self._api.post(client, where.channel, render(message), thread=thread)
        except DeliveryError as error:
            log.info("a word about a shared paper was not shown", reason=str(error))


_WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages that people write; the others tell of changes, or come from programs."""


def _written(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a person wrote, or changed; empty for one of a program."""
    changed = event.get("subtype") == "message_changed"
    message: Mapping[str, Any] = (event.get("message") or {}) if changed else event
    return {} if message.get("subtype") not in _WRITTEN or message.get("bot_id") else message
