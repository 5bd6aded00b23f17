"""What tests of sql share."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.ports import Batch, Saved, Store

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


def paper(number: int, **known: Any) -> Paper:
    return Paper(**({"id": PaperId(f"2401.{number:05}"), "title": f"Results on question number {number}"} | known))


async def save(store: Store, *papers: Paper, signals: tuple[Signal, ...] = ()) -> Saved:
    return await store.save_batch("test", Batch(papers=papers, signals=signals), now=NOON)


def upvotes(paper_id: PaperId, value: int, at: datetime = NOON) -> Signal:
    return Signal(paper_id, SignalKind.UPVOTES, at, value)
