"""Command lines, run by the dispatcher in the name of whoever asked for them in Slack."""

from dataclasses import replace

from adapters.slack.channels import Channels
from adapters.slack.requester import Profiles, Requester
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.paging import split_page
from bot.chat.registry import Command
from bot.domain.messages import Message, marked
from bot.errors import UserError

_POSTING = {"digest on", "digest time", "digest days"}
"""Commands after which something will be posted to the channel."""
_WATCHING = "watch on"


class Commands:
    """Asks the dispatcher; what Slack alone knows (who manages a workspace, who is in a channel) is looked up here."""

    def __init__(self, dispatcher: Dispatcher, profiles: Profiles, channels: Channels) -> None:
        self.dispatcher = dispatcher
        self._profiles = profiles
        self._channels = channels

    async def run(self, who: Requester, line: str) -> Message:
        """The answer to a command line; where posts will follow, with what stands in their way."""
        command = self._find(line)
        admin = bool(command and (command.admin or command.name == "help")) and await self._profiles.manages(who)
        answer = await self.dispatcher.answer(Request(who.account, who.place, line, admin=admin))
        if command and _needs_channel(command, line) and not (answer.private or who.place.private):
            problem = await self._channels.prepare(who)
            return replace(answer, body=(*answer.body, marked(problem))) if problem else answer
        return answer

    async def manages(self, who: Requester) -> bool:
        """Whether somebody may change the daily post where they are: an admin, or whom an admin named."""
        admin = await self._profiles.manages(who)
        return await self.dispatcher.manages(Request(who.account, who.place, "", admin=admin))

    async def timezone(self, who: Requester) -> str:
        """The time zone Slack knows of somebody; empty when it tells none."""
        return (await self._profiles.profile(who)).timezone

    def _find(self, line: str) -> Command | None:
        try:
            return self.dispatcher.registry.find(split_page(line)[0])[0]
        except UserError:
            return None


def _needs_channel(command: Command, line: str) -> bool:
    """Whether something is asked for that needs Paperboy in the channel."""
    return command.name in _POSTING or " ".join(line.lower().split()) == _WATCHING
