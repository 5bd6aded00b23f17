"""Two posts of one channel and topics with names, on Slack."""

from datetime import UTC, datetime, timedelta

from adapters.slack.platform import SlackPlatform
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.people import Place
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.harness import Workspace, shown, slack, socket_settings
from tests.support.waits import Waits

HERE = Place("slack", "T1", "C1", "#papers")
NINE = datetime(2026, 1, 20, 9, 1, tzinfo=UTC)


async def test_a_channel_gets_two_posts_and_no_paper_in_both(
    over_socket: Workspace, app: App, tokens: Tokens, waits: Waits
) -> None:
    fake = over_socket.fake

    async def told(line: str) -> str:
        return shown(await over_socket.command(line, user="UADMIN"))

    assert "<!date^" in await told("digest on 09:00 UTC")
    assert (await told("digest add agents 09:00 tue,fri")).startswith("Daily post: agents\n")
    await told("digest topics add agents -memory as agents post agents")
    for line in ("digest layout compact", "digest layout compact post agents", "digest count 3 post agents"):
        assert "Next: <!date^" in await told(line)
    listed = await told("digest list")
    assert 'agents*: 3 papers at 09:00 UTC, Tue, Fri, all in one message. Topics: agents -memory as "agents".' in listed
    clock = app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = NINE
    fake.seconds = lambda: clock.moment.timestamp()  # noqa: PLW0108  (the clock's moment changes)
    platform: SlackPlatform = slack(socket_settings(fake), app, tokens, waits).platform
    deliverer = Deliverer(app.store, PostComposer(app, timedelta(days=365)), [platform], clock)
    for _ in range(3):
        await deliverer.tick()
    messages = fake.channels["T1", "C1"].messages
    titles = {shown(message).split(" · ")[0] for message in messages.values()}
    assert titles == {"Trending papers", "agents"}
    papers = [paper for ts in messages for paper in await app.store.posted(HERE.key, ts)]
    assert len(papers) == len(set(papers)) == 8
    status = await told("status")
    assert "Posts here, agents*: next on <!date^" in status
    assert "post “agents” of 20 Jan 2026 was sent" in status
    assert "Removed the post" in await told("digest remove agents")
    assert "agents" not in await told("digest list")
