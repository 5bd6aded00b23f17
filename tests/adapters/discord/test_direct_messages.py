"""Direct messages, where they are open."""

import pytest
from structlog.testing import capture_logs

from adapters.discord.direct_messages import send_direct
from adapters.discord.escape import as_code
from bot.domain.messages import Message, code, text
from tests.support.discord.world import World, texts

TOLD = Message(title="Your daily post", body=(text("Stop it with ", code("/papers digest me off"), "."),))


async def test_a_direct_message_reaches_the_person_alone(world: World) -> None:
    assert await send_direct(world.client, world.ben.id, TOLD, as_code)
    [sent] = world.ben.user.dm_channel.history()
    assert texts(sent) == "## Your daily post\nStop it with `/papers digest me off`."
    assert world.papers.history(viewer=world.ben) == []


async def test_commands_in_it_are_written_so_that_they_can_be_pressed(world: World) -> None:
    assert await send_direct(world.client, world.ben.id, TOLD, lambda typed: f"<{typed}:1>")
    [sent] = world.ben.user.dm_channel.history()
    assert "Stop it with </papers digest me off:1>." in texts(sent)


@pytest.mark.parametrize(("method", "path"), [("POST", "/users/@me/channels"), ("POST", "/channels/*/messages")])
async def test_closed_direct_messages_are_told_and_raise_nothing(world: World, method: str, path: str) -> None:
    world.env.inject_error(method, path, status=403)
    with capture_logs() as logged:
        assert not await send_direct(world.client, world.ben.id, TOLD, as_code)
    assert [entry["event"] for entry in logged] == ["a direct message did not go out"]
