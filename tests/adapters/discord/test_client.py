"""Commands, buttons, menus, completion and reactions, through the real discord.py in a simulated server."""

from typing import Any

import discord
import pytest

from adapters.discord.command_names import ADMIN, root_of
from adapters.discord.places import place_of
from bot.commands import registry
from bot.domain.messages import Message
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from tests.support.discord.world import World, answered, labels, texts
from tests.support.lookup.services import FakeSearch, fetched_paper, with_searches

QUERY = "vision-language-action robot manipulation"

SAVE, LIKE, DISLIKE = "\U0001f516", "\U0001f44d", "\U0001f44e"


@pytest.fixture
def app(app: App) -> App:
    """The sample, and a service that can be searched."""
    return with_searches(app, FakeSearch(fetched_paper()))


def full(name: str) -> str:
    """A command's name with that under which Discord has it."""
    return f"{root_of(registry[name])} {name}"


async def test_every_command_of_the_registry_is_there(world: World) -> None:
    offered = world.ana.available_commands(world.papers)
    assert {full(command.name) for command in registry if not command.undoes} <= set(offered)
    assert not {full(command.name) for command in registry if command.undoes} & set(offered)


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("search", {"query": QUERY}),
    ("arxiv", {"query": QUERY}),
    ("similar", {"paper": "2601.03236"}),
    ("show", {"paper": "2601.03236"}),
    ("trending", {"window": "week"}),
    ("foryou", {}),
    ("save", {"paper": "2601.03236"}),
    ("saved", {}),
    ("library", {}),
    ("tag", {"paper": "2601.03236", "tags": "club"}),
    ("note", {"paper": "2601.03236", "words": "for Thursday"}),
    ("like", {"paper": "2601.03236"}),
    ("dislike", {"paper": "2601.03236"}),
    ("import", {"file": ("refs.bib", b"@misc{x, title={On herons}}")}),
    ("export", {"format": "csv"}),
    ("topics", {"action": "add", "topic": "protein folding"}),
    ("follow", {"what": 'author:"Ada Lovelace"'}),
    ("link", {}),
    ("forget-me", {}),
    ("digest preview", {}),
    ("digest setup", {}),
    ("digest on", {"at": "08:30"}),
    ("digest off", {}),
    ("digest add", {"name": "robotics", "when": "09:00 mon,thu"}),
    ("digest list", {}),
    ("digest time", {"at": "07:00"}),
    ("digest days", {"days": "mon-fri"}),
    ("digest timezone", {"timezone": "Europe/Berlin"}),
    ("digest count", {"count": 3}),
    ("digest layout", {"layout": "compact"}),
    ("digest threads", {"threads": "on"}),
    ("digest topics", {"action": "show"}),
    ("help", {"command": "search"}),
    ("status", {}),
    ("digest minimum", {"upvotes": 10}),
    ("digest scope", {"scope": "everything"}),
    ("digest quiet", {"answer": "skip"}),
    ("digest weekly", {"day": "fri"}),
    ("digest me", {"action": "on", "at": "08:00"}),
    ("club on", {"when": "thursday 16:00 Europe/Berlin"}),
    ("email", {}),
    ("feeds", {"switch": "list"}),
    ("watch", {"links": "on"}),
    ("reactions", {"action": "show"}),
    ("admins", {"action": "list"}),
]
"""Every command, used as it may be; but those of `UNDOING`."""
UNDOING = {
    *("digest resend", "digest remove", "unfollow", "notify"),
    *(f"club {what}" for what in ("off", "days", "show", "propose", "withdraw", "history")),
    *(each.name for each in registry if each.undoes),
}
"""Commands that need a post that may not have arrived, something that was added, followed or begun, or a button."""


def test_no_command_is_left_out() -> None:
    assert {name for name, _ in COMMANDS} == {command.name for command in registry} - UNDOING


@pytest.mark.parametrize(("name", "options"), COMMANDS)
async def test_a_command_answers_and_is_private_where_the_registry_says(
    world: World, name: str, options: dict[str, Any]
) -> None:
    result = await world.ana.slash(world.papers, full(name), **options)
    assert result.deferred or result.acknowledged
    assert result.response
    assert texts(result.response)
    assert "Something went wrong" not in texts(result.response)
    assert result.response.ephemeral is registry[name].private


async def test_nothing_to_resend_is_told_to_the_admin_alone(world: World) -> None:
    answer = await world.ana.slash(world.papers, "papers-admin digest resend")
    assert "needs no resending" in texts(answer.response)
    assert answer.ephemeral


async def test_a_search_shows_papers_with_their_buttons(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    assert texts(result.response).startswith("## Search: vision-language-action robot manipulation\n### 1\\. [")
    assert labels(result.response) == ["1", "2", "3", "4", "5", "More"]


async def test_an_abstract_is_read_alone_with_all_that_can_be_done(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    second = (await world.papers_about(QUERY))[1]
    opened = await world.ana.select(answered(result), [second])
    assert opened.ephemeral
    assert labels(answered(opened)) == ["Save", "Similar", "Note", "Mark as read", "Less like this", "PDF"]
    stored = await world.app.library.find(second)
    assert stored.paper.abstract[-40:] in texts(answered(opened))


async def test_members_do_not_see_the_commands_of_admins(world: World) -> None:
    assert not [name for name in world.ben.available_commands(world.papers) if name.startswith(ADMIN)]


async def test_settings_are_refused_to_members(world: World) -> None:
    await world.allow_admin_commands(world.ben)
    for name, options in (("digest count", {"count": 3}), ("digest on", {}), ("digest off", {})):
        result = await world.ben.slash(world.papers, full(name), **options)
        assert "is for people with Manage Server" in texts(result.followups[0])
    assert await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}") is None


async def test_settings_are_taken_from_admins(world: World) -> None:
    await world.ana.slash(world.papers, "papers-admin digest count", count=3)
    destination = await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}")
    assert destination
    assert destination.count == 3
    assert destination.place.name == "#papers"


async def test_a_server_that_removes_the_bot_is_forgotten(world: World) -> None:
    place = f"discord:{world.guild.id}:{world.papers.id}"
    await world.ana.slash(world.papers, "papers-admin digest count", count=3)
    await world.app.store.record_post(place, "1", [PaperId("2601.03236")])
    guild = world.client.get_guild(world.guild.id)
    assert guild
    await world.client.on_guild_remove(guild)
    assert await world.app.store.destination(place) is None
    assert await world.app.store.posted(place, "1") == []


async def test_commands_and_reactions_work_in_threads_and_in_posts_of_forums(world: World) -> None:
    forum = world.guild.create_forum_channel("reading")
    for channel in (world.papers, forum):
        found = world.client.get_channel(channel.id)
        assert isinstance(found, discord.TextChannel | discord.ForumChannel)
        await world.platform.send(place_of(found), Message(title="A paper", thread=True), nonce=str(channel.id))
    for reader, thread in ((world.ana, world.papers.threads[0]), (world.ben, forum.threads[0])):
        shown = await reader.slash(thread, "papers show", paper="2601.03236")
        await reader.react(answered(shown), SAVE)
        assert await world.feedback_of(reader) == [("2601.03236", "save")]


async def test_commands_work_in_a_direct_message(world: World) -> None:
    result = await world.ben.user.slash("papers search", query=QUERY)
    assert "Search" in texts(result.response)
    allowed = world.client.allowed_mentions
    assert allowed
    assert discord.AllowedMentions.none().to_dict() == allowed.to_dict()
