"""`paperboy status` for people."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from bot.cli.status_table import print_status

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
QUIET: dict[str, Any] = {
    "papers": 1,
    "indexed": 1,
    "reader": None,
    "pending": 0,
    "sources": [],
    "followed": [],
    "services": [],
    "posts": [],
    "queue": {"due": 0, "open": 0, "lookups": 0, "last_day": {}},
    "space": {"database": 5_000_000, "index": 100, "free": None, "short": False, "backup": None},
}


def printed(**facts: Any) -> str:
    screen = StringIO()
    print_status({**QUIET, **facts}, NOW, Console(file=screen, width=200))
    return "\n".join(" ".join(row.split()) for row in screen.getvalue().splitlines())


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_where_nothing_is_going_on_little_is_said() -> None:
    assert printed() == (
        "1 paper, 1 in the index\nNo source has been synced yet; run `paperboy sync`.\n"
        "waiting: nothing; posts of the last 24 hours: none\nspace: database 5.0 MB, index 100 B\n"
        "no backup was made here yet: `paperboy backup FILE`"
    )


@pytest.mark.usefixtures("in_tokyo")
def test_the_next_post_is_told_in_the_time_of_whoever_reads_with_what_to_do() -> None:
    last = {"day": "2026-01-19", "status": "failed", "error": "it is archived"}
    post = {
        "place": "slack:T1:C1#robots",
        "platform": "slack",
        "name": "#papers",
        "post": "robots",
        "next": "2026-01-19T23:30:00+00:00",
        "advice": "try again",
        "last": last,
    }
    assert "slack #papers: robots Tue 20 Jan 2026, 08:30 2026-01-19 failed: it is archived try again" in printed(
        posts=[post]
    )
    assert "slack:T1:C1#robots Tue 20" in printed(posts=[{**post, "name": ""}])


def test_what_a_transformer_has_read_is_told_by_its_name_alone() -> None:
    told = printed(papers=2000, indexed=2000, reader={"name": "minilm-0.1.0+science-1234", "read": 1024})
    assert "1,024 of them read by minilm-0.1.0\n" in told


def test_what_waits_and_what_was_sent_is_counted() -> None:
    queue = {"due": 2, "open": 1, "lookups": 3, "last_day": {"sent": 1_200, "failed": 1}}
    told = "waiting: 2 posts due, 1 post under way, 3 papers being looked up; posts of the last 24 hours: 1,200 sent, "
    assert told + "1 failed" in printed(queue=queue)


def test_sources_tell_their_age_and_their_trouble() -> None:
    well = {"name": "arxiv", "succeeded": "2026-01-19T09:00:00+00:00", "newest": "2026-01-16T12:00:00+00:00"}
    ill = {"name": "feeds", "succeeded": None, "newest": None, "error": "503", "note": None}
    file = {"name": "file", "succeeded": None, "newest": None, "error": None, "note": None}
    told = printed(sources=[{**well, "error": None, "note": None}, ill, file])
    assert "arxiv 3 hours ago 3 days ago ok" in told
    assert "feeds never - failed: 503; the next sync tries again" in told
    assert "file never - not synced" in told


@pytest.mark.parametrize(("size", "told"), [(2_000_000, "2.0 MB"), (None, "the file is no longer there")])
def test_space_and_the_last_backup_are_told(size: int | None, told: str) -> None:
    backup = {"file": "/b.tar.gz", "made": "2026-01-17T12:00:00+00:00", "size": size}
    shown = printed(space={"database": 1, "index": 1, "free": 5_000_000, "short": True, "backup": backup})
    assert f"last backup: 2 days ago, /b.tar.gz ({told})" in shown
    assert "5.0 MB free\nLittle space is left" in shown
