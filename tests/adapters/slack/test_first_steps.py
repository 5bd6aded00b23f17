"""The first set-up of Slack."""

import json

import pytest

from adapters.slack.client import Api
from adapters.slack.first_steps import SlackSteps
from adapters.slack.manifest import manifest
from bot.commands import registry
from bot.config import Settings
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


def of_many(fake: FakeSlack, **changed: str) -> Settings:
    """An app for many workspaces, all of it right."""
    right = {"SLACK_CLIENT_ID": "12.34", "SLACK_CLIENT_SECRET": "client-hidden", "SLACK_SIGNING_SECRET": "5eed" * 8}
    named = {"public_url": "https://papers.example.org", "slack_api_url": fake.url, **right, **changed}
    return Settings.model_validate(named)


async def test_an_app_for_many_workspaces_is_asked_for_by_its_client_id(fake: FakeSlack, steps: SlackSteps) -> None:
    asked = {each.setting: each for each in steps.questions(of_many(fake))}
    assert asked["SLACK_CLIENT_ID"].may_be_empty
    credentials = ["SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "PAPERBOY_PUBLIC_URL"]
    assert [asked[name].if_set for name in credentials] == ["SLACK_CLIENT_ID"] * 3
    assert [asked[name].unless_set for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")] == ["SLACK_CLIENT_ID"] * 2
    assert not steps.greets(of_many(fake))
    assert steps.greets(socket_settings(fake))


async def test_an_app_for_many_workspaces_gets_a_key_and_is_told_where_to_install_it(
    fake: FakeSlack, steps: SlackSteps
) -> None:
    assert len(steps.made(of_many(fake))["PAPERBOY_TOKEN_KEYS"]) == 44
    assert steps.made(http_settings(fake, KEY)) == {}
    assert steps.made(socket_settings(fake)) == {}
    [_, told] = await steps.arrive(of_many(fake))
    assert told.endswith("adds it at: https://papers.example.org/slack/install")
    assert await steps.arrive(socket_settings(fake)) == []


async def test_slack_tells_whether_it_knows_the_app(fake: FakeSlack, steps: SlackSteps) -> None:
    settings = of_many(fake)
    assert await steps.check("SLACK_CLIENT_SECRET", settings) == "Slack knows the app."
    assert [method for method, _ in fake.calls] == ["oauth.v2.access"]
    for setting in ("SLACK_CLIENT_ID", "SLACK_SIGNING_SECRET", "PAPERBOY_PUBLIC_URL"):
        assert await steps.check(setting, settings) == ""
    assert await steps.check("SLACK_CLIENT_ID", socket_settings(fake)) == ""
    fake.fail("oauth.v2.access", Fault(error="bad_client_secret"), Fault(drop=True))
    for reason in ("Slack says bad_client_secret; it is under Basic Information", "The connection broke"):
        with pytest.raises(UserError, match=f"SLACK_CLIENT_ID or SLACK_CLIENT_SECRET does not work: {reason}"):
            await steps.check("SLACK_CLIENT_SECRET", settings)


@pytest.mark.parametrize(
    ("setting", "name", "wrong", "told"),
    [
        ("SLACK_CLIENT_ID", "SLACK_CLIENT_ID", "A0123ABC", "two numbers with a dot"),
        ("SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET", "xoxb-hidden", "32 digits and letters"),
        ("PAPERBOY_PUBLIC_URL", "public_url", "http://papers.example.org", "an https address that leads to Paperboy"),
    ],
)
async def test_what_cannot_be_right_is_noticed_without_asking(
    fake: FakeSlack, steps: SlackSteps, setting: str, name: str, wrong: str, told: str
) -> None:
    with pytest.raises(UserError, match=f"{setting}.*{told}"):
        await steps.check(setting, of_many(fake, **{name: wrong}))
    assert fake.calls == []


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
