"""Whom papers are recommended to: a person or a channel, what they said about papers and what they follow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.people import WEIGHTS, Feedback, FeedbackKind, Place, Topic, person_key
from bot.engine.profile import Rating
from bot.ports import StoredPaper

if TYPE_CHECKING:
    from bot.ports import Store


@dataclass(frozen=True, slots=True)
class Reader:
    """A person or a channel, by the papers they rated and the topics they follow and block."""

    ratings: Sequence[Rating] = ()
    topics: Sequence[Topic] = ()

    @property
    def wanted(self) -> list[Topic]:
        """Topics to see more of."""
        return [topic for topic in self.topics if topic.wanted]

    @property
    def blocked(self) -> list[str]:
        """Topics to see nothing of."""
        return [topic.text for topic in self.topics if not topic.wanted]


async def person_reader(store: "Store", person: int) -> Reader:
    """A person as a reader."""
    ratings = await _ratings(store, await store.feedback_of(person))
    return Reader(ratings, await store.topics(person_key(person)))


async def channel_reader(store: "Store", place: Place) -> Reader:
    """Everybody in a channel as one reader: of a paper that several gave feedback on, their weights add up."""
    feedback = await store.feedback_at(place.key)
    weight: dict[str, float] = defaultdict(float)
    for entry in feedback:
        weight[entry.paper_id] += WEIGHTS[entry.kind]
    agreed = [entry for entry in feedback if WEIGHTS[entry.kind] * weight[entry.paper_id] >= 0]
    each = await _ratings(store, agreed)
    together = [rating._replace(weight=weight[rating.paper.id], by="people here") for rating in each]
    return Reader(together, await store.topics(place.key))


async def _ratings(store: "Store", feedback: Sequence[Feedback]) -> list[Rating]:
    """The ratings of papers that are here; of several entries on one paper, newest first, the newest counts."""
    newest: dict[str, Feedback] = {}
    for entry in feedback:
        newest.setdefault(entry.paper_id, entry)
    stored = await store.papers([entry.paper_id for entry in newest.values()])
    return [_rating(paper, newest[paper.paper.id]) for paper in stored]


_VERBS = {FeedbackKind.SAVE: "saved", FeedbackKind.LIKE: "liked", FeedbackKind.DISLIKE: "disliked"}


def _rating(stored: StoredPaper, entry: Feedback) -> Rating:
    return Rating(stored.row, stored.paper, WEIGHTS[entry.kind], entry.at, _VERBS[entry.kind])
