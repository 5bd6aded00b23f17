"""The newer of two time zone databases decides when nine o'clock is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, reset_tzpath

import pytest
import tzdata
from tzdata import IANA_VERSION

from bot.runtime.time_zones import TimeZones, use_newer, versions


@pytest.fixture
def old(tmp_path: Path) -> Iterator[str]:
    """A database of 2019 in which Tokyo keeps London's time; zoneinfo reads it until the test ends."""
    reset_tzpath(to=())
    ZoneInfo.clear_cache()
    london = Path(tzdata.__file__).parent / "zoneinfo" / "Europe" / "London"
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Tokyo").write_bytes(london.read_bytes())
    (tmp_path / "tzdata.zi").write_text("# version 2019a\n# This zic input file is in the public domain.\n")
    reset_tzpath(to=[str(tmp_path)])
    ZoneInfo.clear_cache()
    yield str(tmp_path)
    reset_tzpath(to=TZPATH)
    ZoneInfo.clear_cache()


def offset_of_tokyo() -> float:
    moment = datetime(2026, 1, 19, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).utcoffset()
    assert moment is not None
    return moment.total_seconds() / 3600


def test_an_old_database_of_the_machine_is_not_used(old: str) -> None:
    assert offset_of_tokyo() == 0
    assert use_newer([old]) == TimeZones("2019a", IANA_VERSION)
    assert offset_of_tokyo() == 9


def test_a_newer_database_of_the_machine_stays(old: str) -> None:
    (Path(old) / "tzdata.zi").write_text("# version 2099a\n")
    assert not use_newer([old]).pinned_is_newer
    assert offset_of_tokyo() == 0


def test_a_database_of_unknown_age_is_taken_for_old(tmp_path: Path) -> None:
    assert versions([str(tmp_path)]) == TimeZones("", IANA_VERSION)
    (tmp_path / "tzdata.zi").write_text("no version\n")
    assert versions([str(tmp_path)]).pinned_is_newer
