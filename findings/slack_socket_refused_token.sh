#!/usr/bin/env bash
# slack-sdk 3.47.0: Socket Mode's aiohttp client asks for ever with an app token that Slack refuses.
# Expected: connect() raises SlackApiError (invalid_auth): no later try can succeed with the same token.
# Seen: the error is logged and asked again every `ping_interval` (10 s unless told); connect() never returns.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check slack-sdk==3.47.0 aiohttp==3.13.2
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import logging

from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

logging.disable()


async def main() -> None:
    asked = asyncio.Semaphore(0)

    async def refuse(_: web.Request) -> web.Response:
        asked.release()
        return web.json_response({"ok": False, "error": "invalid_auth"})

    app = web.Application()
    app.router.add_post("/apps.connections.open", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    client = SocketModeClient(
        app_token="xapp-refused", web_client=AsyncWebClient(base_url=url), ping_interval=0.01
    )
    connecting = asyncio.create_task(client.connect())
    for _ in range(5):
        await asyncio.wait_for(asked.acquire(), 30)
    print("asked five times; connect() has ended:", connecting.done())
    assert not connecting.done(), "connect() ends now"
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await client.close()
    await runner.cleanup()


asyncio.run(main())
PYTHON
