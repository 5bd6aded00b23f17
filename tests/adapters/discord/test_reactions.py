"""Reactions."""

from tests.support.discord.world import World, answered, texts

QUERY = "vision-language-action robot manipulation"

SAVE, LIKE, DISLIKE = "\U0001f516", "\U0001f44d", "\U0001f44e"


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


async def test_a_bookmark_on_a_list_asks_in_a_direct_message_which_paper_to_save(world: World) -> None:
    result = await world.ana.slash(world.papers, "papers search", query=QUERY)
    second = (await world.papers_about(QUERY))[1]
    await world.ben.react(answered(result), SAVE)
    assert await world.feedback_of(world.ben) == []
    asked = world.ben.user.dm_channel.history()[-1]
    assert "Which paper of the list in #papers do you want to save?" in texts(asked)
    await world.ben.user.select(asked, [second])
    assert await world.feedback_of(world.ben) == [(second, "save")]


async def test_where_direct_messages_are_closed_the_list_is_asked_about_below_it_once(world: World) -> None:
    result = await world.ana.slash(world.papers, "papers search", query=QUERY)
    second = (await world.papers_about(QUERY))[1]
    for person in (world.ben, world.ana):
        world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
        await person.react(answered(result), SAVE)
    [_, asked] = world.papers.history()
    assert asked.reference is not None
    assert asked.reference.message_id == answered(result).id
    assert "Which paper of the list in #papers do you want to save?" in texts(asked)
    chosen = await world.ben.select(asked, [second])
    assert chosen.ephemeral
    assert await world.feedback_of(world.ben) == [(second, "save")]


async def test_a_first_save_is_explained_to_nobody_else(world: World) -> None:
    shown = await world.ana.slash(world.papers, "papers show", paper="2601.03236")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await world.ben.react(answered(shown), SAVE)
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]
    assert len(world.papers.history()) == 1


async def test_a_like_of_a_list_asks_nothing(world: World) -> None:
    result = await world.ana.slash(world.papers, "papers search", query=QUERY)
    for emoji in (LIKE, DISLIKE):
        await world.ben.react(answered(result), emoji)
    assert not [sent for sent in world.env.http_requests if sent.path.endswith("/users/@me/channels")]


async def test_reactions_elsewhere_mean_nothing(world: World) -> None:
    message = await world.ana.send(world.papers, "good morning")
    await world.ben.react(message, SAVE)
    assert await world.feedback_of(world.ben) == []


async def test_reactions_count_in_a_private_talk_too(world: World) -> None:
    shown = await world.ben.user.slash("papers show", paper="2601.03236")
    await world.ben.user.set_reaction(shown.response, SAVE, reacted=True)
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]
    await world.ben.user.set_reaction(shown.response, SAVE, reacted=False)
    assert await world.feedback_of(world.ben) == []
