"""Files that people send Paperboy in a direct message: their papers become saves."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, payload
from adapters.slack.commands import Commands
from adapters.slack.render import render
from adapters.slack.requester import Body, Profiles, Requester, requester_of
from bot.chat.dispatch import Request
from bot.domain.messages import Attachment, Message, marked, text
from bot.errors import DeliveryError, UserError
from bot.library.imports import require_size

log = structlog.get_logger()

FILES_HOST = "files.slack.com"

_MOST = 5
"""Files of one message that are read."""
_SECONDS = 60
_FORBIDDEN = "I may not read files here: whoever manages the app updates it from the manifest and installs it again."


class BroughtFiles:
    """Takes files of direct messages. They are fetched, with the workspace's token, from `hosts` alone."""

    def __init__(self, commands: Commands, profiles: Profiles, api: Api, hosts: Collection[str]) -> None:
        self._commands = commands
        self._profiles = profiles
        self._api = api
        self._hosts = hosts

    async def take(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Import the files of a message, one after another; each is answered at once, and again when it is read."""
        event = body["event"]
        named = {**body, "user": {"id": event["user"]}, "channel": {"id": event["channel"]}}
        who = await requester_of(named, client, team, self._profiles)
        for file in event["files"][:_MOST]:
            try:
                await self._import(who, file)
            except DeliveryError as error:
                log.warning("an answer to a file was not shown", reason=str(error), place=who.place.key)

    async def _import(self, who: Requester, file: Mapping[str, Any]) -> None:
        name = str(file.get("name") or "the file")
        begun = Message(body=(text(f"Reading {name} …"),))
        message_id = await self._api.post(who.client, who.channel, render(begun))
        try:
            brought = Attachment(name, await self._fetched(who, name, file))
            answer = await self._commands.dispatcher.answer(
                Request(who.account, who.place, "import", {"file": name}, ephemeral=True, file=brought)
            )
        except UserError as error:
            answer = Message(body=(marked(str(error)),))
        shown = payload(render(answer))
        await self._api.call(who.client.chat_update, channel=who.channel, ts=message_id, **shown)

    async def _fetched(self, who: Requester, name: str, file: Mapping[str, Any]) -> bytes:
        """The content of a file. Raises UserError."""
        if file.get("file_access") == "check_file_info":  # of a shared channel; all about it is told when asked
            try:
                file = (await self._api.call(who.client.files_info, file=str(file["id"])))["file"]
            except DeliveryError as error:
                raise UserError(_FORBIDDEN) from error
        require_size(name, int(file.get("size") or 0))
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if urlsplit(address).netloc not in self._hosts:
            raise UserError(f"{name} does not lie in Slack, and I fetch files from nowhere else. Upload it.")
        return await _download(address, who.client.token or "", name)


async def _download(address: str, token: str, name: str) -> bytes:
    """What lies at an address, as far as it is not too large. Raises UserError.

    Where the token may not read files, Slack leads to its page for signing in.
    """
    headers, patience = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.get(address, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in {301, 302, 303, 307, 308, 401, 403}:
                raise UserError(_FORBIDDEN)
            if answer.status != 200:
                raise UserError(f"Slack did not hand over {name} ({answer.status}). Please send it again.")
            content = b""
            async for chunk in answer.content.iter_chunked(65_536):
                content += chunk
                require_size(name, len(content))
            return content
    except (aiohttp.ClientError, TimeoutError) as error:
        raise UserError(f"Slack did not hand over {name}. Please send it again.") from error
