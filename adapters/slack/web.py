"""What Slack sends by HTTP, and installing: routes for the one web server."""

import asyncio

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from adapters.slack.manifest import EVENTS_PATH


class SignedHttp:
    """Requests that Slack signs, and the pages to install from. Serving the routes is the web server's part."""

    def __init__(self, app: AsyncApp, flow: AsyncOAuthFlow) -> None:
        self._app = app
        self._flow = flow

    def routes(self) -> list[web.RouteDef]:
        """Where Slack and people's browsers come in."""
        return [
            web.post(EVENTS_PATH, self._events),
            web.get(self._flow.install_path, self._install),
            web.get(self._flow.redirect_uri_path, self._installed),
        ]

    async def run(self) -> None:
        """Wait until cancelled: what comes is taken by the routes."""
        await asyncio.Event().wait()

    async def _events(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))

    async def _install(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._flow.handle_installation(await to_bolt_request(request)))

    async def _installed(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._flow.handle_callback(await to_bolt_request(request)))
