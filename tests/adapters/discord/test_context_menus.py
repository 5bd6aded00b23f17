"""Commands on a message."""

from tests.support.discord.world import World, answered, texts


async def test_the_menu_saves_the_paper_a_message_links_to(world: World) -> None:
    message = await world.ana.send(world.papers, "look: https://arxiv.org/abs/2601.03236v2")
    result = await world.ben.context_menu(world.papers, "Save paper", message)
    assert result.ephemeral
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


async def test_the_menu_shows_the_card_of_a_paper_to_whoever_asks(world: World) -> None:
    message = await world.ana.send(world.papers, "look: https://arxiv.org/abs/2601.03236v2")
    result = await world.ben.context_menu(world.papers, "Show paper", message)
    assert result.ephemeral
    assert "MAGMA" in texts(result.response)


async def test_the_menu_finds_similar_papers(world: World) -> None:
    message = await world.ana.send(world.papers, "https://huggingface.co/papers/2601.03236")
    result = await world.ben.context_menu(world.papers, "Similar papers", message)
    assert result.ephemeral
    assert "Similar to" in texts(result.response)


async def test_the_menu_finds_the_paper_that_only_a_component_of_a_message_names(world: World) -> None:
    answer = await world.ana.slash(world.papers, "papers show", paper="2601.03236")
    await world.app.store.forget_workspace("discord", str(world.guild.id))
    await world.ben.context_menu(world.papers, "Save paper", answered(answer))
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


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
