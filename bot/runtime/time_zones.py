"""Which time zone database counts: the machine's, or the pinned one where that is newer.

zoneinfo looks in the machine's database first, however old it is; posts would then come at offsets of the past.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zoneinfo import TZPATH, ZoneInfo, reset_tzpath

_VERSION = re.compile(r"# version (\d{4}[a-z]+)")


class TimeZones(NamedTuple):
    """Versions such as `2026a`: of the machine's database, empty where it does not tell, and of the pinned one."""

    system: str
    pinned: str

    @property
    def pinned_is_newer(self) -> bool:
        """Whether the pinned database is the one to use; one of unknown age is not."""
        return self.pinned > self.system


def versions(folders: Iterable[str] = TZPATH) -> TimeZones:
    """The versions of the machine's database, in the first of some folders that has one, and of the pinned one."""
    from tzdata import IANA_VERSION

    return TimeZones(next(filter(None, (_version(Path(folder)) for folder in folders)), ""), IANA_VERSION)


def use_newer(folders: Iterable[str] = TZPATH) -> TimeZones:
    """Let zoneinfo read the newer database from now on; returns the versions of both."""
    found = versions(folders)
    if found.pinned_is_newer:
        reset_tzpath(to=())
        ZoneInfo.clear_cache()
    return found


def _version(folder: Path) -> str:
    """The version that the database in a folder tells in its first line; empty when it tells none."""
    try:
        with (folder / "tzdata.zi").open(encoding="utf-8") as lines:
            match = _VERSION.match(lines.readline())
    except OSError:
        return ""
    return match[1] if match else ""
