"""Slack as a platform: staying connected, and sending."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import time
from typing import Any, Protocol, TypeVar

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.client import Api, Workspaces, error_code, error_of
from adapters.slack.files import Files
from adapters.slack.history import MessageFinder
from adapters.slack.render import Rendered, render
from adapters.slack.workspaces import OneWorkspace
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError, UserError
from bot.ports import Clock, unheard

log = structlog.get_logger()

_MOST_ADMINS = 3
_BEYOND = 10.0
"""Seconds for what comes after a message was sent: short of what its sender waits for the whole."""
_MOST_PAGES = 50
"""Pages of 200 members that are looked through for owners."""

Step = TypeVar("Step")

Finish = Callable[[], Awaitable[None]]
"""Waits for what is being answered."""


class Connection(Protocol):
    """How what Slack sends gets here."""

    async def run(self, ready: Callable[[], None]) -> None:
        """Take what comes until cancelled; `ready` is called once it comes."""

    def connected(self) -> bool | None:
        """Whether Slack can be heard; None where there is no connection that could be lost."""


class SlackPlatform:
    """The Platform of `bot.ports` for Slack."""

    name = PLATFORM
    repeatable = False  # Slack knows no idempotency key: what was sent twice is shown twice. It is looked for instead.
    daily_messages = None

    def __init__(self, connection: Connection, workspaces: Workspaces, api: Api, clock: Clock, finish: Finish) -> None:
        self._connection = connection
        self._workspaces = workspaces
        self._api = api
        self._finder = MessageFinder(api, clock)
        self._finish = finish
        self._files = Files(api)

    async def run(self, ready: Callable[[], None] = unheard) -> None:
        """Stay connected, answer commands and take reactions, until cancelled; what was taken is then answered."""
        try:
            await self._connection.run(ready)
        finally:
            await self._finish()

    def connected(self) -> bool | None:
        """Whether Slack can be heard; None where there is no connection that could be lost."""
        return self._connection.connected()

    def reaches(self, place: Place) -> bool:
        """Whether it is a place of a workspace that Paperboy is installed in."""
        return place.platform == PLATFORM and self._workspaces.knows(place.workspace)

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Show a message in a place and return its timestamp, which is its id there.

        A public channel is joined when need be. Each paper is a message of its own, not an answer under `first`, so
        that its thread is for talking about it; `nonce` goes along as metadata, for `recall`. A picture follows as a
        file. Raises RefusedError, PostponedError or UnclearError.
        """
        client = await _before_posting(self._workspaces.client(place.workspace))
        rendered = render(message)
        channel = place.channel.removeprefix("@")  # Slack lets one write to a person by their id.
        thread = first if message.inside else ""
        sent = await post_joining(self._api, client, channel, rendered, nonce=nonce, thread=thread)
        if message.images:
            await self._show_pictures(client, channel, message)
        return sent

    async def _show_pictures(self, client: AsyncWebClient, channel: str, message: Message) -> None:
        """Upload the pictures of a message that is there; it stays there, whatever comes of them."""
        try:
            async with asyncio.timeout(_BEYOND):
                await self._files.upload(client, channel, replace(message, attachments=()))
        except (DeliveryError, TimeoutError) as error:
            log.warning("a picture was not shown", channel=channel, reason=str(error))

    async def recall(
        self, place: Place, nonce: str, since: datetime, *, message: Message, first: str = ""
    ) -> str | None:
        """The timestamp of the message that carries a nonce, None where the channel does not show it.

        Raises UnclearError where the channel cannot be read, or not far enough, BusyError when others are looked for
        first, and PostponedError.
        """
        try:
            client = await self._workspaces.client(place.workspace)
            thread = first if message.inside else ""
            return await self._finder.find(client, place, nonce, since, thread=thread)
        except RefusedError as error:
            raise UnclearError(f"Slack does not let Paperboy look for a message: {error}") from error

    async def end_poll(self, place: Place, sent: Sequence[str]) -> Mapping[int, int] | None:
        """None: Slack has no polls, people vote with buttons."""
        return None

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Write to whoever installed Paperboy there, else to owners of the workspace; of a private talk, to its person.

        Raises DeliveryError.
        """
        client = await self._workspaces.client(place.workspace)
        rendered: Rendered = render(message)
        told = [place.channel.removeprefix("@")] if place.private else await self._admins(place.workspace)
        for user in told:
            await self._api.post(client, user, rendered)

    async def _admins(self, workspace: str) -> Sequence[str]:
        if installer := await self._workspaces.installer(workspace):
            return [installer]
        owners = await self._owners(workspace)
        if not owners:
            raise RefusedError("no owner of the workspace is known to write to")
        return owners[:_MOST_ADMINS]

    async def _owners(self, workspace: str) -> Sequence[str]:
        """The first owners on Slack's list of the members of a workspace."""
        client = await self._workspaces.client(workspace)
        owners: list[str] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._api.call(client.users_list, limit=200, cursor=cursor or None, team_id=workspace)
            owners += [str(each["id"]) for each in page["members"] if each.get("is_owner") and not each.get("deleted")]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or len(owners) >= _MOST_ADMINS:
                break
        return owners


async def post_joining(
    api: Api, client: AsyncWebClient, channel: str, rendered: Rendered, *, nonce: str = "", thread: str = ""
) -> str:
    """Show a message in a channel, which is joined when need be; returns its timestamp. Raises DeliveryError."""
    try:
        return await api.post(client, channel, rendered, nonce=nonce, thread=thread)
    except RefusedError as error:
        if error_code(error) != "not_in_channel":
            raise
        await _before_posting(api.call(client.conversations_join, channel=channel))
    return await api.post(client, channel, rendered, nonce=nonce, thread=thread)


async def _before_posting(step: Awaitable[Step]) -> Step:
    """What a step gives that comes before a post: where its end is unclear, at least nothing was posted."""
    try:
        return await step
    except UnclearError as error:
        raise PostponedError(str(error)) from error


class SocketMode:
    """A connection that Slack sends everything through; nothing needs to reach this machine."""

    def __init__(self, app: AsyncApp, app_token: str, workspace: OneWorkspace, api: Api) -> None:
        self._app = app
        self._app_token = app_token
        self._workspace = workspace
        self._api = api
        self._client: _Client | None = None

    def connected(self) -> bool | None:
        """Whether the socket is open; None before it is first asked for."""
        if self._client is None:
            return None
        session = self._client.current_session
        return session is not None and not session.closed

    async def run(self, ready: Callable[[], None]) -> None:
        """Take what comes until cancelled. Raises UserError when Slack refuses a token, also later on."""
        try:
            await self._workspace.connect()
        except RefusedError as error:
            raise UserError(f"SLACK_BOT_TOKEN does not work: {error}.") from error
        try:
            # Slack's library would try a refused token again every ten seconds, with a traceback each time.
            await self._api.call(self._app.client.apps_connections_open, app_token=self._app_token)
        except RefusedError as error:
            raise _refused_app_token(error) from error
        client = self._client = _Client(self._app_token, logger=self._app.logger, web_client=self._app.client)
        client.socket_mode_request_listeners.append(self._take)
        connecting = asyncio.create_task(client.begin(ready))
        try:
            await client.refused
        except SlackApiError as error:
            raise _refused_app_token(error_of(error)) from error
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            await client.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Hand a request to bolt, and its answer to Slack."""
        began = time()
        await send_async_response(client, request, await run_async_bolt_app(self._app, request), began)


class _Client(SocketModeClient):
    """Slack's client, which tells when its token is refused: by itself it goes on trying."""

    def __init__(self, app_token: str, **options: Any) -> None:
        super().__init__(app_token, ping_interval=10, **options)
        self.refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def begin(self, ready: Callable[[], None]) -> None:
        """Connect, which is tried until it works, and call `ready`."""
        await self.connect()  # type: ignore[no-untyped-call]
        ready()

    async def issue_new_wss_url(self) -> str:
        """Where to connect to. Raises SlackApiError, which is also kept in `refused` where trying again is no use."""
        try:
            return await super().issue_new_wss_url()
        except SlackApiError as error:
            if isinstance(error_of(error), RefusedError) and not self.refused.done():
                self.refused.set_exception(error)
            raise


def _refused_app_token(error: DeliveryError) -> UserError:
    return UserError(f"SLACK_APP_TOKEN does not work (it needs connections:write): {error}.")
