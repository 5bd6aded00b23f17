"""What is going on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.destinations import Destination
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place
from bot.library.app import App
from bot.library.overview import LITTLE, Space, overview, space_of
from bot.runtime.space import note_backup


async def test_everything_is_counted(app: App, tmp_path: Path) -> None:
    app.data_dir = tmp_path / "data"
    now = app.clock.now()
    await app.store.record_attempt("arxiv", now=now, error="503")
    await app.store.save_destination(Destination(place=Place("slack", "T1", "C1", "#papers")), now=now)
    await app.store.claim_lookup(PaperId("2601.1"), now=now, until=now + timedelta(minutes=1))
    await app.store.claim_lookup(PaperId("2601.2"), now=now, until=now + timedelta(minutes=1))
    await app.store.end_lookup(PaperId("2601.2"), missing_until=now + timedelta(days=1))
    told = await overview(app)
    assert (told.papers, told.indexed, told.pending, told.lookups) == (200, 200, 0, 1)
    assert [source.error for source in told.sources if source.name == "arxiv"] == ["503"]
    assert [post.destination.place.name for post in told.posts] == ["#papers"]
    assert told.counts.open == {}
    assert told.space.database > 100_000
    assert told.space.index > 10_000
    assert told.space.free


async def test_space_is_told_as_far_as_it_is_known(app: App, tmp_path: Path) -> None:
    assert (await space_of(app)).free is None
    app.data_dir = tmp_path / "nowhere"
    assert (await space_of(app)).free is None
    app.data_dir = tmp_path / "data"
    note_backup(app.data_dir, tmp_path / "gone.tar.gz", app.clock.now())
    backup = (await space_of(app)).backup
    assert backup
    assert backup.size is None
    space = Space(1, 1, LITTLE)
    assert not space.is_short
    assert replace(space, free=LITTLE - 1).is_short
    assert not replace(space, free=None).is_short
