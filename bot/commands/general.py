"""About Paperboy itself: help and status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from bot.chat.call import Call
from bot.chat.registry import Command, OptionHelp
from bot.commands.common import paragraphs, registry
from bot.commands.follow import followed_lines
from bot.domain.counts import counted, plural, size_in_words
from bot.domain.dates import ago, long_date, shown_moment
from bot.domain.deliveries import Delivery, Status, Upcoming
from bot.domain.destinations import Destination, Kind
from bot.domain.mailboxes import PLATFORM
from bot.domain.messages import Message, Text, code, command_name, marked, strong, text
from bot.domain.named_posts import of_post
from bot.domain.people import Place, private_talk
from bot.library.overview import Space, space_of
from bot.ports import Store


@registry.command("help", private=True)
async def help_(
    call: Call, command: Annotated[str, OptionHelp("A command to explain.", complete="commands", rest=True)] = ""
) -> Message:
    """List the commands, or explain one."""
    known = [each for each in registry if _may(call, each)]
    word = command.strip().lower()
    group = registry.groups().get(word, [])
    if group and word not in {each.name for each in registry}:
        lines = [text(command_name(each.name), "  ", each.summary) for each in group if each in known]
        return Message(title=f"What {word} can do", body=tuple(lines))
    if command:
        return _explain(registry.find(command)[0], *group)
    sections: dict[str, list[Command]] = {}
    for each in known:
        sections.setdefault(_SECTIONS.get(each.module, each.module.capitalize()), []).append(each)
    how = marked("For example `/papers search diffusion models`; `/papers help search` says more.")
    zotero = call.app.zotero is not None
    listed = (_section(name, each, zotero=zotero) for name, each in sections.items())
    return Message(title="What Paperboy can do", body=(how, *listed))


def _may(call: Call, command: Command) -> bool:
    """Whether somebody can use a command where they ask."""
    return not command.undoes and (call.admin or not command.admin) and not (command.workspace and call.place.private)


_SECTIONS = {
    "search": "Find papers",
    "foryou": "Find papers",
    "feedback": "Your papers",
    "notes": "Your papers",
    "files": "Your papers",
    "account": "You",
    "follow": "Follow",
    "club": "Reading group",
    "digest": "Daily posts",
    "posts": "Daily posts",
    "email": "Daily posts",
    "workspace": "For admins",
    "general": "About Paperboy",
}
"""Modules of commands -> the section of `help` they stand in."""

_SHOWN = 5
"""Commands of one first word that `help` names; the others are single settings."""


def _section(name: str, commands: Sequence[Command], *, zotero: bool) -> Text:
    """The commands of a section on one line: what everybody may use first, and few of those with one first word.

    Beside `import` stands `zotero`, where that is on: Discord has it under the button of `import` alone.
    """
    shown = [command for command in commands if " " not in command.name]
    folded = []
    for word, group in registry.groups().items():
        here = sorted((command for command in group if command in commands), key=lambda command: command.admin)
        shown += here[:_SHOWN]
        folded += [text(", all: ", code(f"/papers help {word}"))] if len(here) > _SHOWN else []
    if zotero and any(command.name == "import" for command in shown):
        folded.append(text(", Zotero: ", code("/papers help zotero")))
    listed = [part for command in shown for part in (", ", command_name(command.name))]
    return (*text(strong(f"{name}: "), *listed[1:]), *(span for each in folded for span in each))


def _explain(command: Command, *group: Command) -> Message:
    """What a command does, and those that begin with its name."""
    options = [text(code(option.name), "  ", option.help.description) for option in command.options]
    marks = [
        ("Only for admins.", command.workspace),
        ("Only for admins and people they named.", command.admin and not command.workspace),
        ("Only you see the answer.", command.private),
    ]
    return Message(
        title=command.usage,
        body=paragraphs(
            command.summary,
            " ".join(command.details.split()),
            *options,
            *(text(code(f"/papers {each.name}"), "  ", each.summary) for each in group),
            " ".join(mark for mark, true in marks if true),
        ),
    )


@registry.command(private=True)
async def status(call: Call) -> Message:
    """Show when the next posts come, how the last ones went, and how fresh the sources are."""
    store = call.store
    mailboxes = await store.mailboxes_of(call.person) if call.app.subscriptions else []
    keys = [call.place.key, private_talk(call.account).key, *(each.place.key for each in mailboxes)]
    lines = [line for each in await store.upcoming(keys) for line in _posts(call, each)]
    lines += await followed_lines(call)
    lines += await _papers(store, call.now())
    lines += await _waiting(store, call.now())
    if call.admin and call.app.data_dir:
        lines += _space(await space_of(call.app), call.now())
    return Message(title="Status", body=tuple(lines))


def _posts(call: Call, upcoming: Upcoming) -> list[Text]:
    """When the next post to a place comes, and how the last ones went."""
    destination = upcoming.destination
    name = "Your own posts" if destination.person is not None else "Posts here"
    mailed = destination.place.platform == PLATFORM
    name = f"Mails to {destination.place.channel}" if mailed else name
    if upcoming.next_run_at:
        following = text("next on ", shown_moment(upcoming.next_run_at, destination.timezone))
    elif upcoming.refusals:
        refused = f"off after {counted(upcoming.refusals, 'refusal')} in a row"
        following = text(refused, *_starts_again(call, destination))
    else:
        following = text("off")
    name = f"{name}, {destination.post}" if destination.post else name
    return [text(strong(name), ": ", *following), *(_went(call, each) for each in upcoming.deliveries)]


def _starts_again(call: Call, destination: Destination) -> Text:
    """What starts the posts to a place again, to whoever may do that."""
    place = destination.place
    if place.platform == PLATFORM:
        return text("; ", code(f"/papers email {place.channel} on{of_post(destination)}"), " starts them again")
    if destination.person is not None and not destination.post:
        return text("; ", code("/papers digest me"), " starts them again once they can reach you")
    return text("; ", code(f"/papers digest on{of_post(destination)}"), " starts them again") if call.admin else ()


def _went(call: Call, delivery: Delivery) -> Text:
    reason = f": {delivery.error}" if delivery.error else ""
    again = _continues(call, delivery.destination.place) if delivery.status is Status.UNKNOWN else ()
    mailed = delivery.destination.place.platform == PLATFORM
    kind = _KINDS.get(delivery.kind, "mail" if mailed else "post")
    kind = f"{kind} “{delivery.destination.post}”" if delivery.destination.post else kind
    return (*text(f"{kind} of {long_date(delivery.day)} {_STATUS[delivery.status]}{reason}"), *again)


def _continues(call: Call, place: Place) -> Text:
    """What sends the rest of a post to a place, to whoever may do that."""
    if place.platform == PLATFORM:
        return text("; ", code(f"/papers email {place.channel} resend"), " continues it")
    if place.key != call.place.key:
        return text("; ", code("/papers digest resend"), " in our private talk continues it")
    return text("; ", code("/papers digest resend"), " continues it") if call.admin else ()


_KINDS = {
    Kind.WEEKLY: "round-up",
    Kind.FOLLOWED: "post of followed papers",
    Kind.VOTE: "vote for the meeting",
    Kind.MEETING: "paper for the meeting",
    Kind.REMINDER: "reminder for the meeting",
}

_STATUS = {
    Status.CLAIMED: "is being prepared",
    Status.READY: "is about to be sent",
    Status.SENDING: "is being sent",
    Status.SENT: "was sent",
    Status.FAILED: "failed",
    Status.UNKNOWN: "may not have arrived",
    Status.SKIPPED: "was left out",
}
"""What became of a post, in words."""


async def _papers(store: Store, now: datetime) -> list[Text]:
    """How many papers there are and how fresh the sources are."""
    count = await store.count_papers()
    lines = [text(strong(f"{count:,}"), f" {plural(count, 'paper')}")]
    for state in await store.source_states():
        fresh = f"read {ago(state.succeeded_at, now)}" if state.succeeded_at else "never read"
        newest = f", newest paper {ago(state.newest_at, now)}" if state.newest_at else ""
        trouble = f"; failing: {state.error}; the next sync tries again" if state.error else ""
        lines.append(text(strong(state.name), f": {fresh}{newest}{trouble}"))
    failing = [state for state in await store.service_states() if state.error]
    lines += [text(strong(state.name), f", asked for single papers, failed last: {state.error}") for state in failing]
    return lines


async def _waiting(store: Store, now: datetime) -> list[Text]:
    """What waits, everywhere; nothing is said where nothing does."""
    counts = await store.count_deliveries(now=now, since=now)
    posts, lookups = sum(counts.due.values()) + sum(counts.open.values()), await store.count_lookups(now=now)
    waiting = [counted(posts, "post") + " to be sent"] if posts else []
    waiting += [counted(lookups, "paper") + " being looked up"] if lookups else []
    return [text(strong("Waiting"), f": {', '.join(waiting)}")] if waiting else []


def _space(space: Space, now: datetime) -> list[Text]:
    """What is taken on the disk and left there, and the last backup."""
    sizes = f"database {size_in_words(space.database)}"
    sizes += f", index {size_in_words(space.index)}" if space.index else ""
    free = f", {size_in_words(space.free)} free" if space.free is not None else ""
    short = "; that is little, whoever runs Paperboy should make room" if space.is_short else ""
    backup = f"; last backup {ago(space.backup.made_at, now)}" if space.backup else ""
    return [text(strong("Space"), f": {sizes}{free}{short}{backup}")]
