"""tantivy's files, cut and altered."""

from pathlib import Path

import pytest

from bot.ports import PaperIndex
from storage.index.segments import require_unaltered, require_whole
from tests.support.index import fill, stored


@pytest.fixture
def directory(index: PaperIndex, tmp_path: Path) -> Path:
    fill(index, [stored(1, "red green"), stored(2, "blue")])
    fill(index, [stored(1, "red", revision=3)])
    return next(tmp_path.glob("index/generation-*/tantivy"))


def test_files_as_tantivy_wrote_them_are_in_order(directory: Path) -> None:
    assert any(directory.glob("*.del"))
    require_whole(directory)
    require_unaltered(directory)


@pytest.mark.parametrize("part", ["idx", "pos", "term", "store", "fast", "fieldnorm", "del"])
def test_every_file_of_a_segment_is_looked_at(directory: Path, part: str) -> None:
    file = next(directory.glob(f"*.{part}"))
    content = file.read_bytes()
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    require_whole(directory)
    with pytest.raises(ValueError, match=f"{file.name} of tantivy is not as it was written"):
        require_unaltered(directory)
    for left in range(len(content)):
        file.write_bytes(content[:left])
        with pytest.raises(ValueError, match=r"cut short"):
            require_whole(directory)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        require_whole(directory)


@pytest.mark.parametrize(
    "meta", ["", "[]", "{}", '{"segments": 1}', '{"segments": [{}]}', '{"segments": [{"segment_id": 1}]}']
)
def test_a_list_of_segments_that_makes_no_sense_is_refused(directory: Path, meta: str) -> None:
    (directory / "meta.json").write_text(meta)
    with pytest.raises(ValueError, match=r"of tantivy|Expecting"):
        require_whole(directory)
