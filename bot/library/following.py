"""Sources follow what people follow: a category, a source, a journal in anybody's topics is read from then on."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.config import Settings
from bot.domain.categories import spelled_out, subclasses
from bot.domain.papers import venue_key
from bot.domain.preprint_categories import BIORXIV, MEDRXIV
from bot.engine.query import parse_query
from bot.errors import QueryError

if TYPE_CHECKING:
    from bot.ports import Store

_Setting = Literal["arxiv_categories", "biorxiv_categories", "medrxiv_categories", "journals", "sources"]

_WITHOUT_SETTINGS = frozenset({"huggingface", "arxiv", "biorxiv", "medrxiv"})
"""Sources that need no setting of their own, so that anybody may switch them on."""

_SOURCES: dict[_Setting, str] = {
    "arxiv_categories": "arxiv",
    "biorxiv_categories": "biorxiv",
    "medrxiv_categories": "medrxiv",
    "journals": "journals",
}


@dataclass(frozen=True, slots=True)
class Stream:
    """Something that can be read: a value of one of the settings."""

    setting: _Setting
    value: str

    @property
    def source(self) -> str:
        """The source that reads it."""
        return _SOURCES.get(self.setting, self.value)


_NAMES_A_STREAM = re.compile(r"\b(?:cat|category|source|journal|venue):", re.IGNORECASE)


@lru_cache(maxsize=16_384)
def streams_of(topic: str) -> tuple[Stream, ...]:
    """What a topic needs to be read: the streams of its categories, sources and journals; none for other topics."""
    if not _NAMES_A_STREAM.search(topic):
        return ()  # Reading a query takes much longer.
    try:
        filters = parse_query(topic).filters
    except QueryError:
        return ()
    found = [stream for category in filters.categories for stream in _of_category(category)]
    found += [Stream("sources", source.lower()) for source in filters.sources if source.lower() in _WITHOUT_SETTINGS]
    found += [Stream("journals", venue_key(journal)) for journal in filters.journals if venue_key(journal)]
    return tuple(dict.fromkeys(found))


def is_known_category(category: str) -> bool:
    """Whether arXiv, bioRxiv or medRxiv has a category."""
    return bool(_of_category(category))


def _of_category(category: str) -> list[Stream]:
    if codes := subclasses(category):
        return [Stream("arxiv_categories", code) for code in codes]
    subject = " ".join(re.split(r"[\s_-]+", category.lower()))
    servers: tuple[tuple[_Setting, frozenset[str]], ...] = (
        ("biorxiv_categories", BIORXIV),
        ("medrxiv_categories", MEDRXIV),
    )
    return [Stream(setting, subject) for setting, subjects in servers if subject in subjects]


class Following:
    """What is read beside the settings because somebody follows it, `most_followed` streams at most."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read = {setting: frozenset(map(_folded, spelled_out(getattr(settings, setting)))) for setting in _SOURCES}

    @property
    def asks_who_cites(self) -> bool:
        """Whether a service is asked who cites a paper."""
        return "semanticscholar" in self._settings.lookup

    async def settings(self, store: "Store") -> Settings:
        """The settings with all that is followed."""
        return self._with(await self.streams(store))

    async def streams(self, store: "Store") -> list[Stream]:
        """What is read only because somebody follows it."""
        return await asyncio.to_thread(self._allowed, await store.followed())

    async def tell(self, store: "Store", topics: Sequence[str]) -> str:
        """What to say of topics that somebody just followed: what is read from now on, and what is not read here.

        Empty where all they need is read already.
        """
        return await asyncio.to_thread(self._answer, await store.followed(), topics)

    def _answer(self, known: Sequence[str], topics: Sequence[str]) -> str:
        """What `tell` says; reading the topics of many channels takes a while."""
        before = {stream for topic in known if topic not in topics for stream in streams_of(topic)}
        asked = [stream for topic in topics for stream in streams_of(topic)]
        new = [stream for stream in asked if not self._is_read(stream) and stream not in before]
        allowed = set(self._allowed(known))
        sentences = (
            _sentence([each for each in new if each in allowed], "is", "read from the next sync on."),
            _sentence([each for each in new if each not in allowed], "is not", f"read here: {self._reason()}."),
            *(reason for topic in topics for reason in self._unreadable(topic)),
        )
        return " ".join(filter(None, sentences))

    def _unreadable(self, topic: str) -> list[str]:
        """What of a topic no source can be asked for, in sentences."""
        try:
            filters = parse_query(topic).filters
        except QueryError:
            return []
        sources = [
            each for each in filters.sources if each.lower() not in {*_WITHOUT_SETTINGS, *self._settings.sources}
        ]
        return [
            *(f"No source here has a category {each}." for each in filters.categories if not _of_category(each)),
            *(f"{each} is not read here: whoever runs Paperboy has to set it up." for each in sources),
        ]

    def _reason(self) -> str:
        most = self._settings.most_followed
        if not most:
            return "whoever runs Paperboy chooses what is read"
        return f"whoever runs Paperboy lets people add {most}, and that many are followed"

    def _allowed(self, topics: Iterable[str]) -> list[Stream]:
        """The streams of topics that the settings do not have, the first followed first, up to the cap."""
        found: dict[Stream, None] = {}
        for topic in topics:
            if len(found) >= self._settings.most_followed:
                break
            found |= dict.fromkeys(stream for stream in streams_of(topic) if not self._is_read(stream))
        return list(found)[: self._settings.most_followed]

    def _is_read(self, stream: Stream) -> bool:
        """Whether the settings have it; bioRxiv and medRxiv without categories are read as a whole."""
        settings = self._settings
        if stream.setting == "sources":
            return stream.value in settings.sources
        values = self._read[stream.setting]
        as_a_whole = not values and stream.source in {"biorxiv", "medrxiv"}
        return stream.source in settings.sources and (as_a_whole or stream.value in values)

    def _with(self, streams: Sequence[Stream]) -> Settings:
        settings = self._settings
        named = [stream.value for stream in streams if stream.setting == "sources"]
        added: dict[str, tuple[str, ...]] = {
            "sources": tuple(dict.fromkeys([*settings.sources, *(stream.source for stream in streams)]))
        }
        for setting, source in _SOURCES.items():
            values = [stream.value for stream in streams if stream.setting == setting]
            if source in named and source in {"biorxiv", "medrxiv"}:
                added[setting] = ()
            elif values:
                before = getattr(settings, setting) if source in settings.sources else ()
                added[setting] = (*before, *values)
        return settings.model_copy(update=added)


def _folded(value: str) -> str:
    """A value of a setting as streams have it: categories of arXiv as they are, all else in lower case."""
    return value if subclasses(value) else " ".join(re.split(r"[\s_]+", value.lower()))


def _sentence(streams: Sequence[Stream], verb: str, ending: str) -> str:
    """`q-bio.BM, q-bio.GN and 3 more are read from the next sync on.`; empty for none."""
    if not streams:
        return ""
    names = list(dict.fromkeys(stream.value for stream in streams))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{shown} {verb.replace('is', 'are') if len(names) > 1 else verb} {ending}"
