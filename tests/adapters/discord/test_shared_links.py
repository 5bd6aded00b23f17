"""Links that people share, where an admin had them watched, and the emoji a server has chosen."""

from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from adapters.discord.client import Client
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account
from bot.library.app import App
from tests.support.discord.world import World, answered, labels, new_client, newest, texts

LINK, PAPER = "worth reading: https://arxiv.org/abs/2601.03236v2", "2601.03236"
OTHER = "2601.08521"
SAVE, LIKE = "\U0001f516", "\U0001f44d"


@pytest.fixture
def simcord_bot(app: App) -> Client:
    """A bot that may read what people write."""
    return Client(app, Dispatcher(registry, app), Reactions(app.store), reading=True, shard_count=1)


async def watch(world: World) -> None:
    told = await world.ana.slash(world.papers, "papers-admin watch", links="on")
    assert "are watched here" in texts(told.response)
    assert "⚠️" not in texts(told.response)


async def shown(world: World) -> frozenset[int]:
    return await world.app.store.shown(f"discord:{world.guild.id}:{world.papers.id}")


async def row(world: World, paper: str) -> int:
    return (await world.app.library.find(paper)).row


def reads(world: World) -> list[str]:
    """Messages the bot has read."""
    return [e.path for e in world.env.http_requests if e.method == "GET" and "/messages/" in e.path]


async def test_a_shared_paper_counts_as_shown_where_links_are_watched(world: World) -> None:
    await world.ben.send(world.papers, LINK)
    assert await shown(world) == frozenset()
    await watch(world)
    await world.ben.send(world.papers, "good morning")
    await world.ben.send(world.papers, LINK)
    assert await shown(world) == {await row(world, PAPER)}


async def test_a_link_that_is_added_later_counts_too(world: World) -> None:
    await watch(world)
    message = await world.ben.send(world.papers, "good morning")
    await world.ben.edit(message, LINK)
    assert await shown(world) == {await row(world, PAPER)}


async def test_reactions_to_a_shared_paper_count_where_links_are_watched(world: World) -> None:
    message = await world.ana.send(world.papers, LINK)
    await world.ben.react(message, SAVE)
    assert await world.feedback_of(world.ben) == []
    assert reads(world) == [], "a message nobody had watched is not read"
    await watch(world)
    await world.ben.react(message, LIKE)
    await world.ana.react(message, SAVE)
    assert await world.feedback_of(world.ben) == [(PAPER, "like")]
    assert await world.feedback_of(world.ana) == [(PAPER, "save")]
    assert len(reads(world)) == 1, "it is read once"
    await world.ben.unreact(message, LIKE)
    assert await world.feedback_of(world.ben) == []


async def test_on_a_message_with_two_papers_a_keycap_says_which(world: World) -> None:
    await watch(world)
    message = await world.ana.send(world.papers, f"{LINK} and https://huggingface.co/papers/{OTHER}")
    await world.ben.react(message, SAVE)
    await world.ben.react(message, "2\ufe0f\u20e3")
    assert await world.feedback_of(world.ben) == [(OTHER, "save")]


async def test_a_message_that_says_something_else_now_is_read_again(world: World) -> None:
    await watch(world)
    message = await world.ana.send(world.papers, LINK)
    await world.ben.react(message, LIKE)
    await world.ana.edit(message, f"I meant https://arxiv.org/abs/{OTHER}")
    await world.ben.react(message, SAVE)
    assert await world.feedback_of(world.ben) == [(PAPER, "like"), (OTHER, "save")]


async def test_for_emoji_that_mean_nothing_no_message_is_read(world: World) -> None:
    await watch(world)
    message = await world.ana.send(world.papers, LINK)
    await world.ben.react(message, "\U0001f389")
    assert reads(world) == []


async def test_a_message_that_may_not_be_read_is_not_asked_for(world: World) -> None:
    hidden = discord.PermissionOverwrite(read_message_history=False)
    own = next(role for role in world.guild.roles.values() if role.name not in {"Admins", "@everyone"})
    quiet = world.guild.create_text_channel("quiet", overwrites={world.guild.default_role: hidden, own: hidden})
    told = await world.ana.slash(quiet, "papers-admin watch", links="on")
    assert "please allow me in #quiet: Read Message History" in texts(told.response)
    message = await world.ana.send(quiet, LINK)
    await world.client._listener.take(_event(world, quiet, message), present=True)
    assert reads(world) == []
    assert await world.feedback_of(world.ben) == []


def _event(world: World, channel: Any, message: Any) -> discord.RawReactionActionEvent:
    about = {"channel_id": channel.id, "message_id": message.id, "user_id": world.ben.id, "guild_id": world.guild.id}
    emoji = discord.PartialEmoji(name=SAVE)
    data: Any = {**about, "emoji": {"id": None, "name": SAVE}, "type": 0, "burst": False}
    return discord.RawReactionActionEvent(data, emoji, "REACTION_ADD")


async def test_bots_share_nothing(world: World) -> None:
    await watch(world)
    feed = world.guild.create_webhook(world.papers, "feed")
    message = await feed.send(LINK)
    assert await shown(world) == frozenset()
    await world.ben.react(message, SAVE)
    assert await world.feedback_of(world.ben) == []


async def test_a_server_can_choose_an_emoji_of_its_own(world: World) -> None:
    star = world.guild.create_emoji("paperstar")
    custom = f"<:{star.name}:{star.id}>"
    told = await world.ana.slash(world.papers, "papers-admin reactions", action="save", emoji=custom)
    assert f"{custom} saves a paper" in texts(told.response)
    answer = await world.ana.slash(world.papers, "papers show", paper=PAPER)
    await world.ben.react(answered(answer), SAVE)
    assert await world.feedback_of(world.ben) == []
    await world.ben.react(answered(answer), custom.strip("<:>"))
    assert await world.feedback_of(world.ben) == [(PAPER, "save")]


async def test_somebody_an_admin_named_may_set_the_post_up(world: World) -> None:
    await world.allow_admin_commands(world.ben)
    refused = await world.ben.slash(world.papers, "papers-admin digest on")
    assert "is for people with Manage Server" in texts(refused.followups[0])
    named = await world.ana.slash(world.papers, "papers-admin admins", action="add", person=f"<@{world.ben.id}>")
    assert "does not see `/papers-admin`: allow it" in texts(answered(named))
    panel = await world.ben.slash(world.papers, "papers-admin digest on")
    assert "Start" in labels(panel.response)


async def test_watching_without_leave_to_read_says_what_is_missing(world: World) -> None:
    await world.env.restart_bot(new_client(world.app))
    told = await world.ana.slash(world.papers, "papers-admin watch", links="on")
    assert "PAPERBOY_DISCORD_LINKED_PAPERS" in texts(told.response)
    message = await world.ana.send(world.papers, LINK)
    await world.ben.react(message, SAVE)
    assert reads(world) == []


async def test_a_paper_that_the_channel_knows_is_answered_once_with_a_link_and_nobody_is_told(world: World) -> None:
    await watch(world)
    person = await world.app.store.person(Account("discord", str(world.ana.id), "ana <@1>"))
    place, long_before = f"discord:{world.guild.id}:{world.papers.id}", datetime(2024, 1, 1, tzinfo=UTC)
    await world.app.store.note_share(place, "77", [PaperId(PAPER)], person, at=long_before)
    message = await world.ben.send(world.papers, LINK)
    answer = newest(world.papers)
    assert answer.reference
    assert answer.reference.message_id == message.id
    told = texts(answer)
    assert f"](https://discord.com/channels/{world.guild.id}/{world.papers.id}/77) by ana" in told
    assert "<@1>" not in told
    [sent] = [e.json for e in world.env.http_requests if e.method == "POST" and e.path.endswith("/messages")]
    assert sent
    assert sent["flags"] & discord.MessageFlags(suppress_notifications=True).value
    await world.ben.send(world.papers, f"again: {LINK}")
    assert "Shared here" not in texts(newest(world.papers))


async def test_what_was_shared_in_a_message_that_is_gone_is_forgotten(world: World) -> None:
    await watch(world)
    message = await world.ben.send(world.papers, LINK)
    place = f"discord:{world.guild.id}:{world.papers.id}"
    assert (await world.app.store.paper_history(place, PaperId(PAPER))).sightings
    await world.ben.delete(message)
    assert not (await world.app.store.paper_history(place, PaperId(PAPER))).sightings
