"""What forms hold: how mails are to come, and what is followed."""

from collections.abc import Mapping, Sequence
from datetime import time
from functools import cache
from typing import Any, TypedDict
from zoneinfo import available_timezones

from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import Destination, Scope
from bot.domain.messages import Choice
from bot.domain.people import Topic
from bot.domain.post_settings import SCOPES, describe_days
from bot.domain.when import days_value, parse_days, parse_time
from bot.domain.zones import parse_zone, zone_name
from bot.errors import UserError
from bot.library.topics import read_topic
from bot.ports import PlaceStore

_DAYS = {
    "daily": "Every day",
    "weekdays": "Monday to Friday",
    **{name[:3].lower(): f"Once a week, on {name}" for name in WEEKDAYS},
}
_TOPICS = 50
"""Topics of one person's form."""

SUBSCRIBE_SCRIPT = (
    "const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, list = document.getElementById('timezone');"
    "if ([...list.options].some(each => each.value === zone)) list.value = zone;"
)
"""Proposes the browser's time zone."""


class MailSettings(TypedDict):
    """How mails are to come."""

    at: time
    timezone: str
    days: frozenset[int]
    count: int


def mail_settings(typed: Mapping[str, str]) -> MailSettings:
    """How mails are to come, from a form. Raises UserError, saying what is wrong with it."""
    count = typed.get("count", "")
    if not count.isascii() or not count.isdigit() or not 1 <= int(count[:3]) <= 10:
        raise UserError("A mail has from 1 to 10 papers.")
    return MailSettings(
        at=parse_time(typed.get("at", "")),
        timezone=parse_zone(typed.get("timezone", "")),
        days=parse_days(typed.get("days", "")),
        count=int(count),
    )


def read_scope(typed: Mapping[str, str], before: Scope) -> Scope:
    """What mails are to hold where topics are followed, from a form; as before where it does not say."""
    return next((scope for scope in Scope if scope.value == typed.get("scope")), before)


def scope_choices(chosen: Scope) -> list[Choice]:
    """What a form offers for the scope."""
    return [Choice(name, scope.value, selected=scope is chosen) for scope, name in SCOPES.items()]


def setting_fields(destination: Destination, typed: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form as they are set, or as somebody typed them."""
    chosen = typed.get("days") or days_value(destination.days)
    days = _DAYS if chosen in _DAYS else {chosen: describe_days(destination.days), **_DAYS}
    zone = typed.get("timezone") or zone_name(destination.timezone)
    count = typed.get("count", "")
    return {
        "days": [Choice(label, value, selected=value == chosen) for value, label in days.items()],
        "at": typed.get("at") or f"{destination.at:%H:%M}",
        "timezone": zone,
        "zones": _zones() if zone in _zones() else [zone, *_zones()],
        "count": int(count) if count.isascii() and count.isdigit() and len(count) < 3 else destination.count,
    }


@cache
def _zones() -> list[str]:
    """Time zones that people know by a place."""
    return ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))]


def topics_text(followed: Sequence[Topic]) -> str:
    """Topics as lines; those not wanted begin with a dash."""
    return "\n".join(topic.typed if topic.wanted else f"-{topic.typed}" for topic in followed)


async def set_topics(store: PlaceStore, owner: str, typed: str) -> None:
    """Make what is followed what was typed, a line each. Raises UserError for a line that cannot be understood."""
    wanted = _topics(typed)
    for topic in await store.topics(owner):
        if topic.typed.casefold() not in {each.typed.casefold() for each in wanted}:
            await store.unfollow(owner, topic.text)
    for topic in wanted:
        await store.follow(owner, topic)


def _topics(typed: str) -> list[Topic]:
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    topics = [read_topic(line.removeprefix("-"), wanted=not line.startswith("-")) for line in lines if line]
    if len(topics) > _TOPICS:
        raise UserError(f"That is more than {_TOPICS} topics.")
    return topics
