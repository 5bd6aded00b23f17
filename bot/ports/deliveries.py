"""The queue of posts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Delivery, Refusal, Status
from bot.domain.destinations import Destination
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind, Place, Topic


@dataclass(frozen=True, slots=True)
class Audience:
    """What is known of one destination when its post is composed; papers are named by their rows.

    `feedback` is what readers there said about papers: row, kind and since when, newest first. `shown` are rows that
    are not posted again. `covered_until` is the moment up to which earlier posts cover the papers, None before the
    first. `beside` is how many other posts its place gets in the same hour.
    """

    topics: Sequence[Topic] = ()
    feedback: Sequence[tuple[int, FeedbackKind, datetime]] = ()
    shown: frozenset[int] = frozenset()
    covered_until: datetime | None = None
    beside: int = 0


class DeliveryStore(Protocol):
    """The queue of posts, shared by any number of workers. All moments are UTC with time zone.

    A delivery is leased to one worker at a time. If another worker has taken over the lease, nothing is recorded, and
    the method returns False or None.
    """

    async def lease(
        self, worker: str, *, now: datetime, until: datetime, limit: int, reaches: Callable[[Place], bool]
    ) -> list[Delivery]:
        """Take deliveries that are to be worked on now and that this process reaches, the longest waiting first."""

    async def freeze(self, worker: str, payloads: Mapping[int, str], *, as_of: datetime) -> frozenset[int]:
        """Keep composed posts by their delivery's number; returns the numbers still leased to the worker."""

    async def begin_message(self, number: int, worker: str, *, now: datetime, until: datetime) -> bool:
        """Record that the next message is in flight from now on, and extend the lease."""

    async def message_sent(
        self,
        delivery: Delivery,
        worker: str,
        message: str,
        papers: Sequence[PaperId],
        *,
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        """Record the id of the message in flight, and which papers it showed.

        With `until` the next message is in flight from now on, and the lease is extended, as by `begin_message`.
        """

    async def put_off(self, delivery: Delivery, worker: str, *, until: datetime, error: str, failed: bool) -> bool:
        """Give a delivery back until a moment; `failed` counts an attempt.

        Its message stays in flight since `delivery.started_at`, if that is set.
        """

    async def end(self, delivery: Delivery, worker: str, status: Status, *, now: datetime, error: str = "") -> bool:
        """End a delivery."""

    async def refuse(
        self, delivery: Delivery, worker: str, *, now: datetime, error: str, disable_after: int
    ) -> Refusal | None:
        """End a delivery that the platform refused; so many refusals in a row switch its destination off.

        None when it was not leased to the worker.
        """

    async def doubt_open(self, *, now: datetime, error: str) -> int:
        """End every delivery that is not ended as unknown; returns how many there were."""

    async def tidy(self, *, now: datetime) -> None:
        """End deliveries that could not be sent for days, and delete those too old to be needed."""

    async def resend(self, place: str, *, now: datetime) -> Delivery | None:
        """Open the newest delivery to a place again if it is unknown or failed half way; None when it is not."""

    async def audiences(self, destinations: Sequence[Destination]) -> list[Audience]:
        """What is known of each destination."""
