"""People in the small Discord: they send the interactions and reactions that real clients cause."""

from typing import Any

from adapters.discord.command_names import root_of
from bot.commands import registry
from tests.support.discord.fake_discord import APPLICATION, BOT, OWNER, Asked, FakeDiscord, Json, user
from tests.support.discord.limits import walk

GUILD = "1"
MANAGE_GUILD, ADMINISTRATOR, EVERYTHING = 1 << 5, 1 << 3, (1 << 53) - 1
TEXT, NEWS, FORUM = 0, 5, 15
COMMAND, COMPONENT, FORM = 2, 3, 5


def channel(channel_id: str, name: str, kind: int = TEXT) -> Json:
    """A channel, as the gateway describes it."""
    about = {"id": channel_id, "type": kind, "name": name, "position": 0, "permission_overwrites": [], "topic": None}
    return {**about, "guild_id": GUILD, "nsfw": False, "parent_id": None, "last_message_id": None, "flags": 0}


def forum(channel_id: str, name: str, *tags: str) -> Json:
    """A forum, in which every post needs one of its tags."""
    known = [{"id": f"{channel_id}{n}", "name": tag, "moderated": False} for n, tag in enumerate(tags)]
    emoji = {"emoji_id": None, "emoji_name": None}
    about = {"available_tags": [{**tag, **emoji} for tag in known], "default_reaction_emoji": None}
    return {**channel(channel_id, name, FORUM), **about, "flags": 1 << 4, "default_forum_layout": 0}


def guild(channels: list[Json]) -> Json:
    """The server, as the gateway describes it: all that `guilds` lets a bot see."""
    everyone = {
        "id": GUILD,
        "name": "@everyone",
        "permissions": str(EVERYTHING & ~ADMINISTRATOR),
        "position": 0,
        "color": 0,
    }
    role = {**everyone, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
    own: Json = {"user": user(BOT, "paperboy", bot=True), "roles": [], "joined_at": None, "deaf": False, "mute": False}
    about = {"id": GUILD, "name": "A lab", "owner_id": OWNER, "icon": None, "splash": None, "description": None}
    numbers = {
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "nsfw_level": 0,
    }
    more = {"mfa_level": 0, "premium_tier": 0, "system_channel_flags": 0, "afk_timeout": 0, "preferred_locale": "en-US"}
    empty: dict[str, list[Json]] = {name: [] for name in ("emojis", "stickers", "features", "threads", "presences")}
    lists: dict[str, list[Json]] = {
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
    nothing = dict.fromkeys(("afk_channel_id", "system_channel_id", "rules_channel_id", "banner"))
    state = {
        "member_count": 12,
        "large": False,
        "unavailable": False,
        "roles": [role],
        "members": [{**own, "flags": 0}],
    }
    return {**about, **numbers, **more, **empty, **lists, **nothing, **state, "channels": channels}


class Person:
    """Somebody in the server."""

    def __init__(self, discord: FakeDiscord, number: int, name: str, *, admin: bool = False) -> None:
        self.user = user(str(number), name)
        self._discord = discord
        self._permissions = EVERYTHING if admin else EVERYTHING & ~(MANAGE_GUILD | ADMINISTRATOR)

    @property
    def id(self) -> str:
        return str(self.user["id"])

    async def slash(self, where: str, name: str, **options: Any) -> Asked:
        """Use a command of ours by its name, and wait for its answer."""
        typed = [
            {"name": key, "value": value, "type": 4 if isinstance(value, int) else 3} for key, value in options.items()
        ]
        inside: Json = {"options": typed}
        for depth, word in enumerate(reversed(name.split())):
            inside = {"options": [{"name": word, "type": 1 if depth == 0 else 2, **inside}]}
        return await self._ask(where, COMMAND, {"id": "5", "name": root_of(registry[name]), "type": 1, **inside})

    async def press(self, message: Json, label: str, number: int = 0) -> Asked:
        """Press the button with a label (the first, unless a number says otherwise)."""
        parts = walk(message["components"])
        ids = [part["custom_id"] for part in parts if part.get("label") == label and "custom_id" in part]
        return await self._ask(
            message["channel_id"], COMPONENT, {"custom_id": ids[number], "component_type": 2}, message
        )

    async def choose(self, message: Json, custom_id: str, value: str) -> Asked:
        """Choose a value of a select, or a channel by its id."""
        data: Json = {"custom_id": custom_id, "component_type": 3, "values": [value]}
        if custom_id == "setup:channel":
            about = {**self._discord.channels[value], "permissions": str(EVERYTHING)}
            data = {**data, "component_type": 8, "resolved": {"channels": {value: about}}}
        return await self._ask(message["channel_id"], COMPONENT, data, message)

    async def fill_in(self, form: Asked, message: Json, **values: str) -> Asked:
        """Fill in a form that was shown."""
        assert form.modal
        fields = [
            {"type": 18, "component": {"type": 4, "custom_id": key, "value": value}} for key, value in values.items()
        ]
        return await self._ask(
            form.channel, FORM, {"custom_id": form.modal["custom_id"], "components": fields}, message
        )

    async def say(self, where: str, content: str) -> Json:
        """Write a message."""
        message = self._discord.message(where, {"content": content}, author=self.user)
        member = {key: value for key, value in self._member().items() if key != "user"}
        await self._discord.gateway.send("MESSAGE_CREATE", {**message, "guild_id": GUILD, "member": member})
        return message

    async def react(self, message: Json, emoji: str, *, off: bool = False) -> None:
        """Put an emoji on a message, or take it off."""
        about = {
            "user_id": self.id,
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "guild_id": GUILD,
        }
        event = {**about, "emoji": {"id": None, "name": emoji}, "type": 0, "burst": False}
        member = {} if off else {"member": self._member(), "message_author_id": message["author"]["id"]}
        await self._discord.gateway.send(
            "MESSAGE_REACTION_REMOVE" if off else "MESSAGE_REACTION_ADD", {**event, **member}
        )

    def _member(self) -> Json:
        about = {"user": self.user, "roles": [], "joined_at": "2025-01-01T00:00:00+00:00", "deaf": False, "mute": False}
        return {**about, "flags": 0, "nick": None, "avatar": None, "permissions": str(self._permissions)}

    async def _ask(self, where: str, kind: int, data: Json, message: Json | None = None) -> Asked:
        asked = self.send(where, kind, data, message)
        await self._discord.gateway.send("INTERACTION_CREATE", asked[1])
        await self._discord.until(lambda: _is_answered(asked[0], kind))
        return asked[0]

    def send(self, where: str, kind: int, data: Json, message: Json | None = None) -> tuple[Asked, Json]:
        """An interaction and its payload."""
        number = self._discord.new_id()
        asked = Asked(number, where, self.user, under=message["id"] if message else "")
        self._discord.interactions[f"token-{number}"] = asked
        about = {"id": number, "application_id": APPLICATION, "type": kind, "token": f"token-{number}", "version": 1}
        place = {"guild_id": GUILD, "channel_id": where, "channel": self._discord.channels[where]}
        who = {"member": self._member(), "locale": "en-US", "guild_locale": "en-US", "app_permissions": str(EVERYTHING)}
        more = {"entitlements": [], "authorizing_integration_owners": {"0": GUILD}, "context": 0}
        under = {"message": message} if message else {}
        return asked, {**about, **place, **who, **more, **under, "data": data, "attachment_size_limit": 10_485_760}


def _is_answered(asked: Asked, kind: int) -> bool:
    """Whether the bot has said all it says: a form, an answer in place of the waiting, or one for the person alone."""
    if asked.modal:
        return True
    if asked.followups:
        return asked.original is None or asked.callback == 6
    return asked.edits > 0 and not _is_placeholder(asked)


def _is_placeholder(asked: Asked) -> bool:
    shown = [part.get("content") for part in walk((asked.original or {}).get("components", []))]
    return [words for words in shown if words] == ["…"]
