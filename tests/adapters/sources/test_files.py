import asyncio
import gc
import gzip
import json
import lzma
import os
import zipfile
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sources import files
from adapters.sources.files import FileSource
from adapters.sources.formats import FileFormat
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Signal, SignalKind
from bot.errors import SourceError
from bot.ports import Batch
from tests.support.sources.world import Bodies, Collect


def write(path: Path, content: bytes | str) -> Path:
    content = content.encode() if isinstance(content, str) else content
    packs: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".xz": lzma.compress}
    pack = packs.get(path.suffix, bytes)
    path.write_bytes(pack(content))
    return path


def json_lines(count: int, **more: object) -> str:
    return "".join(json.dumps({"id": f"2601.{n:05}", "title": f"Invented {n}", **more}) + "\n" for n in range(count))


async def read(path: Path) -> list[Batch]:
    return [batch async for batch in FileSource(path).batches()]


def titles(batches: list[Batch]) -> list[str]:
    return [paper.title for batch in batches for paper in batch.papers]


def bad(batches: list[Batch]) -> list[tuple[str, str]]:
    return [(record.where, record.reason) for batch in batches for record in batch.bad]


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz"])
async def test_a_file_may_be_packed(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"papers.jsonl{suffix}", json_lines(3))
    assert FileSource(path).format is FileFormat.JSON_LINES
    assert titles(await read(path)) == ["Invented 0", "Invented 1", "Invented 2"]


async def test_a_zip_file_is_read_as_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "arxiv-metadata-oai-snapshot.json.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arxiv-metadata-oai-snapshot.json", json_lines(2_500))
    assert [len(batch.papers) for batch in await read(path)] == [1_000, 1_000, 500]


async def test_a_zip_file_of_many_files_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", "{}")
        archive.writestr("b.json", "{}")
    with pytest.raises(SourceError, match=r"^many\.zip: a zip file with 2 files in it; unpack it first"):
        FileSource(path)


async def test_a_zip_file_that_breaks_off_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "half.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", json_lines(20))
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(SourceError, match=r"^half\.zip: "):
        FileSource(path)


async def test_packing_is_recognized_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_bytes(gzip.compress(json_lines(1).encode()))
    assert titles(await read(path)) == ["Invented 0"]


async def test_every_format_is_read(tmp_path: Path, bodies: type[Bodies]) -> None:
    assert titles(await read(write(tmp_path / "a.xml", bodies.atom("2601.90001")))) == ["Invented paper 2601.90001"]
    assert titles(await read(write(tmp_path / "h.json", bodies.daily(bodies.daily_paper())))) == [
        "Invented paper 2601.90001"
    ]
    assert titles(await read(write(tmp_path / "b.bib", "@misc{k, title={Invented}}"))) == ["Invented"]
    page = "Get trending papers in your email inbox!\nSubscribeInvented\nWe invent."
    assert titles(await read(write(tmp_path / "p.txt", page))) == ["Invented"]


async def test_a_paper_of_a_page_has_an_id_made_of_its_title_and_no_moment(tmp_path: Path) -> None:
    page = "Get trending papers in your email inbox!\nSubscribeInvented\nWe invent."
    [batch] = await read(write(tmp_path / "p.txt", page))
    assert batch.papers[0].id.startswith("title:")
    assert batch.papers[0].first_seen is None


async def test_a_file_is_read_in_batches(tmp_path: Path) -> None:
    batches = await read(write(tmp_path / "papers.jsonl", json_lines(2_500)))
    assert [len(batch.papers) for batch in batches] == [1_000, 1_000, 500]
    assert {batch.cursor for batch in batches} == {""}


async def test_bad_records_are_named_by_file_and_line_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = write(tmp_path / "papers.jsonl", '{"title": "One"}\nbanana\n{"title": ""}\n{"title": "Two"}\n')
    batches = await read(path)
    assert titles(batches) == ["One", "Two"]
    assert bad(batches) == [
        ("papers.jsonl:2", "not JSON: Expecting value at column 1"),
        ("papers.jsonl:3", "no title"),
    ]


async def test_a_date_beyond_all_calendars_is_left_out_with_a_note(tmp_path: Path) -> None:
    odd = json_lines(1, published="Mon, 1 Jan 99999999999 00:00:00 GMT")
    [batch] = await read(write(tmp_path / "papers.jsonl", json_lines(1) + odd + json_lines(1)))
    assert len(batch.papers) == 3
    assert batch.notes == [
        "papers.jsonl:2: published: 'Mon, 1 Jan 99999999999 00:00:00 GMT' is not a date; left out",
    ]


async def test_counts_without_a_moment_are_dated_to_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "papers.jsonl", json_lines(1, upvotes=7))
    os.utime(path, (1_767_700_000, 1_767_700_000))
    [batch] = await read(path)
    moment = datetime.fromtimestamp(1_767_700_000, tz=UTC)
    assert batch.signals == [Signal(PaperId("2601.00000"), SignalKind.UPVOTES, moment, 7)]
    assert [again.signals for again in await read(path)] == [batch.signals]


async def test_progress_counts_bytes_of_the_file_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path / "papers.jsonl.gz", json_lines(20_000, abstract=os.urandom(200).hex()))
    source = FileSource(path)
    assert (source.size, source.position) == (path.stat().st_size, 0)
    positions = [source.position async for _ in source.batches()]
    assert positions == sorted(positions)
    assert 0 < positions[0] < source.size
    assert source.position == source.size


async def test_reading_leaves_the_loop_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    async def in_thread(function: Callable[..., object], *arguments: object) -> object:
        threads.append(function)
        return function(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", in_thread)
    await read(write(tmp_path / "papers.jsonl", json_lines(1_500)))
    assert len(threads) == 3  # two batches and the end


@pytest.mark.parametrize(
    "body",
    [
        "@misc{a, title={Über Müller}}".encode("latin-1"),
        "% Encoding: ISO8859_1\n@misc{a, title={Über Müller}}".encode("latin-1"),
        "% Encoding: undefined\n@misc{a, title={Über Müller}}".encode("latin-1"),
        "@misc{a, title={Über Müller}}".encode("utf-16"),
        "\ufeff@misc{a, title={Über Müller}}".encode(),
    ],
)
async def test_a_bibliography_is_read_in_the_encoding_it_has(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(body)
    [batch] = await read(path)
    assert [paper.title for paper in batch.papers] == ["Über Müller"]


async def test_a_list_of_ids_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ids alone"):
        FileSource(write(tmp_path / "ids.txt", "2310.06825\n10.5555/slow.1\n"))


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
async def test_a_truncated_file_gives_what_can_be_read_and_then_says_so(
    collect: Collect, tmp_path: Path, suffix: str
) -> None:
    path = write(
        tmp_path / f"papers.jsonl{suffix}", "".join(json_lines(1, abstract=os.urandom(100).hex()) for _ in range(5_000))
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    batches, error = await collect(FileSource(path))
    assert len(titles(batches)) > 1_000
    assert error == f"papers.jsonl{suffix}: breaks off in the middle (truncated?)"


@pytest.mark.parametrize(("suffix", "byte_of_checksum"), [(".gz", -6), (".xz", -9)])
async def test_a_damaged_file_gives_what_can_be_read_and_then_says_so(
    collect: Collect, tmp_path: Path, suffix: str, byte_of_checksum: int
) -> None:
    path = write(tmp_path / f"papers.jsonl{suffix}", json_lines(5_000, abstract=os.urandom(100).hex()))
    body = bytearray(path.read_bytes())
    body[byte_of_checksum] ^= 0xFF
    path.write_bytes(body)
    _, error = await collect(FileSource(path))
    assert error.startswith(f"papers.jsonl{suffix}: damaged: ")


async def test_a_file_that_is_not_read_to_its_end_is_closed(tmp_path: Path) -> None:
    source = FileSource(write(tmp_path / "papers.jsonl", json_lines(2_500)))
    async with aclosing(source.batches()) as batches:  # type: ignore[type-var] # it is a generator
        await anext(batches)
    gc.collect()  # an open file would be a ResourceWarning, which is an error
    assert source.position == source.size


async def test_atom_that_breaks_off_gives_what_came_before(
    collect: Collect, tmp_path: Path, bodies: type[Bodies]
) -> None:
    path = write(tmp_path / "a.xml", bodies.atom("2601.90001", "2601.90002")[:-150])
    batches, error = await collect(FileSource(path))
    assert titles(batches) == ["Invented paper 2601.90001"]
    assert error.startswith("a.xml: not XML: ")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("e.jsonl", b"", "e.jsonl: no papers in it"),
        ("e.jsonl", b"\n \n", "e.jsonl: no papers in it"),
        ("e.json", b"[]", "e.json: no papers in it"),
        ("e.bib", b"% nothing", "e.bib: no papers in it"),
    ],
)
async def test_a_file_without_readable_papers_says_so(
    collect: Collect, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert await collect(FileSource(path)) == ([], reason)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("e.txt", b"", "e.txt: empty file"),
        ("e.txt.gz", gzip.compress(b"", mtime=0), "e.txt: empty file"),
        ("n.bin", b"\x00\x01\x02", "n.bin: none of the formats"),
        ("x.json.xz", b"\xfd7zXZ\x00broken", "x.json.xz: damaged: "),
        ("x.json.gz", b"\x1f\x8b", "x.json.gz: breaks off"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_at_once(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        FileSource(path)
    assert str(caught.value).startswith(reason)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^no\.jsonl: No such file or directory$"):
        FileSource(tmp_path / "no.jsonl")
    with pytest.raises(SourceError, match="Is a directory"):
        FileSource(tmp_path)


async def test_a_file_that_has_to_be_read_whole_has_a_limit(
    collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.sources.formats._LARGEST_DOCUMENT", 1_000)
    path = write(tmp_path / "big.bib", "@misc{a, title={" + "x" * 2_000 + "}}")
    _, error = await collect(FileSource(path))
    assert error.startswith("big.bib: larger than ")


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "papers.jsonl")
    with pytest.raises(SourceError, match=r"papers\.jsonl: not a file that can be read twice"):
        FileSource(tmp_path / "papers.jsonl")


@pytest.mark.parametrize("name", ["papers.jsonl.gz", "papers.xml.xz", "papers.bib.gz"])
async def test_what_unpacks_to_far_more_than_papers_could_is_not_read_on(
    collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("adapters.sources.files._UNPACKED", 100_000)
    begin = {"xml": b"<feed>", "bib": b"@misc{a, title={T}}\n"}.get(name.split(".")[1], b'{"title": "T"}\n')
    path = write(tmp_path / name, begin + b"\n" * 3_000_000)
    batches, error = await collect(FileSource(path))
    assert "MB unpacked" in error
    assert titles(batches) == (["T"] if name == "papers.jsonl.gz" else [])


async def test_a_document_of_millions_of_empty_lists_is_refused(collect: Collect, tmp_path: Path) -> None:
    _, error = await collect(FileSource(write(tmp_path / "papers.json", "[" + "[]," * 1_500_000 + "[]]")))
    assert error == "papers.json: too many values for one JSON document; use JSON Lines for so many papers"


def test_a_batch_bounds_what_is_held_in_memory() -> None:
    assert files._BATCH == 1_000
