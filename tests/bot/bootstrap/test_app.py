"""Store, index and clock, together."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import (
    file_source,
    open_app,
    open_store,
    rebuild_index,
    sample,
)
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.errors import IndexUnusableError, StoreError, UserError
from bot.library.ingest import read_source
from bot.runtime.clocks import StandingClock
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
