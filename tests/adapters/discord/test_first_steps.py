"""The first set-up of Discord."""

import pytest

from adapters.discord.first_steps import DiscordSteps
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import Message, code, text
from bot.errors import UserError
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.wire import ANNOUNCED, PAPERS
from tests.support.discord.world import texts_of

SETTINGS = Settings(_env_file=None, DISCORD_TOKEN="a.token.here")
HELLO = Message(title="Hello", body=(text("Try ", code("/papers digest setup"), "."),))


@pytest.fixture
def steps() -> DiscordSteps:
    return DiscordSteps(registry)


async def test_a_token_that_works_names_the_bot(fake: FakeDiscord, steps: DiscordSteps) -> None:
    [question] = steps.questions(SETTINGS)
    assert question.secret
    assert await steps.check(question.setting, SETTINGS) == "Discord knows the bot as Paperboy."


async def test_a_token_that_does_not_is_named_with_where_to_get_it(fake: FakeDiscord, steps: DiscordSteps) -> None:
    fake.fail("GET", "/users/@me", 401)
    with pytest.raises(UserError, match=r"does not accept DISCORD_TOKEN; reset it in Discord's developer portal"):
        await steps.check("DISCORD_TOKEN", SETTINGS)


async def test_the_commands_are_registered_and_the_invitation_is_given(fake: FakeDiscord, steps: DiscordSteps) -> None:
    registered, invite = await steps.arrive(SETTINGS)
    assert registered == "Registered /papers, /papers-admin."
    assert [each["name"] for each in fake.commands][:2] == ["papers", "papers-admin"]
    assert "https://discord.com/oauth2/authorize?client_id=100&" in invite


async def test_the_text_channels_of_its_servers_can_be_written_to(fake: FakeDiscord, steps: DiscordSteps) -> None:
    assert [(each.channel, each.name) for each in await steps.places(SETTINGS)] == [
        (PAPERS, "#papers in A lab"),
        (ANNOUNCED, "#news in A lab"),
    ]
    fake.guilds.clear()
    assert await steps.places(SETTINGS) == []


async def test_a_test_message_names_commands_as_they_are_called(fake: FakeDiscord, steps: DiscordSteps) -> None:
    await steps.greet(PAPERS, HELLO, SETTINGS)
    assert "`/papers-admin digest setup" in texts_of(fake.messages[PAPERS][-1])
    await steps.arrive(SETTINGS)
    await steps.greet(PAPERS, HELLO, SETTINGS)
    assert "</papers-admin digest setup:" in texts_of(fake.messages[PAPERS][-1])


@pytest.mark.parametrize("channel", ["99", "#papers", ""])
async def test_a_channel_there_is_not_is_a_sentence(fake: FakeDiscord, steps: DiscordSteps, channel: str) -> None:
    with pytest.raises(UserError, match=r"the channel is gone, or|is not the id of a channel"):
        await steps.greet(channel, HELLO, SETTINGS)
    assert not any(fake.messages.values())
