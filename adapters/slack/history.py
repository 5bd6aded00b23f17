"""Looking for a message in a channel, to tell whether it got there."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import NONCE, Api, Call
from bot.domain.people import Place
from bot.errors import PostponedError, UnclearError

_EARLIER = timedelta(days=1)
"""How long before the given moment one looks: clocks disagree, and time zones get mixed up."""
_LATER = timedelta(minutes=5)
_PAGE = 200
_MOST_PAGES = 50


async def find_message(api: Api, client: AsyncWebClient, place: Place, nonce: str, since: datetime) -> str | None:
    """The timestamp of the message with a nonce that was posted at `since` (UTC) or later; None without one.

    Raises RefusedError where the channel cannot be read, PostponedError when one can look later, and UnclearError when
    looking does not tell.
    """
    channel = await _conversation(api, client, place)
    oldest, cursor = f"{(since - _EARLIER).timestamp():.6f}", ""
    for _ in range(_MOST_PAGES):
        page = await _ask(
            api,
            client.conversations_history,
            channel=channel,
            oldest=oldest,
            limit=_PAGE,
            cursor=cursor or None,
            include_all_metadata=True,
        )
        _compare_clocks(page.headers, since)
        for message in page["messages"]:
            if _nonce(message) == nonce:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None
    raise UnclearError(f"There are more messages since {since:%H:%M} UTC than Paperboy looks through")


async def _ask(api: Api, method: Call, **arguments: Any) -> Any:
    """What a call answers that changes nothing: where a connection broke, one can ask again."""
    try:
        return await api.call(method, **arguments)
    except UnclearError as error:
        raise PostponedError(str(error)) from error


async def _conversation(api: Api, client: AsyncWebClient, place: Place) -> str:
    """The channel's own id, also where `place` names a person."""
    if not place.private:
        return place.channel
    opened = await _ask(api, client.conversations_open, users=place.channel.removeprefix("@"))
    return str(opened["channel"]["id"])


def _compare_clocks(headers: Any, since: datetime) -> None:
    """Raise UnclearError when the message would have been sent in Slack's future: one looks in the wrong place."""
    date = next((value for name, value in headers.items() if name.lower() == "date"), "")
    if date and since > parsedate_to_datetime(date).astimezone(UTC) + _LATER:
        raise UnclearError("This machine's clock and Slack's disagree")


def _nonce(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    named = metadata.get("event_type") == NONCE
    return str(metadata.get("event_payload", {}).get("nonce") or "") if named else ""
