"""The daily post of this channel: preview and settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.account import TopicAct, TopicText, change_topics
from bot.commands.common import paragraphs, registry
from bot.delivery.composer import PostComposer
from bot.domain.counts import counted
from bot.domain.dates import long_date, shown_moment
from bot.domain.destinations import Destination, Layout, Quiet, Scope, destination_key, next_run
from bot.domain.messages import Button, Choice, Message, Select, Text, code, strong, text
from bot.domain.named_posts import of_post, read_name, topics_of_post
from bot.domain.people import Topic, private_talk
from bot.domain.post_settings import LAYOUT_BY_COUNT, SCOPES, describe, describe_topics
from bot.domain.when import parse_weekday, parse_when
from bot.domain.zones import parse_zone
from bot.errors import UserError

Clock24 = Annotated[str, OptionHelp("Local time, e.g. 09:00 or 9am.")]
LastClock24 = Annotated[str, OptionHelp("Local time, e.g. 9:30 pm, or weekdays at 9 Berlin.", rest=True)]
"""Where nothing comes after it: days and time zone may be said with it."""

PostName = Annotated[
    str, OptionHelp("Which post, where there are several; see digest list.", complete="posts", word="post")
]

Zone = Annotated[str, OptionHelp("Time zone, e.g. Berlin, ET or UTC+1.", complete="timezones")]
LastZone = Annotated[str, OptionHelp("Time zone, e.g. Berlin, ET or UTC+1.", complete="timezones", rest=True)]
"""Where nothing comes after it: `new york` is one zone."""


@registry.command("digest preview", private=True)
async def preview(call: Call, post: PostName = "") -> Message:
    """Show what this channel's daily post would say now."""
    return await PostComposer(call.app).preview(await post_here(call, post))


@registry.command("digest setup", admin=True, private=True)
async def setup(call: Call, post: PostName = "") -> Message:
    """Set up this channel's daily post in one form: when it comes, how many papers, about what."""
    destination = await post_here(call, post)
    of = of_post(destination)
    topics = describe_topics(await topics_here(call, destination))
    label, act = ("Stop", "off") if destination.enabled else ("Start", "on")
    return Message(
        title=title_of(destination),
        body=paragraphs(
            describe(destination),
            text(strong("Topics: "), topics or "everything that is trending"),
            SCOPES[destination.scope] + "." if topics else "",
            next_line(call, destination),
        ),
        selects=(
            Select("Papers a post", f"digest count {{value}}{of}", _choices(str(destination.count), _COUNTS)),
            Select("Days", f"digest days {{value}}{of}", _choices("", _DAYS)),
            Select("Scope", f"digest scope {{value}}{of}", _choices(destination.scope.value, _SCOPES)),
            Select("Layout", f"digest layout {{value}}{of}", _choices(destination.chosen_layout or "auto", _LAYOUTS)),
        ),
        buttons=(Button("Preview", command=f"digest preview{of}"), Button(label, command=f"digest {act}{of}")),
    )


_COUNTS = {str(count): counted(count, "paper") for count in range(1, 11)}
_DAYS = {"daily": "Every day", "weekdays": "Monday to Friday", "mon": "Mondays"}
_SCOPES = {scope.value: name for scope, name in SCOPES.items()}
_LAYOUTS = {"auto": LAYOUT_BY_COUNT, "cards": "A message for each paper", "compact": "All papers in one message"}


def _choices(chosen: str, names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, value, selected=value == chosen) for value, name in names.items())


@registry.command("digest on", admin=True)
async def on(call: Call, at: Clock24 = "", timezone: LastZone = "", post: PostName = "") -> Message:
    """Post the day's trending papers to this channel, every day."""
    destination = replace(await post_here(call, post), enabled=True)
    return await keep(call, parse_when(f"{at} {timezone}").applied(destination))


@registry.command("digest off", admin=True)
async def off(call: Call, post: PostName = "") -> Message:
    """Stop the daily post to this channel; its settings are kept."""
    off = replace(await post_here(call, post), enabled=False)
    await call.store.save_destination(off, now=call.now())
    again = f"`/papers digest on{of_post(off)}` starts them again."
    if off.post:
        return Message(body=paragraphs(f"No more posts “{off.post}” here. {again}"))
    return Message(body=paragraphs(f"No more daily posts here. {again}"))


@registry.command("digest time", admin=True)
async def set_time(call: Call, at: LastClock24, post: PostName = "") -> Message:
    """Set the local time of the daily post, and with it the days and the time zone if you like."""
    return await keep(call, parse_when(at, needs="at").applied(await post_here(call, post)))


@registry.command("digest days", admin=True)
async def set_days(
    call: Call,
    days: Annotated[str, OptionHelp("daily, weekdays, weekends, mon-fri or mon,wed,fri.", rest=True)],
    post: PostName = "",
) -> Message:
    """Set which days the post comes."""
    return await keep(call, parse_when(days, needs="days").applied(await post_here(call, post)))


@registry.command("digest timezone", admin=True)
async def set_timezone(call: Call, timezone: LastZone, post: PostName = "") -> Message:
    """Set the time zone of the daily post."""
    return await keep(call, replace(await post_here(call, post), timezone=parse_zone(timezone)))


@registry.command("digest count", admin=True)
async def set_count(
    call: Call, count: Annotated[int, OptionHelp("How many papers.", minimum=1, maximum=10)], post: PostName = ""
) -> Message:
    """Set how many papers a post has."""
    return await keep(call, replace(await post_here(call, post), count=count))


@registry.command("digest layout", admin=True)
async def set_layout(
    call: Call,
    layout: Annotated[
        Literal["auto", "cards", "compact"], OptionHelp("A message per paper, or all in one; auto: by count.")
    ],
    post: PostName = "",
) -> Message:
    """Set whether each paper gets a message of its own.

    `auto`, the default: five papers or more come in one message, fewer in one each.
    """
    chosen = None if layout == "auto" else Layout(layout)
    return await keep(call, replace(await post_here(call, post), chosen_layout=chosen))


@registry.command("digest scope", admin=True)
async def set_scope(
    call: Call,
    scope: Annotated[
        Literal["everything", "topics-first", "topics-only"],
        OptionHelp("everything: topics add; topics-first: then what is trending; topics-only: nothing else."),
    ],
    post: PostName = "",
) -> Message:
    """Set whether a post holds papers about the topics alone; without topics it holds what is trending."""
    return await keep(call, replace(await post_here(call, post), scope=Scope(scope)))


@registry.command("digest threads", admin=True)
async def set_threads(
    call: Call,
    threads: Annotated[Literal["on", "off"], OptionHelp("Whether each paper gets a thread to discuss it in.")],
    post: PostName = "",
) -> Message:
    """Set whether a thread is opened under each paper's message.

    With threads the layout `auto` is a message for each paper. On Slack every message has a thread anyway.
    """
    destination = replace(await post_here(call, post), threads=threads == "on")
    idle = destination.threads and destination.layout is not Layout.CARDS
    cards = f"`/papers digest layout cards{of_post(destination)}`"
    line = f"All papers are in one message, so there are no threads; {cards} changes that."
    return await keep(call, destination, *([line] if idle else []))


@registry.command("digest minimum", admin=True)
async def set_minimum(
    call: Call,
    upvotes: Annotated[
        int,
        OptionHelp(
            "Upvotes; of a field without votes, the same share of its papers. 0 for any.", minimum=0, maximum=10_000
        ),
    ],
    post: PostName = "",
) -> Message:
    """Set how many upvotes a paper must be expected to reach to be posted, compared with others of its field."""
    return await keep(call, replace(await post_here(call, post), minimum=upvotes))


@registry.command("digest quiet", admin=True)
async def set_quiet(
    call: Call,
    answer: Annotated[Literal["say", "skip"], OptionHelp("say: one line on why; skip: no post.")],
    post: PostName = "",
) -> Message:
    """Set what happens on a day without papers."""
    return await keep(call, replace(await post_here(call, post), quiet=Quiet(answer)))


@registry.command("digest weekly", admin=True)
async def set_weekly(
    call: Call, day: Annotated[str, OptionHelp("The weekday of the round-up, e.g. fri; off for none.", rest=True)]
) -> Message:
    """Post a round-up of the week: what was saved most here, and when."""
    weekly = None if day.strip().lower() in {"off", "none", "no"} else parse_weekday(day)
    return await keep(call, replace(await post_here(call), weekly=weekly))


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
    own = known or Destination(place=place, timezone=(await post_here(call)).timezone)
    own = replace(own, person=call.person, enabled=action == "on")
    own = parse_when(f"{at} {timezone}").applied(own)
    if not own.enabled:
        await call.store.save_destination(own, now=call.now())
        return Message(body=paragraphs("You will get no more daily posts. `/papers digest me` starts them again."))
    line = "It comes as a private message; `/papers digest setup` in that talk changes the rest."
    return await keep(call, own, *([] if call.place.private else [line]))


@registry.command("digest topics", admin=True)
async def set_topics(
    call: Call,
    action: TopicAct = "show",
    topic: TopicText = "",
    post: PostName = "",
) -> Message:
    """Show or change what this channel's post is about.

    Topics may be queries and have names, as in `/papers topics`. A post with a name is about the topic of that name as
    long as it has none of its own.
    """
    destination = await post_here(call, post)
    changed = action != "show" or topic
    owner = destination.key if destination.post else call.place.key
    asked = f"digest topics{of_post(destination)}"
    reply = await change_topics(call, owner, asked, action, topic) if changed else ()
    followed = describe_topics(await topics_here(call, destination))
    whose = f"The post {destination.post}: " if destination.post else "This channel: "
    return Message(body=paragraphs(reply, text(strong(whose), followed or "everything that is trending")))


async def topics_here(call: Call, destination: Destination) -> list[Topic]:
    """What a post is about: for one with a name also what it takes from its channel or person."""
    if not destination.post:
        return await call.store.topics(call.place.key)
    own, shared = await call.store.topics(destination.key), await call.store.topics(destination.owner)
    return topics_of_post(destination.post, own, shared)


async def post_here(call: Call, post: str = "") -> Destination:
    """The settings of this channel's post, off until somebody switches it on, or of the one of that name.

    Raises UserError where there is none of that name.
    """
    name = read_name(post) if post else ""
    known = await call.store.destination(destination_key(call.place, name))
    if name and known is None:
        raise UserError(f"There is no post “{name}” here. `/papers digest list` shows what there is.")
    return known or Destination(place=call.place, enabled=False)


def title_of(destination: Destination) -> str:
    """What a post is called above its settings."""
    title = "Daily post" if destination.person is None else "Your daily post"
    return f"{title}: {destination.post}" if destination.post else title


async def keep(call: Call, destination: Destination, *lines: str | Text) -> Message:
    """Keep settings and say what will happen next."""
    await call.store.save_destination(destination, now=call.now())
    body = paragraphs(describe(destination), *lines, next_line(call, destination))
    return Message(title=title_of(destination), body=body)


def next_line(call: Call, destination: Destination) -> Text:
    """When a post comes next, in the reader's own time where that is known; what starts it, to whoever may."""
    due = next_run(destination, call.now())
    if not due:
        if not call.admin:
            return text("It is off.")
        return text("It is off; ", code(f"/papers digest on{of_post(destination)}"), " starts it.")
    return text("Next: ", shown_moment(due, destination.timezone), ".")
