"""Whether posts can come to a place: asked when a post or a watch is set, not found out the next morning."""

from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, error_code
from adapters.slack.manifest import missing_scopes
from adapters.slack.render import render
from adapters.slack.requester import Requester
from bot.domain.messages import Message
from bot.errors import DeliveryError, RefusedError
from bot.library.reminders import Permalink

log = structlog.get_logger()

_INVITE = "Invite Paperboy with `/invite @Paperboy`; until then nothing can be posted or watched here."

_GROUP_MESSAGE = (
    "This is a group message: no app can be invited to it, so nothing can be posted or watched here. Use a channel."
)


async def permalink(api: Api, client: AsyncWebClient, channel: str, message: str) -> str:
    """The address of a message; empty where Slack does not tell, as of one that is gone."""
    try:
        found = await api.call(client.chat_getPermalink, channel=channel, message_ts=message)
    except DeliveryError as error:
        log.info("a message has no address", reason=str(error))
        return ""
    return str(found["permalink"])


class Channels:
    """Looks at channels, and joins public ones."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def permalinks(self, client: AsyncWebClient, channel: str) -> Permalink:
        """What tells the addresses of messages of a channel."""
        return partial(permalink, self._api, client, channel)

    async def prepare(self, who: Requester) -> str:
        """Make sure that posts can come to where somebody is; says what stands in the way, or nothing."""
        return _GROUP_MESSAGE if who.place.name.startswith("#mpdm-") else await self._join_channel(who)

    async def prepare_talk(self, who: Requester, message: Message) -> str:
        """Show a message in somebody's private talk, where posts will come; says why Slack refuses it, or nothing.

        Only writing there tells. What may work another time stands in no way.
        """
        try:
            await self._api.post(who.client, who.user, render(message))
        except RefusedError as error:
            return str(error)
        except DeliveryError:
            return ""
        return ""

    async def _join_channel(self, who: Requester) -> str:
        try:
            answer = await self._api.call(who.client.conversations_info, channel=who.place.channel)
        except DeliveryError as error:
            if error_code(error) == "channel_not_found":
                return f"This channel is private and Paperboy is not in it. {_INVITE}"
            return f"I could not find out whether posts can come here: {error}."
        if missing := missing_scopes(answer.headers):
            return f"The app lacks {', '.join(missing)}. Update it from `paperboy slack-manifest` and install it again."
        channel = answer["channel"]
        if channel.get("is_archived"):
            return "This channel is archived; nothing can be posted here."
        if channel.get("is_member"):
            return ""
        return _INVITE if channel.get("is_private") else await self._join(who)

    async def _join(self, who: Requester) -> str:
        try:
            await self._api.call(who.client.conversations_join, channel=who.place.channel)
        except DeliveryError as error:
            return f"Paperboy could not join this channel: {error}. {_INVITE}"
        return ""
