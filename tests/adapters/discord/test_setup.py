"""Setting up a channel's daily post, as an admin does it."""

from typing import Any

from adapters.discord.setup_form import SetupForm, changes
from bot.domain.destinations import Destination
from bot.domain.people import Account, Place, Topic, private_talk
from tests.support.discord.setups import destination, opened
from tests.support.discord.world import World, answered, labels, new_client, texts


async def press(world: World, panel: Any, act: str, channel: Any = None) -> Any:
    return await world.ana.click(panel, custom_id=f"setup:{(channel or world.papers).id}:{act}")


async def test_the_setup_is_private_and_nothing_starts_by_itself(world: World) -> None:
    panel = await opened(world)
    assert panel.ephemeral
    assert "Daily post · \\#papers" in texts(panel) or "Daily post · #papers" in texts(panel)
    assert "It is off. Choose" in texts(panel)
    assert labels(panel) == ["Time, zone, topics", "Preview", "Start"]
    assert await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}") is None


async def test_the_form_sets_time_zone_and_topics(world: World) -> None:
    panel = await opened(world)
    form = await press(world, panel, "form")
    assert form.modal
    filled = {"time": "18:45", "timezone": "Europe/Berlin", "topics": "diffusion models\n-crypto"}
    await world.ana.submit_modal(form, filled)
    found = await destination(world, world.papers)
    assert (f"{found.at:%H:%M}", found.timezone) == ("18:45", "Europe/Berlin")
    topics = await world.app.store.topics(found.place.key)
    assert [(topic.text, topic.wanted) for topic in topics] == [("diffusion models", True), ("crypto", False)]


async def test_a_topic_taken_out_of_the_form_is_removed(world: World) -> None:
    panel = await opened(world)
    filled = {"time": "09:00", "timezone": "UTC", "topics": "one\ntwo"}
    await world.ana.submit_modal(await press(world, panel, "form"), filled)
    await world.ana.submit_modal(await press(world, panel, "form"), filled | {"topics": "two\nthree"})
    topics = await world.app.store.topics(f"discord:{world.guild.id}:{world.papers.id}")
    assert [topic.text for topic in topics] == ["two", "three"]


async def test_a_mistake_in_the_form_is_shown_and_the_rest_is_kept(world: World) -> None:
    panel = await opened(world)
    filled = {"time": "25:99", "timezone": "Europe/Berlin", "topics": ""}
    await world.ana.submit_modal(await press(world, panel, "form"), filled)
    assert "❗" in texts(world.papers.history(viewer=world.ana)[-1])
    assert (await destination(world, world.papers)).timezone == "Europe/Berlin"


async def test_start_says_what_comes_next_and_stop_ends_it(world: World) -> None:
    panel = await opened(world)
    await press(world, panel, "start")
    shown = world.papers.history(viewer=world.ana)[-1]
    assert "The next post comes <t:" in texts(shown)
    assert (await destination(world, world.papers)).enabled
    await press(world, shown, "stop")
    assert not (await destination(world, world.papers)).enabled


async def test_another_channel_can_be_picked(world: World) -> None:
    reading = world.guild.create_text_channel("reading-group")
    panel = await opened(world)
    await world.ana.select(panel, [reading], custom_id="setup:channel")
    shown = world.papers.history(viewer=world.ana)[-1]
    await press(world, shown, "start", reading)
    assert (await destination(world, reading)).enabled
    assert await world.app.store.destination(f"discord:{world.guild.id}:{world.papers.id}") is None


async def test_the_preview_is_for_the_admin_alone(world: World) -> None:
    result = await press(world, await opened(world), "preview")
    assert result.ephemeral
    assert "Trending papers" in texts(result.response)


async def test_the_setup_goes_on_after_a_restart(world: World) -> None:
    panel = await opened(world)
    form = await press(world, panel, "form")
    await world.env.restart_bot(new_client(world.app))
    await world.ana.select(panel, ["3"], custom_id=f"setup:{world.papers.id}:count")
    await world.ana.submit_modal(form, {"time": "06:00", "timezone": "UTC", "topics": ""})
    await press(world, panel, "start")
    found = await destination(world, world.papers)
    assert (found.count, f"{found.at:%H:%M}", found.enabled) == (3, "06:00", True)


async def test_a_private_talk_can_be_set_up_too(world: World) -> None:
    panel = (await world.ben.user.slash("papers-admin digest on")).response
    assert panel
    await world.ben.user.click(panel, custom_id=f"setup:@{world.ben.id}:start")
    talk = private_talk(Account("discord", str(world.ben.id)))
    found = await world.app.store.destination(talk.key)
    assert found
    assert found.enabled


def test_a_form_sent_back_as_it_was_changes_no_topic() -> None:
    topics = [Topic(f"topic {number} " + "x" * 150, wanted=bool(number % 3)) for number in range(60)]
    place = Place("discord", "1", "2", "#papers")
    form = SetupForm(place, Destination(place=place), topics)
    sent = [{"custom_id": box["custom_id"], "value": box["value"]} for box in boxes(form.to_dict())]
    assert [line for line in changes({"components": sent}, topics) if "topics" in line] == []


def boxes(part: Any) -> list[dict[str, Any]]:
    """Every filled-in text box of a form, however deep."""
    if isinstance(part, dict):
        inside = [box for value in part.values() for box in boxes(value)]
        return [part, *inside] if "value" in part and "custom_id" in part else inside
    return [box for value in part for box in boxes(value)] if isinstance(part, list) else []


async def test_a_voice_channel_is_not_switched_on(world: World) -> None:
    lounge = world.guild.create_voice_channel("lounge")
    panel = answered(await world.ana.slash(lounge, "papers-admin digest on"))
    await press(world, panel, "start", lounge)
    assert "❗ ⚠️ I cannot post in #lounge" in texts(lounge.history(viewer=world.ana)[-1])
    typed = await world.ana.slash(lounge, "papers-admin digest on", at="08:00")
    assert "I cannot post in #lounge" in "".join(map(texts, typed.followups))
    assert await world.app.store.destination(f"discord:{world.guild.id}:{lounge.id}") is None


async def test_a_channel_the_bot_cannot_see_is_told_and_no_other_is_set_up(world: World) -> None:
    panel = await opened(world)
    gone = world.guild.create_text_channel("gone")
    await world.ana.select(panel, [gone], custom_id="setup:channel")
    shown = world.papers.history(viewer=world.ana)[-1]
    guild = world.client.get_guild(world.guild.id)
    assert guild
    guild._channels.pop(gone.id)
    world.env.inject_error("GET", "/channels/*", status=403, times=None)
    for act in ("start", "preview"):
        result = await press(world, shown, act, gone)
        assert "I cannot see that channel" in "".join(map(texts, [*result.followups, *filter(None, [result.response])]))
    assert await world.app.store.workspaces("discord") == frozenset()


async def several(world: World) -> Any:
    """The panel of a channel with a post that has a name."""
    await world.ana.slash(world.papers, "papers-admin digest add", name="graph nets", when="7:00")
    return await opened(world)


def shown(world: World) -> Any:
    return world.papers.history(viewer=world.ana)[-1]


async def test_where_there_are_several_posts_one_is_chosen_and_all_is_about_that(world: World) -> None:
    panel, here = await several(world), world.papers.id
    await world.ana.select(panel, ["graph nets"], custom_id=f"setup:{here}:post")
    assert "Daily post: graph nets" in texts(shown(world))
    await world.ana.select(shown(world), ["2"], custom_id=f"setup:{here}:count:graph nets")
    form = await world.ana.click(shown(world), custom_id=f"setup:{here}:form:graph nets")
    filled = {"time": "18:45", "timezone": "Europe/Berlin", "topics": "graph neural networks"}
    await world.ana.submit_modal(form, filled)
    await world.ana.click(shown(world), custom_id=f"setup:{here}:stop:graph nets")
    [named] = await world.app.store.posts_of(f"discord:{world.guild.id}:{here}")
    assert (named.count, f"{named.at:%H:%M}", named.enabled) == (2, "18:45", False)
    assert [topic.text for topic in await world.app.store.topics(named.key)] == ["graph neural networks"]
    assert await world.app.store.topics(named.place.key) == []


async def test_a_post_that_is_gone_is_told_and_the_first_one_shown(world: World) -> None:
    panel, here = await several(world), world.papers.id
    await world.ana.select(panel, ["graph nets"], custom_id=f"setup:{here}:post")
    gone = shown(world)
    await world.ana.slash(world.papers, "papers-admin digest remove", name="graph nets")
    await world.ana.select(gone, ["2"], custom_id=f"setup:{here}:count:graph nets")
    [panel] = [each for each in world.papers.history(viewer=world.ana) if each.id == gone.id]
    assert "There is no post “graph nets” here" in texts(panel)
    assert "Daily post · " in texts(panel)


async def test_who_may_not_change_posts_any_more_sees_no_settings_in_a_setup_that_is_open(world: World) -> None:
    workspace = f"discord:{world.guild.id}"
    ben = Account("discord", str(world.ben.id), "ben")
    await world.app.store.add_delegate(workspace, ben)
    await world.allow_admin_commands(world.ben)
    hidden = world.guild.create_text_channel("hidden")
    await world.app.store.follow(f"{workspace}:{hidden.id}", Topic("secret plans"))
    panel = (await world.ben.slash(world.papers, "papers-admin digest on")).response
    assert panel
    await world.app.store.remove_delegate(workspace, ben)
    for act in (
        world.ben.select(panel, [hidden], custom_id="setup:channel"),
        world.ben.select(panel, ["3"], custom_id=f"setup:{world.papers.id}:count"),
        *(world.ben.click(panel, custom_id=f"setup:{world.papers.id}:{act}") for act in ("preview", "start", "form")),
    ):
        asked = await act
        assert not asked.modal
        assert "is for people with Manage Server" in texts(asked.response)
    everything = "".join(texts(message) for message in world.papers.history(viewer=world.ben))
    assert "secret plans" not in everything
    assert await world.app.store.posts_of(f"{workspace}:{world.papers.id}") == []
