"""The settings of a daily post in words."""

from bot.domain.counts import counted
from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import COMPACT_FROM, EVERY_DAY, Destination, Layout, Quiet, Scope
from bot.domain.people import Topic
from bot.domain.zones import zone_name

LAYOUT_BY_COUNT = f"Automatic: {COMPACT_FROM} papers or more in one message"
"""The layout where nobody chose one, in a form."""

SCOPES = {
    Scope.TOPICS_ONLY: "Only papers about the topics",
    Scope.TOPICS_FIRST: "Papers about the topics first, then what is trending",
    Scope.EVERYTHING: "What is trending, with the topics in front",
}
"""What each scope is called in a form."""

_BEYOND_TOPICS = {Scope.TOPICS_FIRST: "the topics first", Scope.EVERYTHING: "about anything, the topics in front"}


def describe(destination: Destination) -> str:
    """`5 papers at 09:00 Europe/Berlin, Mon-Fri, a message for each.`"""
    papers = counted(destination.count, "paper")
    when = f"{destination.at:%H:%M} {zone_name(destination.timezone)}"
    extras = [
        _BEYOND_TOPICS.get(destination.scope, ""),
        f"at least {counted(destination.minimum, 'expected upvote')}" if destination.minimum else "",
        "nothing on a day without papers" if destination.quiet is Quiet.SKIP else "",
        f"a round-up on {_short(destination.weekly)}" if destination.weekly is not None else "",
    ]
    return (
        ", ".join(filter(None, [f"{papers} at {when}", describe_days(destination.days), _layout(destination), *extras]))
        + "."
    )


def _layout(destination: Destination) -> str:
    if destination.layout is Layout.COMPACT:
        return "all in one message"
    return "a message and a thread for each" if destination.opens_threads else "a message for each"


def describe_days(days: frozenset[int]) -> str:
    """`every day`, `Mon-Fri` or `Mon, Wed`."""
    if days == EVERY_DAY:
        return "every day"
    names = [_short(day) for day in sorted(days)]
    run = len(days) > 2 and max(days) - min(days) == len(days) - 1
    return f"{names[0]}-{names[-1]}" if run else ", ".join(names)


def _short(day: int) -> str:
    return WEEKDAYS[day][:3]


def describe_topics(followed: list[Topic]) -> str:
    """`diffusion, "graph neural" -survey as graphs; not crypto`."""
    wanted = ", ".join(topic.typed for topic in followed if topic.wanted)
    blocked = ", ".join(topic.typed for topic in followed if not topic.wanted)
    return "; ".join(part for part in (wanted, f"not {blocked}" if blocked else "") if part)
