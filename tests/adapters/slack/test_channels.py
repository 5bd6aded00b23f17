"""Whether Paperboy is in a channel."""

import pytest

from adapters.slack.platform import SlackPlatform
from bot.domain.messages import Message, text
from bot.domain.people import Place
from bot.errors import RefusedError
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault

HELLO = Message(title="Hello", body=(text("there"),))


async def test_a_public_channel_is_joined_to_post_there(platform: SlackPlatform, fake: FakeSlack) -> None:
    channel = fake.add(Channel("C2", is_member=False))
    await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")
    assert channel.is_member
    assert len(channel.messages) == 1


async def test_a_channel_that_cannot_be_joined_is_refused(platform: SlackPlatform, fake: FakeSlack) -> None:
    fake.add(Channel("C2", is_member=False))
    fake.fail("conversations.join", Fault(error="method_not_supported_for_channel_type"))
    with pytest.raises(RefusedError):
        await platform.send(Place("slack", "T1", "C2"), HELLO, nonce="n")
