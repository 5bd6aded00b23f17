"""The daily post of this channel: preview and settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.account import change_topics
from bot.commands.common import paragraphs, registry
from bot.delivery.composer import PostComposer
from bot.domain.counts import counted
from bot.domain.dates import local_moment, long_date
from bot.domain.destinations import Destination, Layout, Quiet, Scope, next_run
from bot.domain.messages import Button, Choice, Message, Select, strong, text
from bot.domain.people import private_talk
from bot.domain.post_settings import LAYOUT_BY_COUNT, SCOPES, describe, describe_topics
from bot.domain.when import parse_weekday, parse_when
from bot.domain.zones import parse_zone
from bot.errors import UserError

Clock24 = Annotated[str, OptionHelp("Local time, e.g. 09:00 or 9am.")]
LastClock24 = Annotated[str, OptionHelp("Local time, e.g. 9:30 pm, or weekdays at 9 Berlin.", rest=True)]
"""Where nothing comes after it: days and time zone may be said with it."""

Zone = Annotated[str, OptionHelp("Time zone, e.g. Berlin, ET or UTC+1.", complete="timezones")]
LastZone = Annotated[str, OptionHelp("Time zone, e.g. Berlin, ET or UTC+1.", complete="timezones", rest=True)]
"""Where nothing comes after it: `new york` is one zone."""


@registry.command("digest preview", private=True)
async def preview(call: Call) -> Message:
    """Show what this channel's daily post would say now."""
    return await PostComposer(call.app).preview(await _destination(call))


@registry.command("digest setup", admin=True, private=True)
async def setup(call: Call) -> Message:
    """Set up this channel's daily post in one form: when it comes, how many papers, about what."""
    destination = await _destination(call)
    topics = describe_topics(await call.store.topics(call.place.key))
    switch = Button("Stop", command="digest off") if destination.enabled else Button("Start", command="digest on")
    return Message(
        title="Daily post",
        body=paragraphs(
            describe(destination),
            text(strong("Topics: "), topics or "everything that is trending"),
            SCOPES[destination.scope] + "." if topics else "",
            _next(call, destination),
        ),
        selects=(
            Select("Papers a post", "digest count {value}", _choices(str(destination.count), _COUNTS)),
            Select("Days", "digest days {value}", _choices("", _DAYS)),
            Select("Scope", "digest scope {value}", _choices(destination.scope.value, _SCOPES)),
            Select("Layout", "digest layout {value}", _choices(destination.chosen_layout or "auto", _LAYOUTS)),
        ),
        buttons=(Button("Preview", command="digest preview"), switch),
    )


_COUNTS = {str(count): counted(count, "paper") for count in range(1, 11)}
_DAYS = {"daily": "Every day", "weekdays": "Monday to Friday", "mon": "Mondays"}
_SCOPES = {scope.value: name for scope, name in SCOPES.items()}
_LAYOUTS = {"auto": LAYOUT_BY_COUNT, "cards": "A message for each paper", "compact": "All papers in one message"}


def _choices(chosen: str, names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, value, selected=value == chosen) for value, name in names.items())


@registry.command("digest on", admin=True)
async def on(call: Call, at: Clock24 = "", timezone: LastZone = "") -> Message:
    """Post the day's trending papers to this channel, every day."""
    destination = replace(await _destination(call), enabled=True)
    return await _set(call, parse_when(f"{at} {timezone}").applied(destination))


@registry.command("digest off", admin=True)
async def off(call: Call) -> Message:
    """Stop the daily post to this channel; its settings are kept."""
    off = replace(await _destination(call), enabled=False)
    await call.store.save_destination(off, now=call.now())
    return Message(body=paragraphs("No more daily posts here. `/papers digest on` starts them again."))


@registry.command("digest time", admin=True)
async def set_time(call: Call, at: LastClock24) -> Message:
    """Set the local time of the daily post, and with it the days and the time zone if you like."""
    return await _set(call, parse_when(at, needs="at").applied(await _destination(call)))


@registry.command("digest days", admin=True)
async def set_days(
    call: Call, days: Annotated[str, OptionHelp("daily, weekdays, weekends, mon-fri or mon,wed,fri.", rest=True)]
) -> Message:
    """Set which days the post comes."""
    return await _set(call, parse_when(days, needs="days").applied(await _destination(call)))


@registry.command("digest timezone", admin=True)
async def set_timezone(call: Call, timezone: LastZone) -> Message:
    """Set the time zone of the daily post."""
    return await _set(call, replace(await _destination(call), timezone=parse_zone(timezone)))


@registry.command("digest count", admin=True)
async def set_count(
    call: Call, count: Annotated[int, OptionHelp("How many papers.", minimum=1, maximum=10)]
) -> Message:
    """Set how many papers a post has."""
    return await _set(call, replace(await _destination(call), count=count))


@registry.command("digest layout", admin=True)
async def set_layout(
    call: Call,
    layout: Annotated[
        Literal["auto", "cards", "compact"], OptionHelp("A message per paper, or all in one; auto: by count.")
    ],
) -> Message:
    """Set whether each paper gets a message of its own.

    `auto`, the default: five papers or more come in one message, fewer in one each.
    """
    chosen = None if layout == "auto" else Layout(layout)
    return await _set(call, replace(await _destination(call), chosen_layout=chosen))


@registry.command("digest scope", admin=True)
async def set_scope(
    call: Call,
    scope: Annotated[
        Literal["everything", "topics-first", "topics-only"],
        OptionHelp("everything: topics add; topics-first: then what is trending; topics-only: nothing else."),
    ],
) -> Message:
    """Set whether a post holds papers about the topics alone; without topics it holds what is trending."""
    return await _set(call, replace(await _destination(call), scope=Scope(scope)))


@registry.command("digest threads", admin=True)
async def set_threads(
    call: Call,
    threads: Annotated[Literal["on", "off"], OptionHelp("Whether each paper gets a thread to discuss it in.")],
) -> Message:
    """Set whether a thread is opened under each paper's message.

    With threads the layout `auto` is a message for each paper. On Slack every message has a thread anyway.
    """
    destination = replace(await _destination(call), threads=threads == "on")
    idle = destination.threads and destination.layout is not Layout.CARDS
    line = "All papers are in one message, so there are no threads; `/papers digest layout cards` changes that."
    return await _set(call, destination, *([line] if idle else []))


@registry.command("digest minimum", admin=True)
async def set_minimum(
    call: Call,
    upvotes: Annotated[int, OptionHelp("Upvotes a paper should reach; 0 for any.", minimum=0, maximum=10_000)],
) -> Message:
    """Set how many upvotes a paper must be expected to reach to be posted."""
    return await _set(call, replace(await _destination(call), minimum=upvotes))


@registry.command("digest quiet", admin=True)
async def set_quiet(
    call: Call, answer: Annotated[Literal["say", "skip"], OptionHelp("say: one line on why; skip: no post.")]
) -> Message:
    """Set what happens on a day without papers."""
    return await _set(call, replace(await _destination(call), quiet=Quiet(answer)))


@registry.command("digest weekly", admin=True)
async def set_weekly(
    call: Call, day: Annotated[str, OptionHelp("The weekday of the round-up, e.g. fri; off for none.", rest=True)]
) -> Message:
    """Post a round-up of the week: what was saved most here, and when."""
    weekly = None if day.strip().lower() in {"off", "none", "no"} else parse_weekday(day)
    return await _set(call, replace(await _destination(call), weekly=weekly))


@registry.command("digest resend", admin=True, private=True)
async def resend(call: Call) -> Message:
    """Resend the rest of a post that may not have arrived.

    Check first that the message is missing: one that did arrive would appear twice.
    """
    store, now = call.store, call.now()
    delivery = await store.resend(call.place.key, now=now)
    if delivery is None:
        raise UserError("The last post to this channel needs no resending; `/papers status` shows how it went.")
    return Message(
        body=paragraphs(f"The post of {long_date(delivery.day)} continues from message {len(delivery.sent) + 1}.")
    )


@registry.command("digest me", private=True)
async def me(
    call: Call,
    action: Annotated[Literal["on", "off"], OptionHelp("Whether to send it.")] = "on",
    at: Clock24 = "",
    timezone: LastZone = "",
) -> Message:
    """Get your own daily post as a private message, based on what you follow, save and like."""
    place = call.place if call.place.private else private_talk(call.account)
    known = await call.store.destination(place.key)
    own = known or Destination(place=place, timezone=(await _destination(call)).timezone)
    own = replace(own, person=call.person, enabled=action == "on")
    own = parse_when(f"{at} {timezone}").applied(own)
    if not own.enabled:
        await call.store.save_destination(own, now=call.now())
        return Message(body=paragraphs("You will get no more daily posts. `/papers digest me` starts them again."))
    line = "It comes as a private message; `/papers digest setup` in that talk changes the rest."
    return await _set(call, own, *([] if call.place.private else [line]))


@registry.command("digest topics", admin=True)
async def set_topics(
    call: Call,
    action: Annotated[Literal["show", "follow", "block", "remove"], OptionHelp("What to do with the topic.")] = "show",
    topic: Annotated[str, OptionHelp("Words or a query, e.g. diffusion cat:cs.CV.", complete="topics", rest=True)] = "",
) -> Message:
    """Show or change what this channel's post is about."""
    changed = action != "show" or topic
    reply = await change_topics(call, call.place.key, "digest topics", action, topic) if changed else ()
    followed = describe_topics(await call.store.topics(call.place.key))
    return Message(body=paragraphs(reply, text(strong("This channel: "), followed or "everything that is trending")))


async def _destination(call: Call) -> Destination:
    """The settings of this channel's post; off until somebody switches it on."""
    return await call.store.destination(call.place.key) or Destination(place=call.place, enabled=False)


async def _set(call: Call, destination: Destination, *lines: str) -> Message:
    """Keep settings and say what will happen next."""
    await call.store.save_destination(destination, now=call.now())
    title = "Daily post" if destination.person is None else "Your daily post"
    return Message(title=title, body=paragraphs(describe(destination), *lines, _next(call, destination)))


def _next(call: Call, destination: Destination) -> str:
    due = next_run(destination, call.now())
    if not due:
        return "It is off; `/papers digest on` starts it."
    return f"Next: {local_moment(due, destination.timezone)}."
