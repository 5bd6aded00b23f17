"""One web server, on which platforms mount their routes."""

import asyncio
from collections.abc import Iterable

from aiohttp import web


def application(routes: Iterable[web.RouteDef] = ()) -> web.Application:
    """An application with the routes given, and `/healthz`, which answers as long as the process does."""
    app = web.Application(client_max_size=1024 * 1024)
    app.add_routes([web.get("/healthz", _healthy), *routes])
    return app


async def serve(app: web.Application, host: str, port: int) -> None:
    """Serve until cancelled. Raises OSError when the port is taken."""
    # Addresses of requests can hold one-time codes, so they are not logged.
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def _healthy(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")
