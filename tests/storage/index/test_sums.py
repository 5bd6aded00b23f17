"""An index whose files are not as they were written is never answered from."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from bot.engine.encoder import StaticEncoder
from bot.errors import IndexDamagedError
from bot.ports import Filters, PaperIndex
from storage.index import manifest as manifests
from storage.index.disk_index import DiskIndex
from storage.index.sums import BOOT, UNCHECKED, are_longer, is_doubtful, mark_doubted, mark_unchecked
from tests.support.index import fill, stored

ENCODER = StaticEncoder.load()
WORDS = ("graph", "neural", "protein", "quantum", "robot", "memory", "light", "river")
IN_PLACE = ("vectors.i8", "scales.f4", "signs.u8", "days.i4", "sets.i4", "since.i4", "sums.u4", "terms.i8", "tokens.i8")
GROWING = ("terms.u4", "tokens.u4", "categories.jsonl")
FILES = (*IN_PLACE, *GROWING, "rotation.npy", "tantivy/meta.json")
OF_WORDS = ("idx", "pos", "term", "fast", "fieldnorm", "store")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of sixty papers in two commits, some of which changed with the second."""
    path = tmp_path_factory.mktemp("sound") / "index"
    index, random = DiskIndex.open(path, ENCODER), Random(3)

    def paper(row: int, revision: int) -> object:
        title, abstract = (" ".join(random.choices(WORDS, k=count)) for count in (4, 20))
        return stored(row, title, abstract, revision=revision, categories=(f"cs.{row % 5}",), authors=("Ann Bee",))

    fill(index, [paper(row, row) for row in range(1, 61)])  # type: ignore[misc]
    fill(index, [paper(row, row + 60) for row in range(10, 20)])  # type: ignore[misc]
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


def answers(index: PaperIndex) -> list[object]:
    """What an index says of everything it can be asked."""
    rows = index.match_words({}, 100).rows
    vector = index.encoder.encode(["quantum river"])[0]
    told = [
        index.match_words({"graph": 1.0}, 20),
        index.match_words({}, 100, filters=Filters(categories=("cs.3",))),
        index.match_words({}, 100, filters=Filters(phrases=("quantum river",), authors=("ann bee",))),
        index.nearest(vector, 20),
        index.nearest(vector, 100, filters=Filters(categories=("cs.2",))),
        index.terms(rows),
        index.tokens(rows),
    ]
    return [[part.tolist() for part in each] for each in told] + [index.vectors(rows).tolist(), len(index)]


def named(path: Path, name: str) -> Path:
    generation = next(path.glob("generation-*"))
    if name in OF_WORDS:
        return min(generation.glob(f"tantivy/*.{name}"))
    return generation / name


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


HARMS: dict[str, Callable[[Path], None]] = {"lost": Path.unlink, "cut": cut, "empty": empty}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", [*FILES, *OF_WORDS])
def test_a_file_that_is_lost_or_shorter_is_noticed_at_every_opening(path: Path, name: str, harm: str) -> None:
    HARMS[harm](named(path, name))
    with pytest.raises(IndexDamagedError, match=r"is damaged .*index --rebuild"):
        DiskIndex.open(path, ENCODER)


@pytest.mark.parametrize("name", [*FILES, *OF_WORDS])
@pytest.mark.parametrize("seed", range(2))
def test_a_byte_that_is_another_is_noticed_by_a_check_or_changes_nothing(
    sound: Path, path: Path, name: str, seed: int
) -> None:
    file, random = named(path, name), Random(seed)
    content = bytearray(file.read_bytes())
    used = {"signs.u8": 60, "vectors.i8": 60 * 256}.get(name, 60 * 4)
    content[random.randrange(min(used, len(content)))] ^= 1 << random.randrange(8)
    file.write_bytes(content)
    try:
        index = DiskIndex.open(path, ENCODER)
        index.check()
    except IndexDamagedError as error:
        assert "is damaged" in str(error)
    else:
        assert answers(index) == answers(DiskIndex.open(sound, ENCODER))


@pytest.mark.parametrize(("name", "at"), [("vectors.i8", 300), ("since.i4", 40), ("tokens.u4", 40), ("idx", 40)])
def test_what_was_altered_is_noticed_by_the_first_opening_after_an_unclean_end(path: Path, name: str, at: int) -> None:
    file = named(path, name)
    content = bytearray(file.read_bytes())
    content[at] ^= 255
    file.write_bytes(content)
    named(path, UNCHECKED).touch()
    with pytest.raises(IndexDamagedError, match="is damaged"):
        DiskIndex.open(path, ENCODER)


@pytest.mark.parametrize("name", ["scales.f4", "tokens.i8", "vectors.i8", "since.i4"])
def test_a_file_that_is_another_and_longer_is_noticed_by_the_first_opening(path: Path, name: str) -> None:
    file = named(path, name)
    file.write_bytes(bytes(byte ^ 255 for byte in file.read_bytes()) + b"1234567")
    with pytest.raises(IndexDamagedError, match="is damaged"):
        DiskIndex.open(path, ENCODER)


def test_no_file_of_a_sound_index_is_longer_than_the_manifest_says(path: Path) -> None:
    with DiskIndex.open(path, ENCODER).writer() as writer:
        writer.add([stored(70, "green light", revision=200)])
        writer.commit()
    _, manifest = manifests.read(path)
    assert manifest
    assert not are_longer(path / manifest.generation, manifest.lengths)


def test_an_unclean_end_that_harmed_nothing_is_looked_into_once(sound: Path, path: Path) -> None:
    named(path, UNCHECKED).touch()
    assert answers(DiskIndex.open(path, ENCODER)) == answers(DiskIndex.open(sound, ENCODER))
    assert not named(path, UNCHECKED).exists()


@pytest.fixture
def boot(tmp_path: Path) -> Path:
    """What tells one run of the machine from another."""
    file = tmp_path / "boot_id"
    file.write_text("c0ffee\n")
    return file


def test_an_end_by_force_is_in_doubt_only_once_the_machine_was_started_again(path: Path, boot: Path) -> None:
    generation = named(path, UNCHECKED).parent
    mark_unchecked(generation, boot=boot)
    assert not is_doubtful(generation, {}, boot=boot)
    boot.write_text("beef\n")
    assert is_doubtful(generation, {}, boot=boot)


def test_an_unclean_end_is_in_doubt_where_the_machine_has_no_number_for_its_run(path: Path, boot: Path) -> None:
    generation = named(path, UNCHECKED).parent
    mark_unchecked(generation, boot=boot.with_name("none"))
    assert is_doubtful(generation, {}, boot=boot.with_name("none"))
    assert is_doubtful(generation, {}, boot=boot)


def test_what_was_found_in_doubt_stays_so_in_any_run_of_the_machine(path: Path, boot: Path) -> None:
    generation = named(path, UNCHECKED).parent
    mark_unchecked(generation, boot=boot)
    mark_doubted(generation)
    assert is_doubtful(generation, {}, boot=boot)


@pytest.mark.skipif(not BOOT.exists(), reason="this system does not number its runs")
def test_an_opening_after_a_kill_does_not_read_everything(path: Path) -> None:
    file = named(path, "vectors.i8")
    content = bytearray(file.read_bytes())
    content[300] ^= 255
    file.write_bytes(content)
    mark_unchecked(named(path, UNCHECKED).parent)
    DiskIndex.open(path, ENCODER)
    named(path, UNCHECKED).write_text("another run")
    with pytest.raises(IndexDamagedError, match="is damaged"):
        DiskIndex.open(path, ENCODER)


def test_a_writer_that_was_stopped_leaves_nothing_in_doubt(path: Path) -> None:
    def stop() -> None:
        with DiskIndex.open(path, ENCODER).writer():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert named(path, UNCHECKED).read_text() == (BOOT.read_text().strip() if BOOT.exists() else "")


def test_nothing_is_looked_into_while_somebody_writes(path: Path) -> None:
    index = DiskIndex.open(path, ENCODER)
    with index.writer() as writer:
        writer.add([stored(70, "green light", revision=200)])
        assert named(path, UNCHECKED).exists()
        assert len(DiskIndex.open(path, ENCODER)) == 60
        writer.commit()
    assert not named(path, UNCHECKED).exists()
    index.check()


def test_a_writer_that_failed_leaves_a_sign_to_look(path: Path) -> None:
    def fail() -> None:
        with DiskIndex.open(path, ENCODER).writer():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert named(path, UNCHECKED).read_text() == ""
    DiskIndex.open(path, ENCODER).check()


def test_damage_that_a_check_found_is_found_again_by_every_opening(path: Path) -> None:
    named(path, "tokens.u4").write_bytes(b"\xff" * named(path, "tokens.u4").stat().st_size)
    index = DiskIndex.open(path, ENCODER)
    with pytest.raises(IndexDamagedError):
        index.check()
    with pytest.raises(IndexDamagedError, match="is damaged"):
        DiskIndex.open(path, ENCODER)


def test_an_answer_that_fails_over_damage_says_so(path: Path) -> None:
    named(path, "tokens.u4").write_bytes(b"\xff" * named(path, "tokens.u4").stat().st_size)
    index = DiskIndex.open(path, ENCODER)
    with pytest.raises(IndexDamagedError, match="is damaged"):
        answers(index)
    with pytest.raises(IndexDamagedError, match="is damaged"):
        len(index)


def test_files_that_make_tantivy_abort_are_told_as_damage(path: Path) -> None:
    file = named(path, "term")
    body, *footer = file.read_bytes().partition(b'{"version"')
    file.write_bytes(b"\xff" * len(body) + b"".join(footer))
    with pytest.raises(IndexDamagedError, match="is damaged"):
        DiskIndex.open(path, ENCODER)
