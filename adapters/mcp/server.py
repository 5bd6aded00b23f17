"""The commands as a server of the Model Context Protocol, for one person and their assistant."""

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import uvicorn
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, TextContent
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.mcp.answers import Answer, answer_of
from adapters.mcp.tools import PAGE, concerns_channel, tools
from bot.chat.dispatch import Dispatcher, Outcome, Request
from bot.chat.paging import with_page
from bot.domain.messages import Card, Message
from bot.domain.people import Account, Place, private_talk
from bot.domain.references import find_paper_ids
from bot.library.cards import card

PATH = "/mcp"

_INSTRUCTIONS = (
    "Research papers: search them, find similar ones, see what is trending, and keep a list for the person you work "
    "for. A paper is named by the id that answers give it, by a link or by its title; one that is not here is fetched."
)


def mcp_server(dispatcher: Dispatcher, account: Account, channel: Place | None = None) -> Server[Any]:
    """The server that answers calls of tools for one person, in their private talk; it is ready for any transport.

    What is asked of a channel's papers is answered of `channel`.
    """
    calls = _Calls(dispatcher, account, channel)
    return Server(
        "paperboy", title="Paperboy", instructions=_INSTRUCTIONS, on_list_tools=calls.listed, on_call_tool=calls.called
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Serve whoever started this process, over its standard input and output, until the input ends."""
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def serve_http(server: Server[Any], token: str, host: str, port: int) -> None:
    """Serve `http://HOST:PORT/mcp` to whoever sends the token, until the process is told to stop."""
    config = uvicorn.Config(http_app(server, token, host), host=host, port=port, log_config=None, lifespan="on")
    await uvicorn.Server(config).serve()


def http_app(server: Server[Any], token: str, host: str) -> Starlette:
    """The web application behind the token. On this machine's own address a page of another site gets no answer."""
    app = server.streamable_http_app(streamable_http_path=PATH, host=host)
    app.add_middleware(_Bearer, token=token)
    return app


class _Bearer:
    """Lets through what has the token: `Authorization: Bearer TOKEN`."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_known(Headers(scope=scope)):
            await self._app(scope, receive, send)
        else:
            refused = PlainTextResponse("A bearer token is needed.", 401, {"WWW-Authenticate": "Bearer"})
            await refused(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        return hmac.compare_digest(headers.get("authorization", "").encode(), self._expected)


class _Calls:
    """Lists and answers the tools for one person."""

    def __init__(self, dispatcher: Dispatcher, account: Account, channel: Place | None) -> None:
        self._dispatcher = dispatcher
        self._account = account
        self._channel = channel
        self._tools = {tool.name: tool for tool in tools(dispatcher.registry, channel=channel is not None)}

    async def listed(self, _: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        """Every tool."""
        return ListToolsResult(tools=list(self._tools.values()))

    async def called(self, _: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        """What a call comes to; where it cannot be answered, an error that tells the assistant why."""
        options = {name: value for name, value in (params.arguments or {}).items() if value is not None}
        if mistake := self._mistake(params.name, options):
            return CallToolResult(content=[TextContent(text=mistake)], is_error=True)
        page = options.pop(PAGE, 1)
        request = Request(
            account=self._account,
            place=self._place(params.name, options),
            line=with_page(params.name, page),
            options=options,
            meanwhile=_nothing,
        )
        message, outcome = await self._dispatcher.answer_with_outcome(request)
        answered = outcome is Outcome.ANSWERED
        cards = await self._cards(message, params.name, options) if answered else ()
        return _result(await self._answer(message, cards, page), is_error=not answered)

    def _place(self, name: str, options: Mapping[str, Any]) -> Place:
        """Where a call is answered: what is saved by it is nowhere but on the person's own list."""
        asked = self._channel if concerns_channel(name, options) else None
        return asked or private_talk(self._account)

    def _mistake(self, name: str, options: Mapping[str, Any]) -> str:
        """What is wrong with a call, in words; empty when nothing is."""
        if name not in self._tools:
            return f"There is no tool {name}. There are: {', '.join(self._tools)}."
        wrong = best_match(Draft202012Validator(self._tools[name].input_schema).iter_errors(options))
        return f"{wrong.json_path.removeprefix('$.')}: {wrong.message}" if wrong else ""

    async def _cards(self, message: Message, name: str, options: Mapping[str, Any]) -> Iterable[Card]:
        """The cards of an answer; where it only says that something was done to papers, theirs."""
        command, library = self._dispatcher.registry[name], self._dispatcher.app.library
        named = next((options.get(option.name) for option in command.options if option.help.complete == "papers"), None)
        if message.cards or not named:
            return message.cards
        return [card((await library.find(each)).paper) for each in find_paper_ids(named) or [named]]

    async def _answer(self, message: Message, cards: Iterable[Card], page: int) -> Answer:
        shown = tuple(cards)
        known = await self._dispatcher.app.store.papers([each.paper_id for each in shown])
        return answer_of(message, shown, {stored.paper.id: stored.paper for stored in known}, page=page)


async def _nothing(_: Message) -> None:
    """An assistant waits for a paper that is being fetched; there is nobody to tell meanwhile."""


def _result(answer: Answer, *, is_error: bool) -> CallToolResult:
    texts = [answer.text, *(file.content for file in answer.files if file.content not in answer.text)]
    return CallToolResult(
        content=[TextContent(text=each) for each in texts],
        structured_content=answer.model_dump(mode="json"),
        is_error=is_error,
    )
