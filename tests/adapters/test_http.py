"""One web server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from adapters.http import application, serve


@pytest.fixture
async def browser() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async with TestClient(TestServer(application([web.get("/hello", hello)]))) as opened:
        yield opened


async def test_the_routes_of_platforms_are_served_beside_a_sign_of_health(
    browser: TestClient[web.Request, web.Application],
) -> None:
    for path, expected in (("/hello", "hello"), ("/healthz", "ok\n")):
        async with browser.get(path) as answer:
            assert (answer.status, await answer.text()) == (200, expected)
    async with browser.get("/nothing") as answer:
        assert answer.status == 404


async def test_a_port_that_is_taken_is_an_error_and_a_cancelled_server_frees_its_own() -> None:
    port = unused_port()
    serving = asyncio.create_task(serve(application(), "127.0.0.1", port))
    async with asyncio.timeout(20), ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    assert answer.status == 200
                    break
            except OSError:
                await asyncio.sleep(0)
    with pytest.raises(OSError, match="in use"):
        await serve(application(), "127.0.0.1", port)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
