"""Shortcuts: "Save paper" and "Similar papers" on a message."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from adapters.slack.commands import Commands
from adapters.slack.posts import Posts
from adapters.slack.requester import Body, Requester
from adapters.slack.responses import Responses
from bot.chat.paper_choice import which_paper
from bot.domain.links import NAMES
from bot.domain.messages import Message, marked, text
from bot.domain.paper_ids import PaperId
from bot.domain.references import find_paper_ids
from bot.ports import Store

_SEVERAL = text("This message is about several papers.")


class Shortcuts:
    """Answers shortcuts."""

    def __init__(self, store: Store, posts: Posts, commands: Commands, responses: Responses) -> None:
        self._store = store
        self._posts = posts
        self._commands = commands
        self._responses = responses

    async def save(self, who: Requester, body: Body) -> None:
        """Save the paper a message is about."""
        await self._about(who, body, "save")

    async def similar(self, who: Requester, body: Body) -> None:
        """Find papers like the one a message is about."""
        await self._about(who, body, "similar")

    async def _about(self, who: Requester, body: Body, command: str) -> None:
        papers = await self._papers(who, body)
        if len(papers) == 1:
            meanwhile = partial(self._responses.show_meanwhile, who)
            answer = await self._commands.run(who, f"{command} {papers[0]}", meanwhile)
            await self._responses.send_ephemeral(who, answer)
        elif papers:
            known = await self._store.papers(papers)
            await self._responses.send_ephemeral(who, which_paper(_SEVERAL, command, papers, known))
        else:
            reason = f"There is no link to a paper in this message. I understand links of {NAMES}; ids and DOIs, too."
            await self._responses.send_ephemeral(who, Message(body=(marked(reason),)))

    async def _papers(self, who: Requester, body: Body) -> list[PaperId]:
        """The papers a message shows, when it is ours, or else links to, wherever in it."""
        message = body["message"]
        posted = await self._posts.shown(who.place, str(message["ts"]))
        return posted or find_paper_ids("\n".join(_strings(message)))


def _strings(value: Any) -> Iterator[str]:
    """Every text in what Slack tells of a message: links are in its blocks and attachments, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
