"""One process of `benchmarks.workers`, which is killed and started often: it imports no more than `paperboy` does.

python -m benchmarks.worker_process DISCORD_URL GATEWAY_URL LEASE SKEW PART
"""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.bootstrap import app
from bot.cli import main as command_line
from bot.cli import run as serve
from bot.domain.deliveries import Rules
from bot.runtime.clocks import RunningClock


def process(discord_url: str, gateway_url: str, lease: str, skew: str, part: str) -> int:
    """What a process does: `paperboy run --only …`, with what has no setting: the small Discord and the clock."""
    Route.BASE = discord_url
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    if int(lease):
        seconds = timedelta(seconds=int(lease))
        short = partial(Rules, lease=seconds, patience=seconds * 0.8, repeat_within=seconds * 2)
        serve.Rules = short  # type: ignore[attr-defined, assignment]
    wrong = datetime.now(UTC) + timedelta(seconds=int(skew))
    app.SystemClock = partial(RunningClock, wrong)  # type: ignore[attr-defined, assignment]
    return command_line(["run", "--only", part])


if __name__ == "__main__":
    sys.exit(process(*sys.argv[1:]))
