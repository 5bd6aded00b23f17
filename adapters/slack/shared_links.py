"""Links to papers in what people say, where an admin has switched on that they are watched."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.posts import Posts
from adapters.slack.requester import Body, moment, place
from bot.chat.shared_links import LinkWatch
from bot.domain.references import find_paper_ids


class SharedLinks:
    """Takes `message`: of what people say in a channel only the links to papers matter, and only where watched."""

    def __init__(self, watch: LinkWatch, posts: Posts) -> None:
        self._watch = watch
        self._posts = posts

    async def take(self, body: Body, _client: AsyncWebClient, team: str) -> None:
        """Note the papers that somebody shared; doing it again changes nothing."""
        event = body["event"]
        message = _written(event)
        papers = find_paper_ids(str(message.get("text") or ""))
        if not papers:
            return
        where = place(team, str(event["channel"]), str(message.get("user") or ""))
        if await self._watch.watches(where):
            timestamp = str(message["ts"])
            await self._posts.record_links(where, timestamp, papers)
            await self._watch.shared(where, papers, moment(timestamp))


_WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages that people write; the others tell of changes, or come from programs."""


def _written(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that a person wrote, or changed; empty for one of a program."""
    changed = event.get("subtype") == "message_changed"
    message: Mapping[str, Any] = (event.get("message") or {}) if changed else event
    return {} if message.get("subtype") not in _WRITTEN or message.get("bot_id") else message
