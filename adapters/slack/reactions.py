"""Reactions and shared links, as Slack tells of them, for the core."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, payload
from adapters.slack.emoji import emoji
from adapters.slack.render import render
from adapters.slack.requester import Body, account, moment, place
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Message
from bot.domain.papers import PaperId, find_paper_ids
from bot.errors import DeliveryError

log = structlog.get_logger()


class ReactionEvents:
    """Takes `reaction_added` and `reaction_removed`, also on people's messages where links are watched."""

    def __init__(self, reactions: Reactions, api: Api) -> None:
        self._reactions = reactions
        self._api = api

    async def take(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Note a reaction to a message; to anything else it means nothing."""
        event = body["event"]
        item = event["item"]
        if item.get("type") != "message":
            return
        user = str(event["user"])
        reaction = Reaction(
            account=account(team, user),
            place=place(team, str(item["channel"]), user),
            message=str(item["ts"]),
            emoji=emoji(str(event["reaction"])),
            present=event["type"] == "reaction_added",
            at=moment(str(event["event_ts"])),
        )
        linked = [] if _is_ours(body) else await self._linked(reaction, str(item["channel"]), client)
        answer = await self._reactions.take(reaction, linked=linked)
        if answer:
            await self._send_ephemeral(client, str(item["channel"]), user, answer)

    async def _linked(self, reaction: Reaction, channel: str, client: AsyncWebClient) -> list[PaperId]:
        """The papers a person's message links to; none where that does not count."""
        if not await self._reactions.wants_links(reaction.place, reaction.emoji):
            return []
        only = {"channel": channel, "latest": reaction.message, "oldest": reaction.message, "inclusive": True}
        try:
            found = (await self._api.call(client.conversations_history, **only, limit=1))["messages"]
            if not found:  # It may be an answer in a thread.
                found = (await self._api.call(client.conversations_replies, **only, ts=reaction.message))["messages"]
        except DeliveryError as error:
            log.info("a message that was reacted to cannot be read", reason=str(error))
            return []
        texts = [str(each.get("text") or "") for each in found if each["ts"] == reaction.message]
        return find_paper_ids("\n".join(texts))

    async def _send_ephemeral(self, client: AsyncWebClient, channel: str, user: str, message: Message) -> None:
        try:
            await self._api.call(client.chat_postEphemeral, channel=channel, user=user, **payload(render(message)))
        except DeliveryError as error:
            log.info("a word about a reaction was not shown", reason=str(error))


def _is_ours(body: Body) -> bool:
    """Whether a reaction is to a message of Paperboy's: the store knows which papers those show."""
    ours = {each.get("user_id") for each in body.get("authorizations") or ()}
    return body["event"].get("item_user") in ours
