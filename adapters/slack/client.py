"""Calls of Slack's Web API: paced, patient with rate limits, and with errors that say what became of a message."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.render import Rendered
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.runtime.rate_limit import REAL_TIME, RateLimit, Spacing, Timer

Call = Callable[..., Awaitable[Any]]

API_URL = "https://slack.com/api/"

NONCE = "paperboy_post"
"""The type of metadata that names a message."""

_SECONDS_BETWEEN_POSTS = 1.0
_POSTS, _WITHIN = 5, 1.02
"""Posts in so many seconds for a workspace: Slack lets "several hundred" a minute through, these are under three."""
_ATTEMPTS = 3
_LONGEST_WAIT = 5.0
"""Seconds to wait for a rate limit here; with the timeout it is less than whoever sends has patience for."""
_TIMEOUT = 10
_WORKSPACES_REMEMBERED = 1000

_REASONS = {
    "channel_not_found": "there is no such channel, or Paperboy was not invited to it (`/invite @Paperboy`)",
    "not_in_channel": "Paperboy is not a member of the channel (`/invite @Paperboy`)",
    "is_archived": "the channel is archived",
    "account_inactive": "Paperboy was removed from the workspace",
    "token_revoked": "Paperboy was removed from the workspace",
    "invalid_auth": "the token is not valid",
    "restricted_action": "the workspace does not let Paperboy post there",
    "messages_tab_disabled": "the app's Messages tab is off; who manages the app switches it on under App Home",
    "cannot_dm_bot": "a bot gets no direct messages",
    "user_not_found": "there is no such person here any more",
    "user_disabled": "the person's account was deactivated",
}
_MAY_HAVE_HAPPENED = {"fatal_error", "internal_error"}
_NOT_ACCEPTED = {"ratelimited", "rate_limited", "service_unavailable", "request_timeout", "message_limit_exceeded"}


class Workspaces(Protocol):
    """Where Paperboy is installed, and the client to act there."""

    def knows(self, workspace: str) -> bool:
        """Whether it may act in a workspace, as far as is known without asking."""

    async def client(self, workspace: str) -> AsyncWebClient:
        """A client with the workspace's token. Raises RefusedError where Paperboy is not installed."""

    async def includes(self, organisation: str, workspace: str) -> bool:
        """Whether a workspace belongs to an organisation in which Paperboy is installed."""

    async def installer(self, workspace: str) -> str:
        """Who installed it there, as a user id; empty when that is not known."""


def web_client(token: str | None = None, *, url: str = API_URL) -> AsyncWebClient:
    """A client without retry handlers: the one for broken connections posts twice, and `Api` waits by itself."""
    return AsyncWebClient(token=token, base_url=url, retry_handlers=[], timeout=_TIMEOUT)


class Api:
    """Makes calls; waits by `timer`."""

    def __init__(self, timer: Timer = REAL_TIME) -> None:
        self.timer = timer
        self._spacing = Spacing(_SECONDS_BETWEEN_POSTS, timer)
        self._limits: dict[str, RateLimit] = {}

    async def call(self, method: Call, **arguments: Any) -> Any:
        """What a call answers, after waiting where Slack says so.

        Raises RefusedError, PostponedError or UnclearError.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await method(**arguments)
            except SlackApiError as error:
                wait = _wait(error)
                if wait is None or wait > _LONGEST_WAIT or attempt == _ATTEMPTS:
                    raise error_of(error) from error
                await self.timer.pause(wait)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise _broken(error) from error
        raise AssertionError("the last attempt returns or raises")

    async def post(
        self, client: AsyncWebClient, channel: str, rendered: Rendered, *, nonce: str = "", thread: str = ""
    ) -> str:
        """Show a message in a channel, perhaps in a `thread`, or to a user by their id; returns its id there.

        A channel gets about one message a second. The message carries its `nonce`, so that it can be found again.
        Raises like `call`.
        """
        named = {"metadata": {"event_type": NONCE, "event_payload": {"nonce": nonce}}} if nonce else {}
        within = {"thread_ts": thread} if thread else {}
        pace = self._limit(client.token or "")

        async def in_turn(**arguments: Any) -> Any:
            await self._spacing.turn(channel, pace)
            try:
                return await client.chat_postMessage(**arguments)
            except SlackApiError as error:
                pace.hold(_wait(error) or 0.0)
                raise

        answer = await self.call(
            in_turn, channel=channel, **payload(rendered), **named, **within, unfurl_links=False, unfurl_media=False
        )
        return str(answer["ts"])

    async def respond(self, url: str, rendered: Rendered, **options: Any) -> None:
        """Answer at the address that came with an interaction. Raises UnclearError or RefusedError."""
        client = AsyncWebhookClient(url, retry_handlers=[])
        try:
            answer = await client.send_dict({**payload(rendered), "unfurl_links": False, **options})
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _broken(error) from error
        if answer.status_code != 200:
            raise RefusedError(f"Slack rejected the answer: {answer.status_code} {answer.body[:100]}")

    def _limit(self, token: str) -> RateLimit:
        """The pace of all posts to the workspace of a token."""
        if len(self._limits) > _WORKSPACES_REMEMBERED:
            self._limits.clear()
        new = RateLimit(_POSTS, _WITHIN, self.timer)
        return self._limits.setdefault(token, new)


def payload(rendered: Rendered) -> dict[str, Any]:
    """The arguments that carry a message."""
    return {"text": rendered.text, "blocks": rendered.blocks}


def error_code(error: DeliveryError) -> str:
    """Slack's own word for what went wrong, such as `not_in_channel`; empty when it gave none."""
    cause = error.__cause__
    return _code(cause) if isinstance(cause, SlackApiError) else ""


def _code(error: SlackApiError) -> str:
    # What is no JSON, such as a proxy's page, comes as a text or without data.
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _wait(error: SlackApiError) -> float | None:
    """Seconds to wait where a call was rate limited; None where it was not."""
    headers = getattr(error.response, "headers", {})
    if _code(error) not in {"ratelimited", "rate_limited"} and getattr(error.response, "status_code", 0) != 429:
        return None
    try:
        return float(next((value for name, value in headers.items() if name.lower() == "retry-after"), "1"))
    except ValueError:
        return 1.0


def error_of(error: SlackApiError) -> DeliveryError:
    """The DeliveryError that says what became of a message which Slack answered with an error."""
    wait, code = _wait(error), _code(error)
    if wait is not None:
        return PostponedError("Slack asks to slow down", retry_after=wait)
    if code in _NOT_ACCEPTED:
        return PostponedError(f"Slack did not accept it: {code}")
    if not code or code in _MAY_HAVE_HAPPENED:
        return UnclearError(f"Slack failed while accepting it: {code or 'not a valid answer'}")
    if code == "missing_scope":
        needed = error.response.get("needed") or "unknown"
        return RefusedError(f"the app lacks a permission: {needed}. Update it from the manifest and install it again")
    return RefusedError(_REASONS.get(code, f"Slack says {code}"))


def said_by_slack(error: DeliveryError) -> str:
    """What Slack itself calls an error, such as `invalid_code`; empty where it did not answer."""
    cause = error.__cause__
    return _code(cause) if isinstance(cause, SlackApiError) else ""


def _broken(error: Exception) -> DeliveryError:
    """What became of a message whose connection broke."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return PostponedError(f"Slack cannot be reached: {error.os_error.strerror or error.os_error}")
    return UnclearError(f"The connection broke before Slack answered: {type(error).__name__}")
