#!/usr/bin/env bash
# discord.py 2.7.1: a 429 that carries Retry-After is waited for and sent again only where the answer has a `Via` header.
# Expected: both requests below wait 0.01 s and are answered on the second try. Seen: without `Via` the first 429 is
# raised at once as HTTPException, whatever Retry-After says. A proxy between the bot and Discord may drop `Via`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check discord.py==2.7.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import json

import discord
from aiohttp import web
from discord.http import HTTPClient, Route

tries: list[str] = []


async def answer(request: web.Request) -> web.Response:
    tries.append(request.path)
    if request.path == "/users/@me" or tries.count(request.path) > 1:
        return web.json_response({"id": "1"})
    via = {"Via": "1.1 google"} if request.path.endswith("/with") else {}
    limited = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
    # The type alone, without a charset, as Discord writes it.
    headers = {"Content-Type": "application/json", "Retry-After": "1", **via}
    return web.Response(body=json.dumps(limited).encode(), status=429, headers=headers)


async def outcome(client: HTTPClient, path: str) -> str:
    try:
        await client.request(Route("GET", path))
        return "answered"
    except discord.HTTPException as error:
        return f"{type(error).__name__} {error.status}"


async def main() -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    Route.BASE = f"http://127.0.0.1:{port}"
    client = HTTPClient(asyncio.get_running_loop())
    await client.static_login("token")
    seen = {path: (await outcome(client, path), tries.count(path)) for path in ("/with", "/without")}
    await client.close()
    await runner.cleanup()
    print(seen)
    assert seen["/with"] == ("answered", 2), "a 429 with Via is not waited for any more"
    assert seen["/without"] == ("HTTPException 429", 1), "a 429 without Via is not raised at once any more"


asyncio.run(main())
PYTHON
