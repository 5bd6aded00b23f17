"""Looking for a message in a channel, to tell whether it got there.

Slack lets apps that are distributed outside its Marketplace read once a minute in a workspace, 15 messages at a time
(https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps). So only the minutes around
the sending are read, and whoever looks for a message waits for a turn.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import NONCE, Api, Call
from bot.domain.people import Place
from bot.errors import BusyError, PostponedError, UnclearError
from bot.ports import Clock
from bot.runtime.rate_limit import Timer

_AROUND = timedelta(minutes=5)
"""How far from the sending one looks, and how far this machine's clock and Slack's may be apart."""
_PAGE = 15
_MOST_PAGES = 50
_A_MINUTE = 60.0
_SEARCHES_REMEMBERED = 5000
_SOON = 0.01
"""Seconds that are not worth coming again for."""
_COME_AGAIN = 3600.0
"""Seconds after which one asks again also for a later turn: the store takes waits of hours for a clock set back."""
_TURN_KEPT = 3600.0
"""Seconds after which a turn that nobody took is given up."""


class Turns:
    """Turns to read the messages of one workspace, in the order in which they were asked for.

    As long as Slack refuses nothing everybody may go at once. From its first refusal on turns are as far apart as it
    let reads through before.
    """

    def __init__(self, timer: Timer) -> None:
        self.reading = asyncio.Lock()
        self._timer = timer
        self._between = 0.0
        self._following = 0.0
        self._turns: dict[str, float] = {}
        self._read: deque[float] = deque(maxlen=100)
        """When the last reads were."""

    def wait(self, name: str) -> float:
        """Seconds until `name` may read; 0 when it may now. Whoever asks for the first time comes last."""
        now = self._timer.seconds()
        if name not in self._turns:
            self._turns = {each: turn for each, turn in self._turns.items() if turn > now - _TURN_KEPT}
            self._turns[name] = max(now, self._following)
            self._following = self._turns[name] + self._between
        rested = self._read[-1] + self._between if self._read else now
        wait = max(self._turns[name], rested) - now
        return wait if wait > _SOON else 0.0

    def read(self, name: str) -> None:
        """Note that `name` has read; for another read it asks for another turn."""
        self._turns.pop(name, None)
        self._read.append(self._timer.seconds())

    def refused(self, wait: float) -> None:
        """Note that Slack let nobody read for `wait` seconds: all turns begin after that."""
        now = self._timer.seconds()
        let_through = sum(moment > now - _A_MINUTE for moment in self._read)
        self._between = _A_MINUTE / max(1, let_through)
        in_order = sorted(self._turns, key=lambda name: self._turns[name])
        self._turns = {name: now + wait + place * self._between for place, name in enumerate(in_order)}
        self._following = now + wait + len(in_order) * self._between


@dataclass
class _Search:
    """How far looking for one message has come: the channel, and the moments (UTC) between which it is yet to read."""

    channel: str
    oldest: datetime
    latest: datetime | None
    before: str = ""
    """The timestamp of the oldest message that was read."""
    pages: int = 0

    @property
    def bounds(self) -> dict[str, str]:
        """Between which timestamps to read."""
        latest = self.before or (f"{self.latest.timestamp():.6f}" if self.latest else "")
        return {"oldest": f"{self.oldest.timestamp():.6f}", **({"latest": latest} if latest else {})}


class MessageFinder:
    """Looks for messages by the nonce they carry, and remembers how far it has come."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._turns: dict[str, Turns] = {}
        self._searches: dict[str, _Search] = {}

    async def find(
        self, client: AsyncWebClient, place: Place, nonce: str, since: datetime, *, thread: str = ""
    ) -> str | None:
        """The timestamp of the message with a nonce that was sent at `since` (UTC); None where there is none.

        It is looked for in the channel, or in the `thread` under a message.
        Raises BusyError when it is not this message's turn to be looked for, PostponedError when one can look later,
        RefusedError where the channel cannot be read, and UnclearError when looking does not tell.
        """
        name = f"{place.key} {nonce}"
        turns = self._turns.setdefault(place.workspace, Turns(self._api.timer))
        while True:
            _require_turn(turns, name)
            async with turns.reading:
                _require_turn(turns, name)
                page = await self._next_page(client, place, name, since, turns, thread)
            found = next((str(each["ts"]) for each in page["messages"] if _nonce(each) == nonce), None)
            if found or not self._goes_on(name, page, since, thread):
                self._searches.pop(name, None)
                return found

    async def _next_page(
        self, client: AsyncWebClient, place: Place, name: str, since: datetime, turns: Turns, thread: str
    ) -> Any:
        """The next page of messages to look through."""
        search = self._searches.get(name) or await self._begun(client, place, name, since)
        if search.pages >= _MOST_PAGES:
            del self._searches[name]
            raise UnclearError(f"There are more messages around {since:%H:%M} UTC than Paperboy looks through")
        try:
            page = await _ask(
                self._api,
                client.conversations_replies if thread else client.conversations_history,
                channel=search.channel,
                limit=_PAGE,
                include_all_metadata=True,
                **({"ts": thread} if thread else {}),
                **search.bounds,
            )
        except PostponedError as error:
            if not error.retry_after:
                raise
            turns.refused(error.retry_after)
            raise BusyError(str(error), retry_after=min(turns.wait(name), _COME_AGAIN)) from error
        turns.read(name)
        return page

    async def _begun(self, client: AsyncWebClient, place: Place, name: str, since: datetime) -> _Search:
        search = _Search(await _conversation(self._api, client, place), since - _AROUND, since + _AROUND)
        if len(self._searches) >= _SEARCHES_REMEMBERED:
            self._searches.clear()
        self._searches[name] = search
        return search

    def _goes_on(self, name: str, page: Any, since: datetime, thread: str) -> bool:
        """Whether there is more to read; notes from where on."""
        search = self._searches[name]
        search.pages += 1
        if search.latest and self._is_behind(page.headers, since):
            # Nobody knows what this clock said when the message was sent: it may be anywhere up to now.
            search.latest, search.before = None, ""
            return True
        if not page["messages"] or not page.get("has_more"):
            return False
        read = [str(each["ts"]) for each in page["messages"]]
        if thread:
            # Slack tells a channel from its end, and a thread from its beginning.
            search.oldest = datetime.fromtimestamp(max(map(float, read)), UTC)
        else:
            search.before = min(read, key=float)
        return True

    def _is_behind(self, headers: Any, since: datetime) -> bool:
        """Whether this machine's clock is behind Slack's. Raises UnclearError where `since` is in Slack's future."""
        date = next((value for name, value in headers.items() if name.lower() == "date"), "")
        if not date:
            return False
        moment = parsedate_to_datetime(date).astimezone(UTC)
        if since > moment + _AROUND:
            raise UnclearError("This machine's clock and Slack's disagree")
        return moment > self._clock.now() + _AROUND


def _require_turn(turns: Turns, name: str) -> None:
    """Raises BusyError unless it is somebody's turn to read."""
    if wait := turns.wait(name):
        raise BusyError("Slack lets Paperboy look for messages only now and then", retry_after=min(wait, _COME_AGAIN))


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


def _nonce(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    named = metadata.get("event_type") == NONCE
    return str(metadata.get("event_payload", {}).get("nonce") or "") if named else ""
