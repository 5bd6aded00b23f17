"""Papers that are not here, named in Discord: commands, menus, reactions to links, and what takes long."""

import pytest

from bot.library.app import App
from tests.scenarios.lookup.conftest import LATE
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.fake_people import Person
from tests.support.discord.fake_rooms import EPHEMERAL
from tests.support.discord.wire import HERE, PAPERS, connected, eventually, judged
from tests.support.discord.world import World, answered, texts, texts_of
from tests.support.lookup.bodies import TITLE
from tests.support.lookup.kinds import EACH, KINDS, SAYS_NONE, TROUBLES, Kind, in_trouble, late, script, script_missing
from tests.support.sources.world import ReplayServer, Reply

ARXIV = KINDS["arXiv link"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_a_paper_is_shown_however_it_is_named(world: World, server: ReplayServer, kind: Kind) -> None:
    script(server, kind)
    result = await world.ben.slash(world.papers, "papers show", paper=kind.typed)
    assert TITLE in texts(answered(result))
    await world.ben.click(answered(result), label="Save")
    assert await world.feedback_of(world.ben) == [(kind.paper_id, "save")]


async def test_the_menu_of_a_message_saves_a_paper_that_was_not_here(world: World, server: ReplayServer) -> None:
    script(server, ARXIV)
    message = await world.ana.send(world.papers, f"look at <{ARXIV.typed}>!")
    result = await world.ben.context_menu(world.papers, "Save paper", message)
    assert f"Saved **{TITLE}**" in texts(result.response)
    assert await world.feedback_of(world.ben) == [(ARXIV.paper_id, "save")]


async def test_a_service_that_fails_is_told_to_the_person_alone(world: World, server: ReplayServer) -> None:
    server.script("/arxiv_api", Reply(status=503))
    result = await world.ben.slash(world.papers, "papers show", paper=ARXIV.typed)
    assert result.response is None, "nothing stays where everybody sees it"
    assert [message.ephemeral for message in result.followups] == [True]
    assert "arXiv could not be asked for 2601.90001: 503 Service Unavailable" in texts(result.followups[0])


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_trouble_of_any_service_is_taken_for_an_answer(
    world: World, app: App, server: ReplayServer, trouble: str
) -> None:
    for name, kind in in_trouble(trouble).items():
        script(server, kind, TROUBLES[trouble])
        result = await world.ben.slash(world.papers, "papers show", paper=kind.typed)
        assert result.response is None, name
        [told] = result.followups
        assert told.ephemeral, name
        assert "could not be asked for" in texts(told), name
    assert await app.store.count_papers() == 200


async def test_that_there_is_no_such_paper_is_told_to_the_person_alone(world: World, server: ReplayServer) -> None:
    for name, kind in EACH.items():
        script_missing(server, kind)
        result = await world.ben.slash(world.papers, "papers show", paper=kind.typed)
        assert result.response is None, name
        [told] = result.followups
        assert told.ephemeral, name
        assert SAYS_NONE.search(texts(told)), name


async def test_a_reaction_to_a_watched_link_saves_a_paper_that_was_not_here(
    discord: FakeDiscord, app: App, server: ReplayServer
) -> None:
    script(server, ARXIV)
    ana = Person(discord, 300, "ana")
    await app.store.watch(HERE.key, on=True)
    async with connected(discord, app, discord_linked_papers=True):
        linked = await ana.say(PAPERS, f"<{ARXIV.typed}>")
        await ana.react(linked, "\U0001f516")

        async def is_saved() -> bool:
            return await judged(app, ana) == [(ARXIV.paper_id, "save")]

        await eventually(is_saved)


class TestLate:
    """A service that takes longer than somebody waits."""

    @pytest.fixture
    def patience(self) -> float:
        return LATE

    @pytest.mark.parametrize("command", ["show", "save"])
    async def test_the_wait_is_told_and_the_answer_takes_its_place(
        self, discord: FakeDiscord, app: App, server: ReplayServer, command: str
    ) -> None:
        script(server, ARXIV, late)
        async with connected(discord, app):
            asked = await Person(discord, 300, "ana").slash(PAPERS, command, paper=ARXIV.typed)
            assert "it is being fetched from arXiv. The answer follows here." in texts_of(asked.original)
            server.gate.set()
            await discord.until(lambda: TITLE in texts_of(asked.original))
        assert "being fetched" not in texts_of(asked.original)
        assert asked.followups == []

    async def test_the_bot_stops_once_it_has_answered(
        self, discord: FakeDiscord, app: App, server: ReplayServer
    ) -> None:
        script(server, ARXIV, late)
        async with connected(discord, app):
            asked = await Person(discord, 300, "ana").slash(PAPERS, "show", paper=ARXIV.typed)
            server.gate.set()
        assert TITLE in texts_of(asked.original)

    async def test_what_fails_after_a_wait_is_told_to_the_person_alone(
        self, discord: FakeDiscord, app: App, server: ReplayServer
    ) -> None:
        server.script("/arxiv_api", Reply("<html>", fault="late"))
        async with connected(discord, app):
            asked = await Person(discord, 300, "ana").slash(PAPERS, "show", paper=ARXIV.typed)
            server.gate.set()
            await discord.until(lambda: asked.followups and asked.original is None)
        assert "arXiv could not be asked for 2601.90001" in texts_of(asked.followups[0])
        assert asked.followups[0]["flags"] & EPHEMERAL
