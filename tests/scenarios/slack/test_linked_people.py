"""One person in Slack and on Discord: reactions on both take one way into one engine."""

import re
from collections.abc import Sequence

import pytest

from adapters.discord.client import Client
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reaction, Reactions
from bot.commands import registry
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.discord import world as discord
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import OverSocket, Workspace, button, shown, slack, socket_settings
from tests.support.slack.processes import connected
from tests.support.waits import Waits

world = discord.world
"""A Discord server with the real client in it."""


class Noted(Reactions):
    """Reactions that remember what they were told."""

    def __init__(self, app: App) -> None:
        super().__init__(app.store)
        self.taken: list[tuple[str, str, bool]] = []

    async def take(self, reaction: Reaction, *, linked: Sequence[PaperId] = ()) -> Message | None:
        self.taken.append((reaction.account.platform, reaction.message, reaction.present))
        return await super().take(reaction, linked=linked)


@pytest.fixture
def reactions(app: App) -> Noted:
    return Noted(app)


@pytest.fixture
def simcord_bot(app: App, reactions: Noted) -> Client:
    return Client(app, Dispatcher(registry, app), reactions, shard_count=1)


async def test_linked_people_feed_one_engine_through_the_same_code(
    world: discord.World, fake: FakeSlack, app: App, tokens: Tokens, reactions: Noted
) -> None:
    platform = slack(socket_settings(fake), app, tokens, Waits(), reactions).platform
    async with connected(platform, fake):
        workspace = Workspace(fake, OverSocket(fake))
        offered = await world.ben.slash(world.papers, "papers link")
        [code] = re.findall(r"</papers link:\d+> `([A-Z0-9]{8})`", discord.texts(offered.response))
        assert "Linked" in shown(await workspace.command(f"link {code}"))

        # Saved on Discord, and recommended from in Slack.
        post = await world.ana.slash(world.papers, "papers show", paper="2601.03236")
        await world.ben.react(discord.answered(post), "\U0001f516")
        saved = (await app.library.find("2601.03236")).paper
        assert f"because you saved “{saved.title[:40]}" in shown(await workspace.command("foryou"))

        # Saved in Slack, and listed on Discord.
        answer = await workspace.command("show 2601.11087")
        await workspace.press(button(answer, "Share to channel"))
        [ts] = fake.channels["T1", "C1"].messages
        await workspace.react("bookmark", ts)
        listed = discord.texts((await world.ben.slash(world.papers, "papers saved")).response)
        other = (await app.library.find("2601.11087")).paper
        assert saved.title in listed
        assert other.title in listed

    assert reactions.taken == [("discord", str(discord.answered(post).id), True), ("slack", ts, True)]
    people = [await app.store.person(Account(*each)) for each in (("slack", "T1/U1"), ("discord", str(world.ben.id)))]
    assert people[0] == people[1]
