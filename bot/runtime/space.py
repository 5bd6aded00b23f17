"""Space on this machine's disk, and the last backup that was made here."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_NOTE = "last_backup.json"


@dataclass(frozen=True, slots=True)
class NotedBackup:
    """A backup that was made here, and its size in bytes; None where the file is no longer there."""

    file: Path
    made_at: datetime
    size: int | None


def folder_size(folder: Path) -> int:
    """How many bytes the files in a folder take; 0 where there is none."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # the index removes files it no longer needs
                total += (Path(place) / name).stat().st_size
    return total


def free_space(folder: Path) -> int:
    """How many bytes are free where a folder is. Raises OSError where it is not."""
    return shutil.disk_usage(folder).free


def note_backup(data_dir: Path, file: Path, made_at: datetime) -> None:
    """Remember that a backup was made; where it cannot be written down, nobody is told of it later."""
    with suppress(OSError):
        data_dir.mkdir(parents=True, exist_ok=True)
        note = {"file": str(file.absolute()), "made_at": made_at.isoformat()}
        (data_dir / _NOTE).write_text(json.dumps(note), encoding="utf-8")


def last_backup(data_dir: Path) -> NotedBackup | None:
    """The last backup that was made with a data folder, None where none is known."""
    try:
        note = json.loads((data_dir / _NOTE).read_text(encoding="utf-8"))
        file, made_at = Path(note["file"]), datetime.fromisoformat(note["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        return NotedBackup(file, made_at, file.stat().st_size)
    except OSError:
        return NotedBackup(file, made_at, None)
