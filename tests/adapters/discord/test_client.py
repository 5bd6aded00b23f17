"""Commands, buttons, menus, completion and reactions, through the real discord.py in a simulated server."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from adapters.discord.commands import suggestions
from adapters.discord.components import CHOICE
from adapters.discord.places import place_of
from bot.commands import registry
from bot.domain.messages import Choice, Message
from bot.domain.papers import PaperId
from bot.runtime.clocks import StandingClock
from tests.support.discord.limits import BUTTON, walk
from tests.support.discord.world import World, answered, labels, new_client, newest, texts

QUERY = "vision-language-action robot manipulation"
SAVE, LIKE, DISLIKE = "\U0001f516", "\U0001f44d", "\U0001f44e"


async def test_every_command_of_the_registry_is_there(world: World) -> None:
    offered = world.ana.available_commands(world.papers)
    assert {f"papers {command.name}" for command in registry} <= set(offered)


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("search", {"query": QUERY}),
    ("similar", {"paper": "2601.03236"}),
    ("show", {"paper": "2601.03236"}),
    ("trending", {"window": "week"}),
    ("foryou", {}),
    ("save", {"paper": "2601.03236"}),
    ("unsave", {"paper": "2601.03236"}),
    ("saved", {}),
    ("like", {"paper": "2601.03236"}),
    ("unlike", {"paper": "2601.03236"}),
    ("dislike", {"paper": "2601.03236"}),
    ("undislike", {"paper": "2601.03236"}),
    ("export", {"format": "csv"}),
    ("topics", {"action": "follow", "topic": "protein folding"}),
    ("link", {}),
    ("forget-me", {}),
    ("digest preview", {}),
    ("digest on", {"at": "08:30"}),
    ("digest off", {}),
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
    ("digest quiet", {"answer": "skip"}),
    ("digest weekly", {"day": "fri"}),
    ("digest language", {"language": "de"}),
    ("digest me", {"action": "on", "at": "08:00"}),
    ("email", {}),
    ("watch", {"links": "on"}),
    ("reactions", {"action": "show"}),
    ("admins", {"action": "list"}),
]
"""Every command, used as it may be; but `digest resend`, which needs a post that may not have arrived."""


def test_no_command_is_left_out() -> None:
    assert {name for name, _ in COMMANDS} == {command.name for command in registry} - {"digest resend"}


@pytest.mark.parametrize(("name", "options"), COMMANDS)
async def test_a_command_answers_and_is_private_where_the_registry_says(
    world: World, name: str, options: dict[str, Any]
) -> None:
    result = await world.ana.slash(world.papers, f"papers {name}", **options)
    assert result.deferred or result.acknowledged
    assert result.response
    assert texts(result.response)
    assert "Something went wrong" not in texts(result.response)
    assert result.response.ephemeral is registry[name].private


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("show", {"paper": "2601.03236"}),
        ("save", {"paper": "2601.03236"}),
        ("unsave", {"paper": "2601.03236"}),
        ("saved", {}),
        ("search", {"query": QUERY}),
        ("forget-me", {}),
    ],
)
async def test_every_button_of_an_answer_does_something(world: World, name: str, options: dict[str, Any]) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.08521")
    answer = (await world.ben.slash(world.papers, f"papers {name}", **options)).response
    assert answer
    buttons = [part for part in walk(answer.components) if part["type"] == BUTTON and "custom_id" in part]
    assert buttons
    for label in dict.fromkeys(part["label"] for part in buttons):
        custom_id = next(part["custom_id"] for part in buttons if part["label"] == label)
        pressed = await world.ben.click(answer, custom_id=custom_id)
        told = texts(pressed.response) if pressed.response else texts(world.papers.history(viewer=world.ben)[-1])
        assert told
        assert "went wrong" not in told


async def test_nothing_to_resend_is_told_to_the_admin_alone(world: World) -> None:
    answer = await world.ana.slash(world.papers, "papers digest resend")
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
    assert labels(answered(opened)) == ["Save", "Similar", "Less like this", "PDF"]
    stored = await world.app.library.find(second)
    assert stored.paper.abstract[-40:] in texts(answered(opened))


async def test_a_mistake_is_told_to_the_person_alone(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers similar", paper="2501.99999")
    assert result.response is None, "nothing stays where everybody sees it"
    assert [message.ephemeral for message in result.followups] == [True]
    assert "No paper 2501.99999" in texts(result.followups[0])


async def test_more_turns_the_page_of_ones_own_answer(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    await world.ben.click(result.response, label="More")
    assert newest(world.papers).id == result.response.id
    assert "page 2" in texts(world.papers.last_message)


async def test_back_turns_it_again(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    before = texts(result.response)
    await world.ben.click(result.response, label="More")
    await world.ben.click(newest(world.papers), label="Back")
    assert texts(world.papers.last_message) == before


async def test_the_saved_list_offers_to_remove(world: World) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.03236")
    listed = await world.ben.slash(world.papers, "papers saved")
    assert labels(listed.response) == ["Remove", "Abstract", "Similar", "PDF", "Export as BibTeX"]
    removed = await world.ben.click(answered(listed), label="Remove")
    assert "Removed from your list" in texts(removed.response)
    assert await world.feedback_of(world.ben) == []
    await world.ben.click(answered(removed), label="Undo")
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


async def test_somebody_else_gets_the_next_page_alone(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    pressed = await world.ana.click(result.response, label="More")
    assert pressed.ephemeral
    assert "page 2" in texts(pressed.response)
    assert "page 2" not in texts(world.papers.last_message)


async def test_a_long_search_can_be_paged_too(world: World) -> None:
    query = "how do robots learn manipulation from vision and language with action models that generalise to new tasks?"
    result = await world.ben.slash(world.papers, "papers search", query=query)
    assert result.response
    await world.ben.click(result.response, label="More")
    assert "page 2" in texts(world.papers.last_message)


LONG = "robot manipulation with vision and language " + " ".join(
    f"{n * 7919:x}q{n * n * 104729:x}" for n in range(17, 35)
)
"""A search of which no custom id can hold the half."""


async def test_a_search_of_any_length_can_be_paged_after_a_restart(world: World) -> None:
    assert 250 < len(LONG) <= 300
    result = await world.ben.slash(world.papers, "papers search", query=LONG)
    assert result.response
    await world.env.restart_bot(new_client(world.app))
    await world.ben.click(result.response, label="More")
    assert "page 2" in texts(world.papers.last_message)
    assert LONG[:40] in texts(world.papers.last_message)
    await world.ben.click(newest(world.papers), label="Back")
    assert texts(world.papers.last_message) == texts(result.response)
    pressed = await world.ana.click(newest(world.papers), label="More")
    assert "page 2" in texts(pressed.response)


async def test_a_long_search_that_is_no_longer_known_is_told(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=LONG)
    assert result.response
    world.app.clock = StandingClock(world.app.clock.now() + timedelta(days=31))
    pressed = await world.ben.click(result.response, label="More")
    assert "Please run it again" in "".join(map(texts, pressed.followups))
    pressed = await world.ana.click(result.response, label="More")
    assert "Please run it again" in texts(pressed.response)


async def test_buttons_work_after_a_restart(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    await world.env.restart_bot(new_client(world.app))
    pressed = await _press_first_save(world, result.response)
    assert "Saved" in texts(pressed.response)
    assert [kind for _, kind in await world.feedback_of(world.ben)] == ["save"]


async def _press_first_save(world: World, message: Any) -> Any:
    """Press the number of a list's first paper, which saves it."""
    ids = [
        part["custom_id"] for part in walk(message.components) if part["type"] == BUTTON and part.get("label") == "1"
    ]
    return await world.ben.click(message, custom_id=ids[0])


async def test_papers_are_completed_by_title(world: World) -> None:
    choices = await world.ben.autocomplete(world.papers, "papers save", "paper", "robot")
    assert choices
    assert all(len(choice["name"]) <= 100 for choice in choices)
    assert await world.ben.autocomplete(world.papers, "papers save", "paper", "") == []


async def test_searches_are_completed_and_the_search_as_typed_comes_first(world: World) -> None:
    choices = await world.ben.autocomplete(world.papers, "papers search", "query", "robots cat:machine")
    assert [choice["value"] for choice in choices] == ["robots cat:machine", "robots cat:cs.LG"]
    assert choices[1]["name"] == "robots cat:cs.LG · Machine Learning"
    named = await world.ben.autocomplete(world.papers, "papers topics", "topic", "author:zh")
    assert len(named) > 1
    assert all(choice["value"].startswith("author:") for choice in named)


async def test_time_zones_are_completed(world: World) -> None:
    choices = await world.ana.autocomplete(world.papers, "papers digest timezone", "timezone", "berl")
    assert [choice["value"] for choice in choices] == ["Europe/Berlin"]


def test_suggestions_discord_would_refuse_are_left_out() -> None:
    offered = suggestions([Choice("a" * 300, "x"), Choice("b", "y" * 101), Choice("\u200b", "z"), Choice("c", "")])
    assert [(choice.name[:3], choice.value) for choice in offered] == [("aaa", "x"), ("z", "z")]
    assert len(offered[0].name) == CHOICE


async def test_settings_are_refused_to_members(world: World) -> None:
    for name, options in (("digest count", {"count": 3}), ("digest on", {}), ("digest off", {})):
        result = await world.ben.slash(world.papers, f"papers {name}", **options)
        assert "is for people who manage this channel" in texts(result.followups[0])
    assert await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}") is None


async def test_settings_are_taken_from_admins(world: World) -> None:
    await world.ana.slash(world.papers, "papers digest count", count=3)
    destination = await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}")
    assert destination
    assert destination.count == 3
    assert destination.place.name == "#papers"


async def test_the_menu_saves_the_paper_a_message_links_to(world: World) -> None:
    message = await world.ana.send(world.papers, "look: https://arxiv.org/abs/2601.03236v2")
    result = await world.ben.context_menu(world.papers, "Save paper", message)
    assert result.ephemeral
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


async def test_the_menu_finds_similar_papers(world: World) -> None:
    message = await world.ana.send(world.papers, "https://huggingface.co/papers/2601.03236")
    result = await world.ben.context_menu(world.papers, "Similar papers", message)
    assert result.ephemeral
    assert "Similar to" in texts(result.response)


async def test_the_menu_asks_which_of_several_papers_is_meant(world: World) -> None:
    first, second = (await world.papers_about("robot"))[:2]
    message = await world.ana.send(world.papers, f"https://arxiv.org/abs/{first} and https://arxiv.org/pdf/{second}")
    result = await world.ben.context_menu(world.papers, "Save paper", message)
    assert result.response
    await world.ben.select(result.response, [second])
    assert await world.feedback_of(world.ben) == [(second, "save")]


async def test_the_menu_says_when_there_is_no_paper(world: World) -> None:
    message = await world.ana.send(world.papers, "good morning")
    result = await world.ben.context_menu(world.papers, "Save paper", message)
    assert "no paper in this message" in texts(result.response)


async def test_reactions_save_like_and_dislike_and_are_taken_back(world: World) -> None:
    shown = await world.ana.slash(world.papers, "papers show", paper="2601.03236")
    for emoji, kind in ((LIKE, "like"), (SAVE, "save"), (DISLIKE, "dislike")):
        await world.ben.react(answered(shown), emoji)
        assert [each for _, each in await world.feedback_of(world.ben)] == [kind]
    await world.ben.unreact(answered(shown), DISLIKE)
    assert [kind for _, kind in await world.feedback_of(world.ben)] == ["save"]


async def test_a_keycap_saves_the_paper_of_that_number(world: World) -> None:
    result = await world.ana.slash(world.papers, "papers search", query=QUERY)
    expected = await world.papers_about(QUERY)
    await world.ben.react(answered(result), "2\ufe0f\u20e3")
    assert await world.feedback_of(world.ben) == [(expected[1], "save")]


async def test_the_first_save_explains_itself_once_in_a_direct_message(world: World) -> None:
    shown = await world.ana.slash(world.papers, "papers show", paper="2601.03236")
    await world.ben.react(answered(shown), SAVE)
    await world.ben.unreact(answered(shown), SAVE)
    await world.ben.react(answered(shown), SAVE)
    talk = world.ben.user.dm_channel.history()
    assert "Saved to your list" in texts(talk[0])
    assert len(world.papers.history()) == 1


async def test_reactions_elsewhere_mean_nothing(world: World) -> None:
    message = await world.ana.send(world.papers, "good morning")
    await world.ben.react(message, SAVE)
    assert await world.feedback_of(world.ben) == []


async def test_a_server_that_removes_the_bot_is_forgotten(world: World) -> None:
    place = f"discord:{world.guild.id}:{world.papers.id}"
    await world.ana.slash(world.papers, "papers digest count", count=3)
    await world.app.store.record_post(place, "1", [PaperId("2601.03236")])
    guild = world.client.get_guild(world.guild.id)
    assert guild
    await world.client.on_guild_remove(guild)
    assert await world.app.store.destination(place) is None
    assert await world.app.store.posted(place, "1") == []


async def test_reactions_count_in_a_private_talk_too(world: World) -> None:
    shown = await world.ben.user.slash("papers show", paper="2601.03236")
    await world.ben.user.set_reaction(shown.response, SAVE, reacted=True)
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]
    await world.ben.user.set_reaction(shown.response, SAVE, reacted=False)
    assert await world.feedback_of(world.ben) == []


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
