"""The daily post of this channel: preview and settings."""

import re
from dataclasses import replace
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from bot.cards import cards, long_date
from bot.commands.account import change_topics, describe_topics
from bot.commands.call import Call, paragraphs, registry
from bot.destinations import EVERY_DAY, Destination, Layout, next_run
from bot.digest import Edition, compose
from bot.errors import UserError
from bot.messages import Message, strong, text
from bot.registry import Says

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK_NAMES = {"daily": EVERY_DAY, "weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}

Clock24 = Annotated[str, Says("Local time, e.g. 09:00.")]
Zone = Annotated[str, Says("Time zone, e.g. Europe/Berlin.", complete="timezones")]


@registry.command("digest preview", private=True)
async def preview(call: Call) -> Message:
    """Show what this channel's daily post would say now."""
    destination = await _destination(call)
    results = await call.library.front_page(destination.count)
    now = call.library.clock.now()
    edition = Edition(now.astimezone(ZoneInfo(destination.timezone)).date())
    return compose(edition, await cards(call.library, results, as_of=now))


@registry.command("digest on", admin=True)
async def on(call: Call, at: Clock24 = "", timezone: Zone = "") -> Message:
    """Post the day's trending papers to this channel, every day."""
    destination = replace(await _destination(call), enabled=True)
    destination = replace(destination, at=_time(at)) if at else destination
    destination = replace(destination, timezone=_zone(timezone)) if timezone else destination
    return await _set(call, destination)


@registry.command("digest off", admin=True)
async def off(call: Call) -> Message:
    """Stop the daily post to this channel; its settings are kept."""
    await call.library.store.save_destination(replace(await _destination(call), enabled=False))
    return Message(body=paragraphs("No more daily posts here. `/papers digest on` starts them again."))


@registry.command("digest time", admin=True)
async def set_time(call: Call, at: Clock24) -> Message:
    """Set the local time of the daily post."""
    return await _set(call, replace(await _destination(call), at=_time(at)))


@registry.command("digest days", admin=True)
async def set_days(
    call: Call, days: Annotated[str, Says("daily, weekdays, weekends, mon-fri or mon,wed,fri.", rest=True)]
) -> Message:
    """Set the days on which the post comes."""
    return await _set(call, replace(await _destination(call), days=parse_days(days)))


@registry.command("digest timezone", admin=True)
async def set_timezone(call: Call, timezone: Zone) -> Message:
    """Set the time zone the post's time is meant in."""
    return await _set(call, replace(await _destination(call), timezone=_zone(timezone)))


@registry.command("digest count", admin=True)
async def set_count(call: Call, count: Annotated[int, Says("How many papers.", minimum=1, maximum=10)]) -> Message:
    """Set how many papers a post brings."""
    return await _set(call, replace(await _destination(call), count=count))


@registry.command("digest layout", admin=True)
async def set_layout(
    call: Call, layout: Annotated[Literal["cards", "compact"], Says("A message per paper, or all in one.")]
) -> Message:
    """Set whether each paper gets a message of its own."""
    return await _set(call, replace(await _destination(call), layout=Layout(layout)))


@registry.command("digest topics", admin=True)
async def set_topics(
    call: Call,
    action: Annotated[Literal["show", "follow", "block", "remove"], Says("What to do with the topic.")] = "show",
    topic: Annotated[str, Says("Words or a query, e.g. diffusion cat:cs.CV.", rest=True)] = "",
) -> Message:
    """Show or change what this channel's post is about."""
    told = () if action == "show" else await change_topics(call, call.place.key, action, topic)
    followed = describe_topics(await call.library.store.topics(call.place.key))
    return Message(body=paragraphs(told, text(strong("This channel: "), followed or "everything that is trending")))


async def _destination(call: Call) -> Destination:
    """The settings of this channel's post; off until somebody switches it on."""
    return await call.library.store.destination(call.place.key) or Destination(place=call.place, enabled=False)


async def _set(call: Call, destination: Destination) -> Message:
    """Keep settings and say what will happen next."""
    await call.library.store.save_destination(destination)
    return Message(title="Daily post", body=paragraphs(describe(destination), _next(call, destination)))


def describe(destination: Destination) -> str:
    """`5 papers at 09:00 Europe/Berlin, Mon-Fri, a message for each.`"""
    papers = "1 paper" if destination.count == 1 else f"{destination.count} papers"
    layout = "a message for each" if destination.layout is Layout.CARDS else "all in one message"
    when = f"{destination.at:%H:%M} {destination.timezone}"
    return f"{papers} at {when}, {describe_days(destination.days)}, {layout}."


def _next(call: Call, destination: Destination) -> str:
    due = next_run(destination, call.library.clock.now())
    if not due:
        return "It is off; `/papers digest on` starts it."
    local = due.astimezone(ZoneInfo(destination.timezone))
    return f"Next: {_WEEKDAYS[local.weekday()].title()} {long_date(local.date())}, {local:%H:%M}."


def describe_days(days: frozenset[int]) -> str:
    """`every day`, `Mon-Fri` or `Mon, Wed`."""
    if days == EVERY_DAY:
        return "every day"
    names = [_WEEKDAYS[day].title() for day in sorted(days)]
    run = len(days) > 2 and max(days) - min(days) == len(days) - 1
    return f"{names[0]}-{names[-1]}" if run else ", ".join(names)


def parse_days(typed: str) -> frozenset[int]:
    """Weekdays (0 is Monday) from `daily`, `weekdays`, `mon-fri` or `mon, wed`. Raises UserError."""
    words = typed.lower().strip()
    if words in _WEEK_NAMES:
        return _WEEK_NAMES[words]
    days: set[int] = set()
    for part in re.split(r"[,\s]+", re.sub(r"\s*[-–]\s*", "-", words)):
        first, dash, last = part.partition("-")
        start = _weekday(first, typed)
        end = _weekday(last, typed) if dash else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _weekday(name: str, typed: str) -> int:
    for number, weekday in enumerate(_WEEKDAYS):
        if len(name) >= 3 and name.startswith(weekday):
            return number
    raise UserError(f"“{typed}” are no days; write daily, weekdays, mon-fri or mon,wed,fri.")


def _time(typed: str) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)?", typed.strip())
    if not match:
        raise UserError(f"“{typed}” is no time of day; write 09:00 or 17:30.")
    return time(int(match[1]), int(match[2] or 0))


def _zone(typed: str) -> str:
    wanted = typed.strip().replace(" ", "_").lower()
    zones = sorted(available_timezones())
    for zone in zones:
        if zone.lower() == wanted:
            return zone
    close = [zone for zone in zones if wanted and wanted in zone.lower()][:3]
    hint = f"Did you mean {', '.join(close)}?" if close else "Write it like Europe/Berlin or America/New_York."
    raise UserError(f"“{typed}” is no time zone. {hint}")
