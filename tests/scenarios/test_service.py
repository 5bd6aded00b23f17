"""`paperboy run` as a service: systemd hears of it, and it stops in time, also in the middle of a post."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination, Layout
from bot.domain.people import Place
from storage.sql.store import SqlStore
from tests.support.service import Service
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault

pytestmark = pytest.mark.long

CHANNEL = Place("slack", "T1", "C1")
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A data folder with four papers of today, and a channel whose post is due."""
    now = datetime.now(UTC)
    papers = [
        {
            "id": f"2601.0000{number}",
            "title": f"{subject} learn to plan",
            "abstract": f"We show that {subject.lower()} can plan. They do so in a new way.",
            "authors": ["Ada Lovelace"],
            "categories": ["cs.LG"],
            "published": now.isoformat(),
        }
        for number, subject in enumerate(("Robots", "Graphs", "Proteins", "Telescopes"))
    ]
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    data = tmp_path / "data"
    assert await asyncio.to_thread(main, ["--data-dir", str(data), "import", str(file)]) == 0
    due = Destination(
        place=CHANNEL, at=(now - timedelta(minutes=1)).time(), timezone="UTC", chosen_layout=Layout.CARDS, count=4
    )
    async with await SqlStore.open(f"sqlite:///{data / 'paperboy.db'}") as store:
        await store.save_destination(due, now=now - timedelta(days=1))
    return data


def service(folder: Path, fake: FakeSlack) -> Service:
    settings = {
        "PYTHONPATH": str(ROOT),
        "PAPERBOY_DATA_DIR": str(folder),
        "PAPERBOY_SOURCES": ",",
        "PAPERBOY_LOOKUP": "off",
        "PAPERBOY_WAIT_FOR_SYNC": "0",
        "PAPERBOY_SLACK_API_URL": fake.url,
        "SLACK_BOT_TOKEN": "xoxb-T1",
        "SLACK_APP_TOKEN": "xapp-1",
        "WATCHDOG_USEC": "60000000",
    }
    return Service([sys.executable, "-m", "bot", "run"], settings, folder)


async def test_asked_to_stop_in_the_middle_of_a_post_it_ends_in_time_and_knows_what_is_on_its_way(folder: Path) -> None:
    """Slack takes the second message and does not answer; ten seconds after SIGTERM the process must be gone.

    That the rest then comes once, and nothing twice, is tested in `tests/bot/delivery/test_deliverer.py`.
    """
    answers = asyncio.Event()
    async with FakeSlack() as fake:
        fake.seconds = lambda: datetime.now(UTC).timestamp()
        channel = fake.add(Channel("C1"))
        fake.fail("chat.postMessage", Fault(until=answers), after=1)
        async with service(folder, fake) as first:
            await first.says("READY=1")
            await fake.until(lambda: len(channel.messages) == 2)
            seconds = await first.stop()
            await first.says("STOPPING=1")
        answers.set()
        assert seconds < 10
        assert {"WATCHDOG=1", "STATUS=Connecting to slack.", "STATUS=Connected to slack."} <= set(first.said)
        async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}") as store:
            [upcoming] = await store.upcoming([CHANNEL.key])
        [left] = upcoming.deliveries
        assert (left.status, len(left.sent)) == (Status.SENDING, 1)
        assert left.started_at, "whoever goes on must look for the second message"
        assert len(channel.messages) == 2
