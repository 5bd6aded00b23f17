"""An assistant finds and saves papers, with the client of the protocol's own SDK."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from adapters.mcp.server import PATH, http_app, mcp_server
from adapters.mcp.tools import OFFERED
from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.domain.people import Account, Place
from bot.library.app import App
from tests.support.commands import ask

ANA = Account("console", "ana", "ana")
TOKEN = "a-long-random-text"


Call = Callable[..., Awaitable[CallToolResult]]


@pytest.fixture
def call(app: App) -> Call:
    """Calls a tool as an assistant of Ana's."""

    async def call(tool: str, **arguments: Any) -> CallToolResult:
        async with Client(mcp_server(Dispatcher(registry, app), ANA)) as client:
            return await client.call_tool(tool, arguments)

    return call


def answer(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    return dict(result.structured_content)


def said(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


def ids(result: CallToolResult) -> list[str]:
    return [paper["id"] for paper in answer(result)["papers"]]


async def test_the_tools_are_commands_with_their_options(app: App) -> None:
    async with Client(mcp_server(Dispatcher(registry, app), ANA)) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(listed) == [name for name in OFFERED if name != "library"], "no channel was named"
    assert listed["search"].description == f"{registry['search'].summary}\n\n{registry['search'].details}"
    assert listed["search"].input_schema["required"] == ["query"]
    assert listed["trending"].input_schema["properties"]["window"]["enum"] == ["day", "week", "month"]
    assert {name for name, tool in listed.items() if tool.annotations and not tool.annotations.read_only_hint} == {
        "save",
        "unsave",
        "foryou",
        "export",
    }


async def test_the_library_of_a_channel_is_listed_where_one_was_named(app: App) -> None:
    dispatcher, channel = Dispatcher(registry, app), Place("console", "terminal", "#papers")
    await ask(dispatcher, "save 2601.03236")
    async with Client(mcp_server(dispatcher, ANA, channel)) as client:
        assert "library" in [tool.name for tool in (await client.list_tools()).tools]
        await client.call_tool("save", {"paper": "2601.08079"})
        assert ids(await client.call_tool("library", {})) == ["2601.03236"], (
            "what it saves is on its person's list alone"
        )
        assert ids(await client.call_tool("library", {"query": "#club"})) == []
        exported = answer(await client.call_tool("export", {"papers": "channel", "format": "json"}))["files"][0]
    assert [each["id"] for each in json.loads(exported["content"])] == ["2601.03236"]


async def test_what_is_found_can_be_saved_listed_and_exported(call: Call) -> None:
    found = answer(await call("search", query="diffusion"))["papers"][0]
    assert all(found[part] for part in ("title", "abstract", "authors"))
    assert found["url"].startswith("https://")
    saved = await call("save", paper=found["id"])
    assert ids(saved) == [found["id"]]
    assert ids(await call("saved")) == [found["id"]]
    file = answer(await call("export"))["files"][0]
    assert file["name"].endswith(".bib")
    assert found["authors"][0].split()[-1] in file["content"]
    await call("unsave", paper=found["id"])
    assert ids(await call("saved")) == []


async def test_pages_follow_each_other(call: Call) -> None:
    first = answer(await call("search", query="learning"))
    second = answer(await call("search", query="learning", page=first["next_page"]))
    assert not {paper["id"] for paper in first["papers"]} & {paper["id"] for paper in second["papers"]}


@pytest.mark.parametrize(
    ("tool", "arguments", "mistake"),
    [
        ("find", {"query": "a"}, "There is no tool find. There are: search,"),
        ("search", {}, "'query' is a required property"),
        ("search", {"query": ["a"]}, "query: ['a'] is not of type 'string'"),
        ("search", {"query": "a", "words": "b"}, "'words' was unexpected"),
        ("search", {"query": "a", "page": 0}, "page: 0 is less than the minimum of 1"),
        ("trending", {"window": "decade"}, "window: 'decade' is not one of"),
        ("show", {"paper": "2699.00001"}, "2699.00001"),
        ("digest time", {"time": "9:00"}, "There is no tool digest time."),
    ],
)
async def test_a_mistake_is_an_error_that_says_what_is_wrong(
    call: Call, tool: str, arguments: dict[str, Any], mistake: str
) -> None:
    result = await call(tool, **arguments)
    assert result.is_error
    assert mistake in said(result)


async def test_nothing_is_left_out_where_an_option_is_null(call: Call) -> None:
    assert not (await call("trending", window="month", topic=None)).is_error


@asynccontextmanager
async def served(app: App) -> AsyncIterator[str]:
    """The address of the server over HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        web = http_app(mcp_server(Dispatcher(registry, app), ANA), TOKEN, "127.0.0.1")
        server = uvicorn.Server(uvicorn.Config(web, log_config=None))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
        server.should_exit = True
        await running


async def test_over_http_whoever_has_the_token_is_answered(app: App) -> None:
    async with (
        served(app) as url,
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        found = ids(await client.call_tool("search", {"query": "diffusion"}))
        assert ids(await client.call_tool("save", {"paper": found[0]})) == found[:1]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
async def test_over_http_nobody_else_is(app: App, headers: dict[str, str]) -> None:
    async with served(app) as url, httpx2.AsyncClient() as http:
        refused = await http.post(url, json={}, headers=headers)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
