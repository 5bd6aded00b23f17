"""What is kept of an answer, so that its reactions and buttons work."""

from bot.domain.people import Account, private_talk
from tests.support.discord.world import World, answered, labels, texts

QUERY = "vision-language-action robot manipulation"


async def posted(world: World, message_id: int) -> list[str]:
    """The papers that a message is known to show."""
    return list(await world.app.store.posted(f"discord:{world.guild.id}:{world.papers.id}", str(message_id)))


async def test_the_papers_of_a_public_answer_are_recorded(world: World) -> None:
    found = answered(await world.ben.slash(world.papers, "papers search", query=QUERY))
    assert await posted(world, found.id) == await world.papers_about(QUERY)


async def test_another_page_is_recorded_in_place_of_the_first(world: World) -> None:
    found = answered(await world.ben.slash(world.papers, "papers search", query=QUERY))
    first = await posted(world, found.id)
    await world.ben.click(found, label="More")
    assert "page 2" in texts(world.papers.last_message)
    second = await posted(world, found.id)
    assert second
    assert second != first


async def test_nothing_is_recorded_of_what_one_person_sees_alone(world: World) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.03236")
    listed = answered(await world.ben.slash(world.papers, "papers saved"))
    assert "Remove" in labels(listed)
    assert await posted(world, listed.id) == []


async def test_in_a_private_talk_the_papers_of_an_answer_are_recorded(world: World) -> None:
    found = answered(await world.ben.user.slash("papers search", query=QUERY))
    talk = private_talk(Account("discord", str(world.ben.id)))
    assert list(await world.app.store.posted(talk.key, str(found.id))) == await world.papers_about(QUERY)
