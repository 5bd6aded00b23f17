#!/usr/bin/env bash
# discord.py 2.7.1: of the answers of a server in trouble it sends again after 500, 502, 504 and 524, not after 503.
# Expected: 503 (temporarily unavailable, the classic case for another try) is treated as 502 is.
# Seen: a 502 is tried again and succeeds; a 503, 520 or 522 is raised at once as DiscordServerError.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check discord.py==2.7.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio

import discord
from aiohttp import web
from discord.http import HTTPClient, Route

tries: list[str] = []


async def answer(request: web.Request) -> web.Response:
    tries.append(request.path)
    if request.path == "/users/@me" or tries.count(request.path) > 1:
        return web.json_response({"id": "1"})
    return web.Response(status=int(request.path[1:]))


async def outcome(client: HTTPClient, status: int) -> str:
    try:
        await client.request(Route("GET", f"/{status}"))
        return "answered"
    except discord.HTTPException as error:
        return type(error).__name__


async def main() -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    Route.BASE = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    client = HTTPClient(asyncio.get_running_loop())
    await client.static_login("token")
    seen = {status: (await outcome(client, status), tries.count(f"/{status}")) for status in (502, 503, 520, 522)}
    await client.close()
    await runner.cleanup()
    print(seen)
    assert seen[502] == ("answered", 2), "a 502 is not tried again any more"
    assert all(seen[status] == ("DiscordServerError", 1) for status in (503, 520, 522)), "these are tried again now"


asyncio.run(main())
PYTHON
