"""How far a sync of arXiv has come: what its cursor says."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from adapters.sources.client import Validators
from bot.ports import Batch

_FROZEN = ConfigDict(frozen=True)


class Announcement(BaseModel):
    """The announcement last read: a digest of what it listed, when it said it was built, and its validators."""

    model_config = _FROZEN

    digest: str
    built: str
    validators: Validators = Validators()


class Sweep(BaseModel):
    """A search by time of submission that goes on up to `until`, at result `position` of the window [start, end]."""

    model_config = _FROZEN

    start: datetime
    end: datetime
    until: datetime
    position: int = 0


class Harvest(BaseModel):
    """An OAI-PMH harvest of papers since a day, begun on another: at `token` of the first of `sets` still to read.

    `datestamp` is where that set is taken up again when the token has expired.
    """

    model_config = _FROZEN

    sets: tuple[str, ...]
    since: date
    datestamp: date
    begun: date
    token: str = ""


class Progress(BaseModel):
    """Everything before `read` is stored, from `since` on; `due` says to ask the API even if that was today."""

    model_config = _FROZEN

    since: date
    read: date | None = None
    due: bool = False
    announcement: Announcement | None = None
    sweep: Sweep | None = None
    harvest: Harvest | None = None


class Step(NamedTuple):
    """What one request brought and how far it takes the sync."""

    progress: Progress
    batch: Batch
