"""What Slack sends by HTTP, and installing: routes for the one web server."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from pydantic import BaseModel
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.http import client_address, client_network
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.workspaces import PRESSED
from bot.ports import Clock

log = structlog.get_logger()

Page = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

_VISITS, _NETWORK_VISITS, _WITHIN = 20, 100, timedelta(minutes=10)
"""So many pages of installing an address, and its network, may open in so long: each is a row in the store."""
_ADDRESSES_REMEMBERED = 10_000


class SignedHttp:
    """Requests that Slack signs, and the pages to install from. Serving the routes is the web server's part."""

    def __init__(
        self, app: AsyncApp, flow: AsyncOAuthFlow, signing_secret: str, clock: Clock, *, proxies: int = 0
    ) -> None:
        self._app = app
        self._flow = flow
        self._signatures = SignatureVerifier(signing_secret)
        self._visits = Visits(clock)
        self._proxies = proxies

    def routes(self) -> list[web.RouteDef]:
        """Where Slack and people's browsers come in."""
        return [
            web.post(EVENTS_PATH, self._events),
            web.get(self._flow.install_path, self._page(self._flow.handle_installation)),
            web.get(self._flow.redirect_uri_path, self._page(self._flow.handle_callback)),
        ]

    def connected(self) -> bool | None:
        """None: Slack asks, and there is no connection that could be lost."""
        return None

    async def run(self, ready: Callable[[], None]) -> None:
        """Wait until cancelled: what comes is taken by the routes."""
        ready()
        await asyncio.Event().wait()

    async def _events(self, request: web.Request) -> web.Response:
        """Hand a request on; one that Slack did not sign is refused before anything in it is read."""
        body = await request.read()
        if not self._is_signed(request, body):
            log.warning("a request that Slack did not sign was refused", length=len(body))
            return web.Response(status=401, text="not signed by Slack")
        text = _readable(body)
        if text is None:
            log.warning("a request that cannot be read was refused", length=len(body))
            return web.Response(status=400, text="not what Slack sends")
        headers: dict[str, str | Sequence[str]] = {
            name: value for name, value in request.headers.items() if name.lower() != "content-type"
        }
        # Bolt reads a body as JSON or as a form by how it begins; the content type adds nothing but a way to fail.
        taken = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        container = taken.body.get("container")
        taken.context[PRESSED] = str(container.get("message_ts") or "") if isinstance(container, dict) else ""
        return await to_aiohttp_response(await self._app.async_dispatch(taken))

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and signature.isascii()):
            return False
        try:
            return self._signatures.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:  # it signs texts, and Slack sends nothing else
            return False

    def _page(self, page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            if not self._visits.allow(client_address(request, self._proxies)):
                return web.Response(status=429, text="Too many tries. Please wait ten minutes.")
            return await to_aiohttp_response(await page(await to_bolt_request(request)))

        return answer


class Visits:
    """Counts how often an address, and the network it is in, have come of late."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._came: dict[str, deque[datetime]] = defaultdict(deque)

    def allow(self, address: str) -> bool:
        """Note a visit; says whether there were not too many."""
        now = self._clock.now()
        if len(self._came) >= _ADDRESSES_REMEMBERED:
            self._came = defaultdict(
                deque, {each: came for each, came in self._came.items() if came and came[-1] > now - _WITHIN}
            )
        counted = ((self._lately(address, now), _VISITS), (self._lately(client_network(address), now), _NETWORK_VISITS))
        if any(len(came) >= most for came, most in counted):
            return False
        for came, _ in counted:
            came.append(now)
        return True

    def _lately(self, visitor: str, now: datetime) -> deque[datetime]:
        came = self._came[visitor]
        while came and came[0] <= now - _WITHIN:
            came.popleft()
        return came


class _Identified(BaseModel):
    id: str | None = None


class _Named(BaseModel):
    team_id: str | None = None
    enterprise_id: str | None = None


class _Body(_Named):
    """What bolt takes for granted in a body; all else it looks at before it reads it."""

    team: _Identified | str | None = None
    enterprise: _Identified | str | None = None
    event: _Named = _Named()
    authorizations: list[_Named] | None = None
    response_urls: list[dict[str, Any]] | None = None


def _readable(body: bytes) -> str | None:
    """A body that holds an object, as JSON or in a form, as Slack sends them; None for any other."""
    try:
        text = body.decode()
        if text.startswith("{"):
            content = json.loads(text)
        else:
            content = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
            if "payload" in content:
                content = json.loads(content["payload"])
        _Body.model_validate(content)
    except (ValueError, RecursionError):
        return None
    return text if isinstance(content, dict) and content else None
