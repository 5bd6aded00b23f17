"""Real processes share the posts of one minute on a real PostgreSQL, and are killed; platforms take and answer 503."""

import asyncio
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]


async def test_killed_processes_leave_no_post_missing_and_none_twice() -> None:
    """The program says how it went, and fails when anything is missing, twice or unknown."""
    trial = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.workers", "40", "6", "--lease", "5", "--troubles", "kill", "5xx"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, errors = await trial.communicate()
    assert trial.returncode == 0, f"{told.decode()}\n{errors.decode()[-2000:]}"
    assert b" kill" in told
    assert told.count(b"0 missing, 0 messages twice") == 2
