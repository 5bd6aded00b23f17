"""Somebody follows an author, and a channel a query, on Slack: each new paper comes once, and a group is told."""

from adapters.slack.platform import SlackPlatform
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.ingest import update_index
from bot.ports import Batch
from storage.sql.tokens import Tokens
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import Workspace, shown, slack, socket_settings
from tests.support.waits import Waits

NEW = Paper(
    id=PaperId("2601.90001"),
    title="Kumquat looms weave algebra",
    abstract="We weave algebra with kumquat looms.",
    authors=("Ada Lovelace",),
)


def said(fake: FakeSlack, channel: str) -> list[str]:
    """What was posted to a channel."""
    return [shown(message) for message in fake.channels["T1", channel].messages.values()]


async def test_a_new_paper_comes_once_to_each_who_follows_it(
    over_socket: Workspace, app: App, tokens: Tokens, waits: Waits
) -> None:
    async def told(line: str, user: str = "U1") -> str:
        return shown(await over_socket.command(line, user=user))

    assert "comes at once, as a private message" in await told('follow author:"Ada Lovelace"')
    assert "Only admins" in await told('follow channel "kumquat looms"')
    assert "comes at once, here" in await told('follow channel "kumquat looms"', "UADMIN")
    assert "is no role or user group" in await told('notify @readers "kumquat looms"', "UADMIN")
    assert "is mentioned with" in await told('notify <!subteam^S123|@readers> "kumquat looms"', "UADMIN")
    clock = app.clock
    assert isinstance(clock, TickingClock)
    await app.store.save_batch("test", Batch(papers=[NEW]), now=clock.now())
    await update_index(app.store, app.index)
    assert await find_matches(app)
    platform: SlackPlatform = slack(socket_settings(over_socket.fake), app, tokens, waits).platform
    deliverer = Deliverer(app.store, PostComposer(app), [platform], clock)
    for _ in range(3):
        await deliverer.tick()
    [here] = said(over_socket.fake, "C1")
    [private] = said(over_socket.fake, "U1")
    assert here.startswith('<!subteam^S123>\nFollowed: "kumquat looms"')
    assert NEW.title in here
    assert private.startswith('Followed: author:"Ada Lovelace"')
    assert NEW.title in private
    assert "No longer followed" in await told('unfollow author:"Ada Lovelace"')
    assert "Only admins" in await told('unfollow channel "kumquat looms"')
    assert "No longer followed" in await told('unfollow channel "kumquat looms"', "UADMIN")
    assert "Nothing yet" in await told("follow")


async def test_who_lets_a_channel_follow_something_is_told_when_paperboy_is_not_in_it(over_socket: Workspace) -> None:
    over_socket.fake.add(Channel("C2", is_member=False, is_private=True))
    answer = shown(await over_socket.command("follow channel kumquat", user="UADMIN", channel="C2"))
    assert "comes at once, here" in answer
    assert "/invite" in answer
