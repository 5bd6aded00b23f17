"""Reactions, as Slack tells of them, for the core."""

from datetime import UTC, datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.asker import Body, account, place
from adapters.slack.client import Api, payload
from adapters.slack.emoji import emoji
from adapters.slack.render import render
from bot.errors import DeliveryError
from bot.feedback import Reaction, Reactions, meaning
from bot.messages import Message
from bot.papers import PaperId, find_paper_ids

log = structlog.get_logger()


class ReactionEvents:
    """Takes `reaction_added` and `reaction_removed`; `linked` also those on people's messages with links to papers."""

    def __init__(self, reactions: Reactions, api: Api, *, linked: bool) -> None:
        self._reactions = reactions
        self._api = api
        self._linked = linked

    async def take(self, event: Body, client: AsyncWebClient, team: str) -> None:
        """Note a reaction to a message; to anything else it means nothing."""
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
        told = await self._reactions.take(reaction, linked=await self._papers(reaction, event, client))
        if told:
            await self._whisper(client, str(item["channel"]), user, told)

    async def _papers(self, reaction: Reaction, event: Body, client: AsyncWebClient) -> list[PaperId]:
        """The papers a person's message links to; none where that does not count."""
        if not self._linked or meaning(reaction.emoji, [PaperId("any")]) is None:
            return []
        channel, ts = str(event["item"]["channel"]), str(event["item"]["ts"])
        try:
            found = await self._api.call(
                client.conversations_history, channel=channel, latest=ts, oldest=ts, inclusive=True, limit=1
            )
        except DeliveryError as error:
            log.info("a message that was reacted to cannot be read", reason=str(error))
            return []
        return [paper for message in found["messages"] for paper in find_paper_ids(str(message.get("text") or ""))]

    async def _whisper(self, client: AsyncWebClient, channel: str, user: str, told: Message) -> None:
        try:
            await self._api.call(client.chat_postEphemeral, channel=channel, user=user, **payload(render(told)))
        except DeliveryError as error:
            log.info("a word about a reaction was not shown", reason=str(error))


def moment(timestamp: str) -> datetime:
    """`1355517523.000005` as a moment (UTC), to the microsecond: reactions are put in order by it."""
    seconds, _, fraction = timestamp.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction[:6].ljust(6, "0")))
