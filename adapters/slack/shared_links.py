"""Links to papers in what people say, where an admin has switched on that they are watched."""

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.requester import Body, moment, place
from bot.chat.shared_links import LinkWatch
from bot.domain.papers import find_paper_ids


class SharedLinks:
    """Takes `message`: of what people say in a channel only the links to papers matter, and only where watched."""

    def __init__(self, watch: LinkWatch) -> None:
        self._watch = watch

    async def take(self, body: Body, _client: AsyncWebClient, team: str) -> None:
        """Note the papers that somebody shared; doing it again changes nothing."""
        event = body["event"]
        if event.get("subtype") not in _SAID or event.get("bot_id"):
            return
        if papers := find_paper_ids(str(event.get("text") or "")):
            channel, user = str(event["channel"]), str(event.get("user") or "")
            await self._watch.shared(place(team, channel, user), papers, moment(str(event["ts"])))


_SAID = {None, "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages that people write; the others tell of changes, or come from programs."""
