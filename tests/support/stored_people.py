"""Two papers, two people and a channel that tests of the store know."""

from datetime import UTC, datetime, timedelta

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.ports import Batch
from storage.sql.store import SqlStore

NOW = datetime(2026, 1, 19, 23, tzinfo=UTC)
ONE, TWO = PaperId("2601.00001"), PaperId("2601.00002")
ANA, BEN = Account("slack", "T1/U1", "ana"), Account("discord", "7", "ben")
PAPERS = Place("slack", "T1", "C1", "#papers")


def act(person: int, *, minutes: int = 0, present: bool = True, **fields: object) -> FeedbackAct:
    """Something a person said of a paper, so many minutes after NOW."""
    values = {"paper_id": ONE, "kind": FeedbackKind.SAVE, "place": PAPERS.key} | fields
    return FeedbackAct(person=person, present=present, at=NOW + timedelta(minutes=minutes), **values)  # type: ignore[arg-type]


async def saves(store: SqlStore, person: int) -> list[PaperId]:
    """What a person thinks something of, the last first."""
    return [entry.paper_id for entry in await store.feedback_of(person)]


async def tell(store: SqlStore, *ids: PaperId) -> None:
    """Have the store know papers."""
    papers = [Paper(id=paper_id, title=f"The paper that is numbered {paper_id}") for paper_id in ids]
    await store.save_batch("test", Batch(papers=papers), now=NOW)
