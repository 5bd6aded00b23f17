"""The first set-up of Slack."""

import json

import pytest

from adapters.slack.client import Api
from adapters.slack.first_steps import SlackSteps
from adapters.slack.manifest import manifest
from bot.commands import registry
from bot.domain.messages import Message, text
from bot.errors import UserError
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import http_settings, socket_settings
from tests.support.slack.world import KEY
from tests.support.waits import Waits

HELLO = Message(title="Hello", body=(text("I am here."),))


@pytest.fixture
def steps(waits: Waits) -> SlackSteps:
    return SlackSteps(registry, Api(waits))


async def test_both_tokens_are_asked_for_after_the_manifest(fake: FakeSlack, steps: SlackSteps) -> None:
    bot, app = steps.questions(socket_settings(fake))
    assert (bot.setting, app.setting) == ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    assert bot.secret
    assert app.secret
    assert json.loads(bot.paste) == manifest(registry)


async def test_where_there_are_many_workspaces_nothing_is_asked(fake: FakeSlack, steps: SlackSteps) -> None:
    assert not steps.questions(http_settings(fake, KEY))
    assert await steps.places(http_settings(fake, KEY)) == []


async def test_tokens_that_work_name_the_workspace(fake: FakeSlack, steps: SlackSteps) -> None:
    settings = socket_settings(fake)
    assert await steps.check("SLACK_BOT_TOKEN", settings) == "Slack knows the bot as paperboy in T1."
    assert await steps.check("SLACK_APP_TOKEN", settings) == "Slack opens the connection."


@pytest.mark.parametrize(
    ("setting", "method", "where"),
    [
        ("SLACK_BOT_TOKEN", "auth.test", "under Install App"),
        ("SLACK_APP_TOKEN", "apps.connections.open", "under Basic Information"),
    ],
)
async def test_a_wrong_token_is_named_with_where_to_get_it(
    fake: FakeSlack, steps: SlackSteps, setting: str, method: str, where: str
) -> None:
    fake.fail(method, Fault(error="invalid_auth"))
    with pytest.raises(UserError, match=f"{setting} does not work.*{where}"):
        await steps.check(setting, socket_settings(fake))


async def test_a_token_in_the_place_of_the_other_is_noticed_without_asking(fake: FakeSlack, steps: SlackSteps) -> None:
    with pytest.raises(UserError, match="SLACK_BOT_TOKEN begins with xoxb-"):
        await steps.check("SLACK_BOT_TOKEN", socket_settings(fake, bot_token="xapp-1"))
    assert fake.calls == []


async def test_channels_are_listed_those_it_is_in_first(fake: FakeSlack, steps: SlackSteps) -> None:
    fake.add(Channel("C2", is_member=False))
    fake.add(Channel("C3", is_archived=True))
    fake.add(Channel("C4"))
    assert [(each.channel, each.name) for each in await steps.places(socket_settings(fake))] == [
        ("C1", "#c1"),
        ("C4", "#c4"),
        ("C2", "#c2"),
    ]
    fake.fail("conversations.list", Fault(error="missing_scope", needed="channels:read"))
    with pytest.raises(UserError, match="channels:read"):
        await steps.places(socket_settings(fake))


async def test_a_test_message_joins_a_public_channel(fake: FakeSlack, steps: SlackSteps) -> None:
    channel = fake.add(Channel("C2", is_member=False))
    await steps.greet("C2", HELLO, socket_settings(fake))
    assert ["Hello" in json.dumps(each) for each in channel.messages.values()] == [True]


async def test_a_channel_there_is_not_is_a_sentence(fake: FakeSlack, steps: SlackSteps) -> None:
    with pytest.raises(UserError, match="there is no such channel"):
        await steps.greet("C9", HELLO, socket_settings(fake))
