"""One web server."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer, unused_port
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from adapters.http import _without_traceback, application, serve


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
    async with asyncio.timeout(120), ClientSession() as session:
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


FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server whose routes read what is sent to them as texts, and has little patience."""

    async def read(request: web.Request) -> web.Response:
        return web.Response(text=await request.text())

    async def fail(_request: web.Request) -> web.Response:
        raise LookupError("a fault of ours")

    server = TestServer(application([web.post("/read", read), web.post("/fail", fail)], patience=0.2))
    await server.start_server(lingering_time=0)  # as `serve` does
    async with server:
        assert server.port
        yield server.port


async def exchanged(port: int, request: bytes) -> bytes:
    """The status line that a server answers a request with, until it closes the connection or is done with it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(120):
        line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line.strip()


def posted(kind: str, body: bytes, *, path: str = "/read", more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode("latin-1") + body


@pytest.mark.parametrize(
    "request_bytes",
    [
        *(posted(f"{FORM}; charset={name}", b"a=b") for name in ("none-such", "zlib", "\xff", "utf-16")),
        posted(FORM, b"a=\xff\xfe"),
        posted(FORM, b"a=b", more="Content-Encoding: gzip\r\n"),
        posted("text/plain; charset=idna", b"\xff"),
        b"GET /read HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /read?\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=b",
    ],
)
async def test_what_cannot_be_read_is_refused_with_at_most_one_line(
    port: int, request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("aiohttp.server").addFilter(_without_traceback)
    with capture_logs() as lines:
        answer = await exchanged(port, request_bytes)
    assert answer.split()[1].startswith(b"4"), answer
    told = [*(record.getMessage() for record in caplog.records if record.name == "aiohttp.server"), *lines]
    assert len(told) <= 1
    assert not any(record.exc_info for record in caplog.records)


async def test_a_fault_of_ours_is_told_with_what_finds_it_in_the_log(port: int) -> None:
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with ClientSession() as browser, browser.post(f"http://127.0.0.1:{port}/fail", data={"a": "b"}) as answer:
            assert answer.status == 500
            told = await answer.text()
    [line] = lines
    assert line["exc_info"]
    assert (line["event"], line["work"], line["path"]) == ("a request failed", "request", "/fail")
    assert f"Tell an admin: error {line['trace']}." in told
    assert "a fault of ours" not in told


async def test_a_page_that_there_is_not_is_no_fault_of_ours(port: int) -> None:
    with capture_logs() as lines:
        assert await exchanged(port, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n") == b"HTTP/1.1 404 Not Found"
    assert not lines


async def test_a_body_that_does_not_come_ends_the_connection(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=b")
    async with asyncio.timeout(120):
        answer = await reader.read()  # until the server closes it
    assert answer.startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()


async def test_a_slow_body_does_not_delay_the_end_of_the_server() -> None:
    serving = asyncio.create_task(serve(application(patience=600), "127.0.0.1", port := unused_port(), shutdown=0.1))
    async with asyncio.timeout(120):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                await asyncio.sleep(0)
        writer.write(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=b")
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
    writer.close()
