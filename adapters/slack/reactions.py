"""`reaction_added` and `reaction_removed`, as Slack tells of them, for the core."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, payload
from adapters.slack.emoji import emoji
from adapters.slack.posts import Posts
from adapters.slack.render import render
from adapters.slack.requester import Body, Profiles, moment, place
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Message
from bot.errors import DeliveryError

log = structlog.get_logger()


class ReactionEvents:
    """Takes reactions, also to people's messages where links are watched."""

    def __init__(self, reactions: Reactions, posts: Posts, profiles: Profiles, api: Api) -> None:
        self._reactions = reactions
        self._posts = posts
        self._profiles = profiles
        self._api = api

    async def take(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Note a reaction to a message; to anything else it means nothing."""
        event = body["event"]
        item = event["item"]
        if item.get("type") != "message":
            return
        user, channel, message = str(event["user"]), str(item["channel"]), str(item["ts"])
        where = await self._posts.place(place(team, channel, user), message)
        if where is None:
            return
        reaction = Reaction(
            account=await self._profiles.account(body, client, team, user),
            place=where,
            message=message,
            emoji=emoji(str(event["reaction"])),
            present=event["type"] == "reaction_added",
            at=moment(str(event["event_ts"])),
        )
        answer = await self._reactions.take(reaction, linked=await self._posts.linked(where, message))
        if answer:
            await self._send_ephemeral(client, channel, user, answer)

    async def _send_ephemeral(self, client: AsyncWebClient, channel: str, user: str, message: Message) -> None:
        try:
            await self._api.call(client.chat_postEphemeral, channel=channel, user=user, **payload(render(message)))
        except DeliveryError as error:
            log.info("a word about a reaction was not shown", reason=str(error))
