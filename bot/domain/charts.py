"""What pictures show, as data: the week of a channel, papers over time, the library, what somebody read.

Each has a `description` that says the same in words, for whoever does not see the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.counts import counted
from bot.domain.dates import full_date, long_date

OTHERS = "Other topics"
"""What papers are about of which no topic is told apart, or known."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A paper and by how many upvotes it gained, up to how many."""

    title: str
    gained: int
    upvotes: int


@dataclass(frozen=True, slots=True)
class WeekChart:
    """A channel's or a person's week: saves by day, what the saved papers are about, and who gained most upvotes."""

    title: str
    saves: Mapping[date, int]
    topics: Mapping[str, int]
    gains: Sequence[Gain] = ()

    @property
    def description(self) -> str:
        """`Saves by day: Mon 3, Tue 0. What they are about: Robotics 2. Gained most: …`."""
        days = ", ".join(f"{full_date(day)[:3]} {count}" for day, count in self.saves.items())
        topics = ", ".join(f"{name} {count}" for name, count in self.topics.items())
        gains = "; ".join(f"{gain.title} +{gain.gained} to {counted(gain.upvotes, 'upvote')}" for gain in self.gains)
        named = (("Saves by day", days), ("What they are about", topics), ("Gained most upvotes", gains))
        return " ".join(f"{name}: {words}." for name, words in named if words)


@dataclass(frozen=True, slots=True)
class Series:
    """A paper's upvotes over time: moments (UTC) with what was counted by then, the earliest first."""

    title: str
    points: Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The upvotes of trending papers over time, the best first."""

    title: str
    series: Sequence[Series]

    @property
    def description(self) -> str:
        """`Upvotes over time: 1. A paper, 40 upvotes by 19 Jan 2026. …`."""
        told = [
            f"{rank}. {each.title}, {counted(each.points[-1][1], 'upvote')} by {long_date(each.points[-1][0].date())}."
            for rank, each in enumerate(self.series, start=1)
        ]
        return " ".join([f"{self.title}, upvotes over time:", *told])


@dataclass(frozen=True, slots=True)
class MapChart:
    """Papers as points, [n] of each topic by its name: what is near in meaning is near in the picture."""

    title: str
    points: Mapping[str, Sequence[tuple[float, float]]]

    @property
    def description(self) -> str:
        """`A map of 200 papers by meaning: Robotics 40, …`."""
        total = sum(map(len, self.points.values()))
        topics = ", ".join(f"{name} {len(points)}" for name, points in self.points.items())
        return f"{self.title}: a map of {counted(total, 'paper')} by meaning. {topics}."


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """What somebody saved, by the week's Monday and topic, and how much of it they marked as read."""

    title: str
    weeks: Sequence[date]
    topics: Mapping[str, Sequence[int]]
    """Papers of each topic, a number for each week."""
    read: int

    @property
    def saved(self) -> int:
        """How many papers it shows."""
        return sum(map(sum, self.topics.values()))

    @property
    def description(self) -> str:
        """`40 papers saved in 6 weeks, 12 of them read. By topic: Robotics 20, …`."""
        topics = ", ".join(f"{name} {sum(counts)}" for name, counts in self.topics.items())
        weeks = counted(len(self.weeks), "week")
        return f"{self.title}: {counted(self.saved, 'paper')} saved in {weeks}, {self.read} marked as read. {topics}."


Chart = WeekChart | TrendChart | MapChart | HistoryChart
