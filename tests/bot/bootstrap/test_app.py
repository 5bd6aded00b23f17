"""Store, index and clock, together."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import (
    file_source,
    interrupted_rebuild,
    load_encoder,
    open_app,
    open_index,
    open_store,
    rebuild_index,
    sample,
)
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.errors import IndexUnusableError, StoreError, UserError
from bot.library.ingest import read_source
from bot.ports import Store
from bot.runtime.clocks import StandingClock
from storage.index.disk_index import DiskIndex
from tests.conftest import SAMPLE_ENDS

CLOCK = StandingClock(SAMPLE_ENDS)


def loaded(data_dir: Path, **changed: Any) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, **changed)


async def test_a_folder_without_papers_is_told_and_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No papers in .*nowhere yet"):
        async with open_store(loaded(tmp_path / "nowhere")):
            pass
    assert not (tmp_path / "nowhere").exists()


async def test_a_new_store_is_made_where_one_is_wanted(tmp_path: Path) -> None:
    settings = loaded(tmp_path / "new" / "data")
    async with open_store(settings, create=True) as store:
        with sample() as path:
            await read_source(file_source(path), store, CLOCK)
    async with open_store(settings) as store:
        assert await store.papers([PaperId("2601.03236")])


async def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        async with open_store(loaded(tmp_path, database_url=f"sqlite:///{tmp_path}/no/such/folder/paperboy.db")):
            pass


async def test_an_index_is_rebuilt_from_the_store_and_found_in_again(folder: Path) -> None:
    settings, told = loaded(folder), list[int]()
    async with open_store(settings) as store:
        papers = await rebuild_index(settings, store, told.append)
    assert told[-1] == papers > 0
    async with open_app(settings, clock=CLOCK) as app:
        assert await app.library.search("robot manipulation", 3)


async def interrupt(settings: Settings, store: Store, papers: int) -> None:
    """Rebuild the index and stop when so many papers are committed."""
    with suppress(KeyboardInterrupt), DiskIndex.rebuild(settings.index_dir, load_encoder(settings)) as writer:
        writer.add(await store.papers_after(0, papers))
        writer.commit()
        raise KeyboardInterrupt


async def test_an_interrupted_rebuild_is_gone_on_with_which_is_told(folder: Path) -> None:
    settings, counts, told = loaded(folder), list[int](), list[str]()
    async with open_store(settings) as store:
        await interrupt(settings, store, 50)
        begun = interrupted_rebuild(settings)
        assert begun is not None
        assert len(begun) == 50
        papers = await rebuild_index(settings, store, counts.append, told.append)
        assert papers == await store.count_papers() == 200
        assert open_index(settings.index_dir).watermark == await store.last_revision()
    assert told == ["Going on with the rebuild that was interrupted: 50 of 200 papers are done."]
    assert counts == [50, 200]
    assert interrupted_rebuild(settings) is None
    async with open_app(settings, clock=CLOCK) as app:
        assert await app.library.search("robot manipulation", 3)


async def test_a_rebuild_from_another_database_is_not_gone_on_with(folder: Path, tmp_path: Path) -> None:
    settings, other, told = loaded(folder), loaded(tmp_path / "other"), list[str]()
    more = tmp_path / "more.jsonl"
    more.write_text("".join(json.dumps({"id": f"x:{n}", "title": f"Another paper, {n}"}) + "\n" for n in range(99)))
    async with open_store(other, create=True) as store:
        await read_source(file_source(more), store, CLOCK)
        await interrupt(settings, store, 99)
    async with open_store(settings) as store:
        assert await rebuild_index(settings, store, tell=told.append) == 200
    assert told == []
    async with open_app(settings, clock=CLOCK) as app:
        assert len(app.index) == 200


async def test_a_damaged_index_is_made_anew_from_where_a_rebuild_was_interrupted(folder: Path) -> None:
    settings, told = loaded(folder), list[str]()
    async with open_store(settings) as store:
        await interrupt(settings, store, 50)
    (folder / "index" / "index.json").write_text("{")
    async with open_app(settings, clock=CLOCK, tell=told.append) as app:
        assert await app.library.search("robot manipulation", 3)
    assert told[1:] == ["Going on with the rebuild that was interrupted: 50 of 200 papers are done."]


async def test_an_index_of_other_papers_is_not_used(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (folder / "index").rename(tmp_path / "other" / "index")
    with pytest.raises(IndexUnusableError):
        async with open_app(loaded(tmp_path / "other"), create=True):
            pass


@pytest.mark.parametrize("file", ["tokens.u4", "since.i4", "categories.jsonl", "rotation.npy", "tantivy/meta.json"])
async def test_a_damaged_index_is_rebuilt_and_answers_as_before(folder: Path, file: str) -> None:
    async def found() -> list[str]:
        async with open_app(loaded(folder), clock=CLOCK, tell=told.append) as app:
            return [result.stored.paper.id for result in await app.library.search("robot manipulation cat:cs", 10)]

    told = list[str]()
    before = await found()
    damaged = next(folder.glob(f"index/generation-*/{file}"))
    damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size // 2])
    assert told == []
    assert await found() == before
    assert len(told) == 1
    assert await found() == before
    assert len(told) == 1
    assert "is damaged" in told[0]
    assert "it is rebuilt from the papers that are stored" in told[0]


async def test_an_index_of_an_older_version_is_rebuilt(folder: Path) -> None:
    manifest, told = folder / "index" / "index.json", list[str]()
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 4}))
    async with open_app(loaded(folder), clock=CLOCK, tell=told.append) as app:
        assert await app.library.search("robot manipulation", 3)
    assert told == [
        "The index was written by another version of Paperboy; it is rebuilt from the papers that are stored."
    ]


@pytest.mark.parametrize(("mail_from", "expected"), [("", False), ("papers@example.org", True)])
async def test_there_are_mailboxes_where_there_is_e_mail(folder: Path, mail_from: str, expected: bool) -> None:
    async with open_app(loaded(folder, mail_from=mail_from)) as app:
        assert (app.subscriptions is not None) is expected
