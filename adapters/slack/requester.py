"""Who asks, and where: read from whatever Slack sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.client import Api
from bot.domain.people import Account, Place, private_talk
from bot.errors import DeliveryError
from bot.ports import Clock

log = structlog.get_logger()

Body = Mapping[str, Any]

_REMEMBERED = timedelta(minutes=1)
_MOST_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Requester:
    """A person in a place, and the client to answer them with. `user` is their id within the workspace."""

    user: str
    account: Account
    place: Place
    client: AsyncWebClient = field(repr=False)
    channel: str = ""
    """The channel's own id, where `place` may stand for a direct talk; empty for what comes from no channel."""
    response_url: str = field(default="", repr=False)
    trigger: str = field(default="", repr=False)


async def requester_of(body: Body, client: AsyncWebClient, team: str, profiles: "Profiles") -> Requester:
    """Who sent a command, pressed a button, used a shortcut or sent a modal, and where; `team` is where we act.

    What comes from no channel (the home tab, a global shortcut) is said in private.
    """
    person, channel = body.get("user") or {}, body.get("channel") or {}
    user = str(body.get("user_id") or person.get("id") or "")
    name = str(body.get("user_name") or person.get("username") or person.get("name") or "")
    channel_id = str(body.get("channel_id") or channel.get("id") or "")
    channel_name = str(body.get("channel_name") or channel.get("name") or "")
    return Requester(
        user=user,
        account=await profiles.account(body, client, team, user, name),
        place=place(team, channel_id, user, channel_name),
        client=client,
        channel=channel_id,
        response_url=str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
    )


def account(team: str, user: str, name: str = "") -> Account:
    """A member of a workspace; ids of users are unique within it alone."""
    return Account(PLATFORM, f"{team}/{user}", name)


def place(team: str, channel: str, user: str, name: str = "") -> Place:
    """A channel, or the private talk with a person, wherever they are."""
    if not channel or channel.startswith("D"):
        return replace(private_talk(account(team, user)), name="direct message")
    return Place(PLATFORM, team, channel, f"#{name}" if name else "", private=False)


@dataclass(frozen=True, slots=True)
class UserProfile:
    """What Slack tells of a user: `team` is the workspace they belong to, as far as it is known."""

    manages: bool = False
    timezone: str = ""
    name: str = ""
    team: str = ""


class Profiles:
    """Who manages a workspace, and where people's clocks are; asked of Slack and remembered for a minute."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, UserProfile]] = {}
        self._home_teams: dict[tuple[str, str], str] = {}

    async def manages(self, who: Requester) -> bool:
        """Whether somebody may change the daily post: an admin or owner may, and anybody in their own talk."""
        return who.place.private or (await self.profile(who)).manages

    async def profile(self, who: Requester) -> UserProfile:
        """What Slack tells of somebody; nothing when it does not answer, so that nobody gains by that."""
        return await self._profile(who.client, who.place.workspace, who.user)

    async def name(self, client: AsyncWebClient, team: str, user: str) -> str:
        """What others in a workspace call somebody; empty when Slack does not tell."""
        return (await self._profile(client, team, user)).name

    async def account(self, body: Body, client: AsyncWebClient, team: str, user: str, name: str = "") -> Account:
        """Somebody by their user id and the workspace they belong to, wherever they act.

        Slack is asked where they belong when several workspaces share the channel or the app; else they belong to
        the one that is named with them, or to where we act.
        """
        person = body.get("user")
        named = str(person.get("team_id") or "") if isinstance(person, Mapping) else ""
        if _is_shared(body):
            home = await self._home_team(client, team, user)
            return account(home or named or team, user, name)
        return account(named or team, user, name)

    async def _home_team(self, client: AsyncWebClient, team: str, user: str) -> str:
        """The workspace somebody belongs to, which never changes; empty when Slack does not tell."""
        if known := self._home_teams.get((team, user)):
            return known
        home = (await self._profile(client, team, user)).team
        if home:
            if len(self._home_teams) >= _MOST_REMEMBERED:
                self._home_teams.clear()
            self._home_teams[team, user] = home
        return home

    async def _profile(self, client: AsyncWebClient, team: str, user: str) -> UserProfile:
        now = self._clock.now().timestamp()
        known = self._known.get((team, user))
        if known and known[0] > now:
            return known[1]
        try:
            profile = _read_profile((await self._api.call(client.users_info, user=user))["user"], team)
        except DeliveryError as error:
            log.warning("slack tells nothing of a user", reason=str(error))
            return UserProfile()
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[team, user] = (now + _REMEMBERED.total_seconds(), profile)
        return profile


def _read_profile(user: Mapping[str, Any], team: str) -> UserProfile:
    """A user as `users.info` tells of them, seen from a workspace; an admin of another one is none there."""
    home, shown = str(user.get("team_id") or ""), user.get("profile") or {}
    teams = {home or team, *((user.get("enterprise_user") or {}).get("teams") or ())}
    return UserProfile(
        manages=bool(user.get("is_admin") or user.get("is_owner")) and team in teams and not user.get("is_stranger"),
        timezone=str(user.get("tz") or ""),
        name=str(shown.get("display_name") or shown.get("real_name") or user.get("real_name") or ""),
        team=home if home.startswith("T") else "",
    )


def _is_shared(body: Body) -> bool:
    """Whether something comes from where people of several workspaces meet: Slack Connect, or an organisation."""
    installed = (body.get("authorizations") or [{}])[0]
    named = (body.get("enterprise"), body.get("enterprise_id"), installed.get("enterprise_id"))
    return bool(body.get("is_ext_shared_channel") or any(named))


def moment(timestamp: str) -> datetime:
    """`1355517523.000005` as a moment (UTC), to the microsecond: reactions are put in order by it."""
    seconds, _, fraction = timestamp.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(fraction[:6].ljust(6, "0")))
