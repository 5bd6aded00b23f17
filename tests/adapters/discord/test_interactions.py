"""From what was asked to the answer: who sees it, whose pages turn, and what is told besides."""

from datetime import timedelta

from adapters.discord.interactions import Interactions
from bot.domain.people import Account, private_talk
from bot.runtime.clocks import StandingClock
from tests.support.discord.world import World, answered, new_client, newest, texts

QUERY = "vision-language-action robot manipulation"


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


async def test_ones_own_digest_is_confirmed_where_it_will_come(world: World) -> None:
    answer = await world.ben.slash(world.papers, "papers digest me", at="08:00")
    [confirmed] = world.ben.user.dm_channel.history()
    assert texts(confirmed) == texts(answered(answer))


async def test_ones_own_digest_stays_off_where_direct_messages_are_closed(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    answer = await world.ben.slash(world.papers, "papers digest me", at="08:00")
    assert "I could not send you a direct message" in texts(answered(answer))
    [own] = await world.app.store.upcoming()
    assert not own.destination.enabled


async def test_ones_own_digest_is_one_wherever_it_is_asked_for(world: World) -> None:
    await world.ben.slash(world.papers, "papers digest me", at="08:00")
    await world.ben.user.slash("papers digest me", at="09:30")
    [own] = await world.app.store.upcoming()
    assert (own.destination.place.private, f"{own.destination.at:%H:%M}") == (True, "09:30")
    await world.ben.slash(world.papers, "papers digest me", action="off")
    [own] = await world.app.store.upcoming()
    assert not own.destination.enabled


async def test_no_threads_are_promised_where_none_can_be_opened(world: World) -> None:
    refused = await world.ben.user.slash("papers-admin digest threads", threads="on")
    assert "papers get none here" in "".join(map(texts, [*refused.followups, *filter(None, [refused.response])]))
    talk = private_talk(Account("discord", str(world.ben.id)))
    assert await world.app.store.destination(talk.key) is None


async def test_whoever_names_admins_is_told_how_these_come_to_see_the_commands(world: World) -> None:
    answer = texts(answered(await world.ana.slash(world.papers, "papers-admin admins", action="list")))
    assert "Server Settings, under Integrations" in answer


async def test_a_bot_that_may_not_read_says_so_where_links_are_to_be_watched(world: World) -> None:
    watched = texts(answered(await world.ana.slash(world.papers, "papers-admin watch", links="on")))
    assert "I cannot read messages yet" in watched
    ended = texts(answered(await world.ana.slash(world.papers, "papers-admin watch", links="off")))
    assert "I cannot read messages yet" not in ended


async def test_enter_takes_the_search_as_it_was_typed_and_nothing_twice(world: World) -> None:
    interactions: Interactions = world.client.interactions
    offered = [choice.value for choice in await interactions.suggest("queries", "robots cat:machine")]
    assert offered[0] == "robots cat:machine"
    assert len(offered) == len(set(offered)) > 1
    assert await interactions.suggest("queries", "  ") == await interactions.suggest("queries", "")
    assert all(choice.value != "robot" for choice in await interactions.suggest("papers", "robot"))


async def test_a_whole_title_is_suggested_once(world: World) -> None:
    interactions: Interactions = world.client.interactions
    title = (await world.app.library.find("2601.03236")).paper.title
    assert [choice.label for choice in await interactions.suggest("queries", title)].count(title) == 1
    assert [choice.value for choice in await interactions.suggest("papers", "2601.03236")] == ["2601.03236"]
