"""One web server, on which platforms mount their routes."""

import asyncio
import ipaddress
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


def client_network(address: str) -> str:
    """The network around an address, as `client_address` gives it, that one customer may have: /48, or /24 of IPv4."""
    try:
        one = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return address
    return str(one.supernet(new_prefix=48 if one.version == 6 else 24))


def client_address(request: web.Request, proxies: int) -> str:
    """The address a request comes from, of an IPv6 one the network; `proxies` of our own stand in front."""
    passed = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    addresses = [each.strip() for each in passed if each.strip()]
    seen = addresses[-proxies] if 0 < proxies <= len(addresses) else request.remote or ""
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return seen
    if address.version == 6:
        return str(address.ipv4_mapped or ipaddress.ip_network(f"{address}/64", strict=False))
    return seen
