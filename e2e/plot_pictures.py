"""Draws the pictures of README that `paperboy plot` and the weekly round-up draw, from the bundled sample.

    python -m e2e.plot_pictures docs/images

The week's saves are invented.
"""

import argparse
import asyncio
import io
import random
import tempfile
from datetime import timedelta
from pathlib import Path

from PIL import Image

from bot import bootstrap
from bot.delivery.weekly import weekly_post
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.library.app import App
from bot.library.charts import map_chart, trend_chart
from bot.ports import Plots
from e2e.discord_pictures import sample_library

_CHANNEL = Place("console", "terminal", "#papers", "#papers")
_PEOPLE, _SAVES = 6, 19


async def main(folder: Path) -> None:
    """Draw the pictures."""
    plots = bootstrap.plots()
    assert plots
    with tempfile.TemporaryDirectory() as made:
        async with sample_library(Path(made) / "data") as app:
            await _save_some(app)
            _keep(await _week(app, plots), folder / "plot-week.png")
            _keep(plots.draw(await trend_chart(app, "month")), folder / "plot-trending.png")
            _keep(plots.draw(await map_chart(app), dark=True), folder / "plot-library-dark.png")


async def _save_some(app: App) -> None:
    """Let people save trending papers on the days of a week."""
    chosen, now = random.Random(7), app.clock.now()
    papers = [result.stored.paper for result in await app.library.trending("month", 12)]
    for _ in range(_SAVES):
        person = await app.store.person(Account("console", f"person {chosen.randrange(_PEOPLE)}"))
        at = now - timedelta(days=7 * chosen.betavariate(2, 2))
        paper = papers[int(len(papers) * chosen.random() ** 2)]
        await app.store.give_feedback(FeedbackAct(person, paper.id, FeedbackKind.SAVE, True, at, _CHANNEL.key))


async def _week(app: App, plots: Plots) -> bytes:
    now, channel = app.clock.now(), Destination(place=_CHANNEL)
    claimed = Delivery(
        number=1,
        destination=channel,
        kind=Kind.WEEKLY,
        day=channel.local_day(now),
        status=Status.CLAIMED,
        claimed_at=now,
    )
    [post] = await weekly_post(app, claimed, plots)
    return post.images[0].png


def _keep(png: bytes, picture: Path) -> None:
    """Write a picture, in few colours, so that the repository stays small."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(64).save(picture, optimize=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    asyncio.run(main(arguments.parse_args().folder))
