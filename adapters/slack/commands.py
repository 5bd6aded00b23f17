"""Command lines, run by the dispatcher in the name of whoever asked for them in Slack."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from adapters.slack.channels import Channels
from adapters.slack.requester import Profiles, Requester, place
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.paging import split_page
from bot.chat.registry import Command
from bot.domain.clubs import read_rhythm
from bot.domain.messages import Message, marked
from bot.domain.people import Place
from bot.domain.when import parse_when
from bot.errors import UserError

Telling = Callable[[Message], Awaitable[None]]

_POSTING = {"digest on", "digest time", "digest days", "club on"}
"""Commands after which something will be posted to the channel."""
_WATCHING = "watch on"
_OWN_POST = "digest me"
_MORE_FOR_ADMINS = {"help", "status", "follow", "unfollow", "zotero connect", "zotero off"}
"""Commands for everybody that tell admins more, or let them change what a channel has."""


class Commands:
    """Asks the dispatcher; what Slack alone knows (who manages a workspace, who is in a channel) is looked up here."""

    def __init__(self, dispatcher: Dispatcher, profiles: Profiles, channels: Channels) -> None:
        self.dispatcher = dispatcher
        self._profiles = profiles
        self._channels = channels

    async def run(
        self,
        who: Requester,
        line: str,
        meanwhile: Telling | None = None,
        options: Mapping[str, str] | None = None,
        filled: Mapping[str, str] | None = None,
    ) -> Message:
        """The answer to a command line, or a command with `options`; where posts follow, what stands in their way, too.

        `meanwhile` shows what is to be said where the answer takes long; `filled` comes from a form.
        """
        command = self._find(line)
        asks = bool(command and (command.admin or command.name in _MORE_FOR_ADMINS))
        admin = asks and await self._profiles.manages(who)
        line = await self._with_timezone(who, command, line)
        request = Request(
            who.account,
            who.place,
            line,
            options,
            admin=admin,
            ephemeral=True,
            meanwhile=meanwhile,
            permalink=self._channels.permalinks(who.client, who.place.channel),
            filled=filled or {},
        )
        answer = await self.dispatcher.answer(request)
        if command and command.name == _OWN_POST and not who.channel.startswith("D"):
            return await self._confirmed(who, answer)
        if command and _needs_channel(command, line, answer) and not who.place.private:
            problem = await self._channels.prepare(who)
            return replace(answer, body=(*answer.body, marked(problem))) if problem else answer
        return answer

    async def _confirmed(self, who: Requester, answer: Message) -> Message:
        """The answer to `digest me`, which is shown where the posts will come: is that refused, they are off."""
        own = await self.dispatcher.app.store.destination(place(who.place.workspace, "", who.user).key)
        if own is None or not own.enabled or not answer.title:
            return answer
        problem = await self._channels.prepare_talk(who, answer)
        if not problem:
            return answer
        await self.dispatcher.answer(Request(who.account, who.place, f"{_OWN_POST} off"))
        told = f"I cannot send you direct messages: {problem}."
        off = "Your daily post is off; `/papers digest me` starts it again."
        return Message(body=(marked(told), marked(off)), private=True)

    async def manages(self, who: Requester) -> bool:
        """Whether somebody may change the daily post where they are: an admin, or whom an admin named."""
        admin = await self._profiles.manages(who)
        return await self.dispatcher.manages(Request(who.account, who.place, "", admin=admin))

    async def name(self, who: Requester) -> str:
        """What Slack calls somebody; empty when it does not tell."""
        return (await self._profiles.profile(who)).name

    async def timezone(self, who: Requester) -> str:
        """The time zone Slack knows of somebody; empty when it tells none."""
        return (await self._profiles.profile(who)).timezone

    async def _with_timezone(self, who: Requester, command: Command | None, line: str) -> str:
        """A line that switches a daily post on for the first time, with the time zone Slack knows of somebody."""
        words = line.split()
        if command and command.name == "club on":
            return await self._club_with_timezone(who, line)
        place = _posting_to(who, command)
        if place is None or "off" in words:
            return line
        if await self.dispatcher.app.store.destination(place.key):
            return line
        zone = await self.timezone(who)
        own = words[1].lower() == "me"
        said = " ".join(words[3 if own and words[2:3] == ["on"] else 2 :])
        on = f"digest me on {said or '09:00'}" if own else f"digest on {said or '09:00'}"
        return f"{on} {zone}" if zone and _names_no_zone(said) else line

    async def _club_with_timezone(self, who: Requester, line: str) -> str:
        """A line that sets up a reading group, with the time zone Slack knows of somebody."""
        store = self.dispatcher.app.store
        if len(line.split()) < 3 or await store.club(who.place.key) or await store.destination(who.place.key):
            return line
        zone = await self.timezone(who)
        try:
            return f"{line} {zone}" if zone and read_rhythm(line.split(None, 2)[2]).timezone is None else line
        except UserError:
            return line

    def _find(self, line: str) -> Command | None:
        try:
            return self.dispatcher.registry.find(split_page(line)[0])[0]
        except UserError:
            return None


def _names_no_zone(said: str) -> bool:
    """Whether words about a time say nothing of its zone; where they cannot be read, the command says so."""
    try:
        return parse_when(said).timezone is None
    except UserError:
        return False


def _posting_to(who: Requester, command: Command | None) -> Place | None:
    """Where a command switches a daily post on; None for any other command."""
    match command.name if command else "":
        case "digest on":
            return who.place
        case "digest me":
            return place(who.place.workspace, "", who.user)
        case _:
            return None


def _needs_channel(command: Command, line: str, answer: Message) -> bool:
    """Whether something was done that needs Paperboy in the channel; a refusal is private and offers no *Undo*."""
    words = line.lower().split()
    if command.name == "follow":
        return words[1:2] == ["channel"] and len(words) > 2 and bool(answer.buttons)
    return not answer.private and (command.name in _POSTING or " ".join(words) == _WATCHING)
