"""Who asks and where, as Slack's payloads tell it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, web_client
from adapters.slack.requester import Profiles, Requester, moment, requester_of
from bot.domain.people import Account
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.sources.world import FakeClock
from tests.support.waits import Waits

COMMAND = {
    "user_id": "U1",
    "user_name": "ana",
    "channel_id": "C1",
    "channel_name": "papers",
    "response_url": "https://example.org/answer",
    "trigger_id": "t1",
}
PRESS = {"user": {"id": "U1", "username": "ana", "team_id": "T1"}, "channel": {"id": "C1", "name": "papers"}}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 7, 12, tzinfo=UTC))


@pytest.fixture
def profiles(waits: Waits, clock: FakeClock) -> Profiles:
    return Profiles(Api(waits), clock)


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    return web_client("xoxb-T1", url=fake.url)


def lookups(fake: FakeSlack) -> int:
    """How often Slack was asked about a user."""
    return [method for method, _ in fake.calls].count("users.info")


@pytest.mark.parametrize("body", [COMMAND, PRESS])
async def test_a_command_and_a_press_tell_the_same_person_and_place(
    client: AsyncWebClient, profiles: Profiles, body: dict[str, Any]
) -> None:
    who = await requester_of(body, client, "T1", profiles)
    assert who.account == Account("slack", "T1/U1", "ana")
    assert (who.place.key, who.place.name, who.place.private) == ("slack:T1:C1", "#papers", False)
    assert (who.user, who.channel) == ("U1", "C1")


@pytest.mark.parametrize(("told", "channel"), [({}, ""), ({"channel": {"id": "D7", "name": "directmessage"}}, "D7")])
async def test_the_home_tab_and_a_direct_talk_are_the_same_private_place(
    client: AsyncWebClient, profiles: Profiles, told: dict[str, Any], channel: str
) -> None:
    who = await requester_of({"user": {"id": "U1"}, **told}, client, "T1", profiles)
    assert (who.place.key, who.place.private, who.channel) == ("slack:T1:@U1", True, channel)


@pytest.mark.parametrize(
    ("told", "belongs"),
    [({"is_ext_shared_channel": True}, "T9/U1"), ({"enterprise": {"id": "E1"}}, "T9/U1"), ({}, "T1/U1")],
)
async def test_where_workspaces_meet_slack_is_asked_where_somebody_belongs(
    client: AsyncWebClient, profiles: Profiles, fake: FakeSlack, told: dict[str, Any], belongs: str
) -> None:
    fake.users["U1"] = {"team_id": "T9"}
    for _ in range(2):
        who = await requester_of({**COMMAND, **told}, client, "T1", profiles)
        assert who.account == Account("slack", belongs, "ana")
    assert lookups(fake) == (1 if told else 0)


@pytest.mark.parametrize(
    ("user", "manages"),
    [
        ({"is_admin": True}, True),
        ({"is_owner": True, "team_id": "T1"}, True),
        ({}, False),
        ({"is_admin": True, "team_id": "T9"}, False),
        ({"is_admin": True, "is_stranger": True}, False),
        ({"is_admin": True, "team_id": "T9", "enterprise_user": {"teams": ["T1", "T9"]}}, True),
    ],
)
async def test_a_channel_is_managed_by_admins_and_owners_of_its_own_workspace(
    client: AsyncWebClient, profiles: Profiles, fake: FakeSlack, user: dict[str, Any], manages: bool
) -> None:
    fake.users["U1"] = user
    assert await profiles.manages(await requester_of(COMMAND, client, "T1", profiles)) is manages


async def test_a_profile_is_remembered_for_a_minute_and_a_failure_is_not(
    client: AsyncWebClient, profiles: Profiles, fake: FakeSlack, clock: FakeClock
) -> None:
    who = await requester_of(COMMAND, client, "T1", profiles)
    fake.users["U1"] = {"profile": {"display_name": "", "real_name": "Ana B"}}
    fake.fail("users.info", Fault(error="user_not_found"))
    assert (await profiles.profile(who)).name == ""
    assert (await profiles.profile(who)).name == "Ana B"
    await clock.sleep(59)
    await profiles.profile(who)
    assert lookups(fake) == 2
    await clock.sleep(2)
    await profiles.profile(who)
    assert lookups(fake) == 3


async def test_secrets_of_a_request_are_not_in_its_text(client: AsyncWebClient, profiles: Profiles) -> None:
    who: Requester = await requester_of(COMMAND, client, "T1", profiles)
    assert (who.response_url, who.trigger) == ("https://example.org/answer", "t1")
    assert not [secret for secret in ("example.org", "t1'", "AsyncWebClient") if secret in repr(who)]


def test_moments_are_exact_to_the_microsecond() -> None:
    assert moment("1355517523.000005") == datetime(2012, 12, 14, 20, 38, 43, 5, tzinfo=UTC)
    assert moment("1355517523.1") == datetime(2012, 12, 14, 20, 38, 43, 100_000, tzinfo=UTC)
    assert moment("1355517523") == datetime(2012, 12, 14, 20, 38, 43, tzinfo=UTC)
