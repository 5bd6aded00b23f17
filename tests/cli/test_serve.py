"""`paperboy run` stops when it is asked to, whatever it is waiting for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.bootstrap import Connected
from bot.cli.serve import run_parts
from bot.config import Settings
from bot.library import Library


class Hanging:
    """A source of papers that takes requests and never answers, or always says that it is busy."""

    def __init__(self, *, busy: bool) -> None:
        self.asked = asyncio.Event()
        self._busy = busy

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked.set()
        if self._busy:
            return web.Response(status=503, headers={"Retry-After": "600"})
        await asyncio.Event().wait()
        raise AssertionError("nothing ends this wait")


@pytest.fixture(params=["busy", "silent"])
async def source(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Hanging, str]]:
    hanging = Hanging(busy=request.param == "busy")
    app = web.Application()
    app.router.add_get("/{path:.*}", hanging.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield hanging, "http://{}:{}".format(*runner.addresses[0])
    await runner.cleanup()


async def test_stopping_does_not_wait_for_a_source(source: tuple[Hanging, str], library: Library) -> None:
    hanging, url = source
    loaded = Settings(_env_file=None, sources=("huggingface",), huggingface_url=url)
    stop = asyncio.Event()
    running = asyncio.create_task(run_parts(loaded, library, [], [], stop, None, Connected([], [])))
    await hanging.asked.wait()
    stop.set()
    async with asyncio.timeout(30):  # the source would be waited for much longer
        await running
    [state] = [each for each in await library.store.source_states() if each.name == "huggingface"]
    assert state.succeeded_at is None
