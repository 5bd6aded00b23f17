"""Files that people bring."""

import gzip

import pytest

from adapters.sources.uploads import read_upload
from bot.errors import SourceError


async def places(name: str, content: bytes) -> list[str]:
    with read_upload(name, content) as source:
        return [bad.where async for batch in source.batches() for bad in batch.bad]


@pytest.mark.parametrize("name", ["refs.bib", "../../../tmp/refs.bib", "a\x00b.bib", "re:fs.bib", "a" * 300 + ".bib"])
async def test_of_a_name_only_its_ending_counts(name: str) -> None:
    assert await places(name, b"@misc{x, author={Nobody}}") == ["file.bib:1"]


async def test_a_packed_file_does_not_become_larger_than_papers_are() -> None:
    packed = gzip.compress(b'{"title": "' + b"a" * 70_000_000)
    assert len(packed) < 1_000_000
    with pytest.raises(SourceError, match="more than 64 MB unpacked"):
        await places("refs.jsonl.gz", packed)


async def test_what_is_no_file_of_papers_is_told() -> None:
    with pytest.raises(SourceError, match="none of the formats"):
        await places("photo.png", b"\x89PNG and more\n")
