"""Questions and answers: a command line goes to the dispatcher, its message to where it was asked."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from adapters.slack.channels import Channels
from adapters.slack.client import Api
from adapters.slack.files import Files
from adapters.slack.render import render
from adapters.slack.requester import Profiles, Requester
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.paging import names_page, split_page
from bot.chat.registry import Command
from bot.domain.messages import Message, marked
from bot.domain.papers import PaperId
from bot.errors import DeliveryError, RefusedError, UserError
from bot.library.app import App
from bot.library.cards import cards
from bot.library.library import Result

log = structlog.get_logger()

Sending = Callable[[], Awaitable[object]]

_POSTING = {"digest on", "digest time", "digest days"}
"""Commands after which something will be posted to the channel."""
_WATCHING = "watch on"


class Responses:
    """Asks the dispatcher, and shows what it says."""

    def __init__(self, app: App, dispatcher: Dispatcher, profiles: Profiles, api: Api) -> None:
        self.app = app
        self.dispatcher = dispatcher
        self.profiles = profiles
        self.api = api
        self._channels = Channels(api)
        self._files = Files(api)

    async def ask(self, who: Requester, line: str) -> Message:
        """What the dispatcher answers; where posts will follow, with what stands in their way."""
        command = self._command(line)
        admin = bool(command and (command.admin or command.name == "help")) and await self.profiles.manages(who)
        answer = await self.dispatcher.answer(Request(who.account, who.place, line, admin=admin))
        if command and _needs_channel(command, line) and not (answer.private or who.place.private):
            problem = await self._channels.prepare(who)
            return replace(answer, body=(*answer.body, marked(problem))) if problem else answer
        return answer

    async def manages(self, who: Requester) -> bool:
        """Whether somebody may change the daily post where they are: an admin, or whom an admin named."""
        admin = await self.profiles.manages(who)
        return await self.dispatcher.manages(Request(who.account, who.place, "", admin=admin))

    async def command(self, who: Requester, line: str) -> None:
        """Answer a slash command: to the person alone or to the channel, as the registry says."""
        await self._show(who, await self.ask(who, line or "help"))

    async def press(self, who: Requester, line: str, message_id: str) -> None:
        """Answer a button: a page takes the place of the one before, all else is for the presser alone."""
        answer = await self.ask(who, line)
        if names_page(line) and answer.cards:
            rendered = render(answer, share=answer.private)
            await self._respond(who, lambda: self.api.respond(who.response_url, rendered, replace_original=True))
            await self._note(who, message_id, answer)
        else:
            await self._show(who, replace(answer, private=True))

    async def share(self, who: Requester, title: str, ids: list[PaperId]) -> None:
        """Bring papers that somebody saw alone to everybody in the channel."""
        found = [Result(stored, 0.0, ()) for stored in await self.app.store.papers(ids)]
        shown = await cards(self.app.library, found, as_of=self.app.clock.now())
        by = f"Shared by {who.account.name}" if who.account.name else "Shared"
        await self._show(who, Message(title=title, cards=shown, body=(marked(by),)))

    async def send_ephemeral(self, who: Requester, message: Message) -> None:
        """Tell somebody something that nobody else sees."""
        await self._show(who, replace(message, private=True))

    def _command(self, line: str) -> Command | None:
        try:
            return self.dispatcher.registry.find(split_page(line)[0])[0]
        except UserError:
            return None

    async def _show(self, who: Requester, answer: Message) -> None:
        if answer.private or not who.channel:
            await self._whispered(who, answer)
        else:
            await self._said(who, answer)
        await self.hand_over(who, answer)

    async def _whispered(self, who: Requester, answer: Message) -> None:
        rendered = render(answer, share=bool(who.response_url) and not who.place.private)
        if who.response_url:
            options = {"response_type": "ephemeral", "replace_original": False}
            await self._respond(who, lambda: self.api.respond(who.response_url, rendered, **options))
        else:
            await self._respond(who, lambda: self.api.post(who.client, who.user, rendered))

    async def _said(self, who: Requester, answer: Message) -> None:
        """Say it as a message that can be reacted to; where Paperboy is no member, as an answer to the command."""
        rendered = render(answer)
        try:
            message_id = await self.api.post(who.client, who.channel, rendered)
        except RefusedError:
            options = {"response_type": "in_channel", "replace_original": False}
            await self._respond(who, lambda: self.api.respond(who.response_url, rendered, **options))
        except DeliveryError as error:
            # It may be there already: saying it again could show it twice.
            log.warning("an answer may not have been shown", reason=str(error), place=who.place.key)
        else:
            await self._note(who, message_id, answer)

    async def hand_over(self, who: Requester, answer: Message) -> None:
        """Upload what comes with a message, if anything does: privately, unless the message was for everybody."""
        if not (answer.attachments or answer.images):
            return
        where = who.user if answer.private or not who.channel else who.channel
        try:
            await self._files.hand_over(who.client, where, answer)
        except DeliveryError as error:
            await self.send_ephemeral(who, Message(body=(marked(f"The file could not be handed over: {error}."),)))

    async def _note(self, who: Requester, message_id: str, answer: Message) -> None:
        """Remember which papers a message shows, so that reactions to it count."""
        ids = [card.paper_id for card in answer.cards]
        if ids and message_id:
            await self.app.store.record_post(who.place.key, message_id, ids, first=answer.cards[0].rank or 1)

    async def _respond(self, who: Requester, send: Sending) -> None:
        """Answer an interaction; what cannot be answered any more is logged."""
        try:
            await send()
        except DeliveryError as error:
            log.warning("an answer was not shown", reason=str(error), place=who.place.key)


def _needs_channel(command: Command, line: str) -> bool:
    """Whether something is asked for that needs Paperboy in the channel."""
    return command.name in _POSTING or " ".join(line.lower().split()) == _WATCHING
