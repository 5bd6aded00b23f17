"""Real processes share the posts of one minute on a real PostgreSQL, and one of them is killed every second."""

import asyncio
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "workers.py"


async def test_killed_workers_leave_no_post_missing_and_none_twice() -> None:
    """The script says how it went, and fails when anything is missing, twice or unknown without need."""
    pipe = asyncio.subprocess.PIPE
    trial = await asyncio.create_subprocess_exec(sys.executable, SCRIPT, "150", "1.5", stdout=pipe, stderr=pipe)
    told, errors = await trial.communicate()
    assert trial.returncode == 0, f"{told.decode()}\n{errors.decode()[-2000:]}"
    assert b"0 messages twice" in told
