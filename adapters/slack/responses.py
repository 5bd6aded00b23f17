"""Answers: a message goes to where it was asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from adapters.slack.client import Api
from adapters.slack.files import Files
from adapters.slack.render import render
from adapters.slack.requester import Requester
from bot.domain.messages import Message, marked
from bot.domain.paper_ids import PaperId
from bot.errors import DeliveryError, RefusedError
from bot.library.app import App
from bot.library.cards import cards
from bot.library.library import Result

log = structlog.get_logger()

Sending = Callable[[], Awaitable[object]]


class Responses:
    """Shows answers."""

    def __init__(self, app: App, api: Api) -> None:
        self._app = app
        self._api = api
        self._files = Files(api)

    async def show(self, who: Requester, answer: Message) -> None:
        """Show an answer and what comes with it to whoever asked: in a channel nobody else sees it."""
        if answer.private or not (who.channel and who.place.private):
            await self.send_ephemeral(who, answer)
        else:
            await self._post(who, answer)
            await self.upload(who, answer)

    async def show_meanwhile(self, who: Requester, message: Message) -> None:
        """Show what is said until the answer is there, which follows as a message of its own.

        Slack does not let an app replace what it answered to a slash command before.
        """
        await self._send_ephemeral(who, replace(message, private=True))

    async def send_ephemeral(self, who: Requester, answer: Message) -> None:
        """Show an answer that nobody else sees, and what comes with it."""
        private = replace(answer, private=True)
        await self._send_ephemeral(who, private)
        await self.upload(who, private)

    async def replace_original(self, who: Requester, message_id: str, answer: Message) -> None:
        """Show an answer in place of the message that its button was in."""
        rendered = render(answer, share=not who.place.private)
        await self._respond(who, lambda: self._api.respond(who.response_url, rendered, replace_original=True))
        if who.place.private:
            await self._record_post(who, message_id, answer)

    async def share(self, who: Requester, title: str, ids: list[PaperId], first: int) -> None:
        """Show papers that somebody saw alone to everybody in the channel, with the numbers that they saw."""
        stored, _ = await self._app.library.find_all(ids)
        found = [Result(paper, 0.0, ()) for paper in stored]
        shown = await cards(self._app.library, found, as_of=self._app.clock.now(), first=first)
        by = f"Shared by {who.account.name}" if who.account.name else "Shared"
        await self._post(who, Message(title=title, cards=shown, body=(marked(by),)))

    async def _send_ephemeral(self, who: Requester, answer: Message) -> None:
        rendered = render(answer, share=bool(who.response_url) and not who.place.private)
        if who.response_url:
            options = {"response_type": "ephemeral", "replace_original": False}
            await self._respond(who, lambda: self._api.respond(who.response_url, rendered, **options))
        else:
            await self._respond(who, lambda: self._api.post(who.client, who.user, rendered))

    async def _post(self, who: Requester, answer: Message) -> None:
        """Post a message that can be reacted to; where Paperboy is no member, as an answer to the command."""
        rendered = render(answer)
        try:
            message_id = await self._api.post(who.client, who.channel, rendered)
        except RefusedError:
            options = {"response_type": "in_channel", "replace_original": False}
            await self._respond(who, lambda: self._api.respond(who.response_url, rendered, **options))
        except DeliveryError as error:
            # It may be there already: posting it again could show it twice.
            log.warning("an answer may not have been shown", reason=str(error), place=who.place.key)
        else:
            await self._record_post(who, message_id, answer)

    async def upload(self, who: Requester, answer: Message) -> None:
        """Upload what comes with a message, if anything does: privately, unless the message was for everybody."""
        if not (answer.attachments or answer.images):
            return
        where = who.user if answer.private or not who.channel else who.channel
        try:
            await self._files.upload(who.client, where, answer)
        except DeliveryError as error:
            await self.send_ephemeral(who, Message(body=(marked(f"The file could not be handed over: {error}."),)))

    async def _record_post(self, who: Requester, message_id: str, answer: Message) -> None:
        """Remember which papers a message shows, so that reactions to it count."""
        ids = [card.paper_id for card in answer.cards]
        if ids and message_id:
            await self._app.store.record_post(who.place.key, message_id, ids, first=answer.cards[0].rank or 1)

    async def _respond(self, who: Requester, send: Sending) -> None:
        """Answer an interaction; what cannot be answered any more is logged."""
        try:
            await send()
        except DeliveryError as error:
            log.warning("an answer was not shown", reason=str(error), place=who.place.key)
