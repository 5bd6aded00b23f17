"""The cursor of arXiv: written by one sync, read by the next."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from adapters.sources.arxiv_state import Announcement, Harvest, Progress, Sweep
from adapters.sources.client import Validators

NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


def test_a_sync_goes_on_from_all_that_the_one_before_wrote() -> None:
    progress = Progress(
        since=date(2026, 1, 1),
        read=date(2026, 1, 5),
        due=True,
        announcement=Announcement(digest="d", built="today", validators=Validators(etag='"e"')),
        sweep=Sweep(start=NOON, end=NOON, until=NOON, position=40),
        harvest=Harvest(
            sets=("cs", "stat"), since=date(2025, 1, 1), datestamp=date(2025, 2, 3), begun=date(2026, 1, 6), token="t"
        ),
    )
    assert Progress.model_validate_json(progress.model_dump_json()) == progress


def test_a_cursor_of_its_first_day_alone_is_one_at_the_very_beginning() -> None:
    progress = Progress.model_validate_json('{"since": "2026-01-01"}')
    assert (progress.read, progress.due) == (None, False)
    assert (progress.announcement, progress.sweep, progress.harvest) == (None, None, None)


@pytest.mark.parametrize("cursor", ["", "{}", '{"since": "soon"}', '{"since": "2026-01-01", "sweep": {"position": 1}}'])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(ValidationError):
        Progress.model_validate_json(cursor)


def test_a_step_forward_leaves_the_progress_before_it_as_it_was() -> None:
    before = Progress(since=date(2026, 1, 1))
    after = before.model_copy(update={"read": date(2026, 1, 5)})
    with pytest.raises(ValidationError, match="frozen"):
        before.read = date(2026, 1, 5)
    assert (before.read, after.read) == (None, date(2026, 1, 5))
