"""The real discord.py against a small Discord on this machine: what simulators leave out."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

import pytest

from adapters.discord.client import Client
from adapters.discord.command_names import ADMIN, ROOT
from adapters.discord.errors import InvalidRequests
from adapters.discord.platform import DiscordPlatform
from adapters.discord.registration import check, sync_commands
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination
from bot.domain.messages import Message, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import PostponedError, RefusedError, UnclearError, UserError
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.support.delivery_world import FakeComposer
from tests.support.discord.fake_discord import FakeDiscord, user
from tests.support.discord.fake_people import COMMAND, GUILD, Person, channel
from tests.support.discord.wire import HERE, PAPERS, READING, connected, eventually, judged, new_platform, running
from tests.support.discord.world import texts_of
from tests.support.waits import Waits

MANAGE_THREADS = 1 << 34
SAVE = "\U0001f516"
HELLO = Message(body=(text("hello"),))


async def test_it_asks_for_three_intents_and_nothing_privileged(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app):
        assert fake.gateway.identifies[0]["intents"] == (1 << 0) | (1 << 10) | (1 << 13)


async def test_it_reads_messages_only_where_it_was_told_to(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app, discord_linked_papers=True):
        assert fake.gateway.identifies[0]["intents"] == (1 << 0) | (1 << 9) | (1 << 10) | (1 << 13) | (1 << 15)


async def test_an_intent_that_is_not_granted_is_told_with_what_to_do(fake: FakeDiscord, app: App) -> None:
    fake.gateway.refusing = 4014
    with pytest.raises(UserError, match="Message Content Intent"):
        await new_platform(app, discord_linked_papers=True).run()
    with pytest.raises(UserError, match="Message Content Intent"):
        await check(registry, "a.token.here", reading=True)
    fake.flags = 1 << 19
    assert "message_content (granted)" in await check(registry, "a.token.here", reading=True)


async def test_after_too_many_refusals_nothing_is_sent_for_a_while(fake: FakeDiscord, app: App) -> None:
    invalid = InvalidRequests(app.clock, limit=3)
    client = Client(app, Dispatcher(registry, app), Reactions(app.store), http_trace=invalid.trace)
    waits = Waits()
    platform = DiscordPlatform(client, "a.token.here", invalid, waits)
    async with running(fake, platform):
        fake.fail("POST", f"/channels/{PAPERS}/messages", 403, 403, 403)
        for nonce in ("1", "2", "3"):
            with pytest.raises(RefusedError):
                await platform.send(HERE, HELLO, nonce=nonce)
        before = len(fake.requests)
        with pytest.raises(PostponedError, match="refused too many requests"):
            await platform.send(HERE, HELLO, nonce="4")
        assert len(fake.requests) == before


async def test_a_reaction_to_an_own_post_is_no_reason_to_read_it(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app, discord_linked_papers=True):
        ben = Person(fake, 301, "ben")
        await app.store.watch(HERE.key, on=True)
        shown = (await ben.slash(PAPERS, "show", paper="2601.03236")).original
        assert shown
        await _recorded(app, shown)
        await ben.react(shown, SAVE)
        await fake.until(lambda: any(message["channel_id"] == f"9{ben.id}" for message in _everywhere(fake)))
        assert not [request for request in fake.requests if request.method == "GET" and "/messages/" in request.path]


async def test_a_message_is_sent_again_after_a_failure_and_shown_once(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", 502, 0.01)
        sent = await platform.send(HERE, HELLO, nonce="1")
        assert await platform.send(HERE, HELLO, nonce="1") == sent
        assert [message["id"] for message in fake.shown(PAPERS)] == [sent]
        assert len([request for request in fake.requests if request.path.endswith("/messages")]) == 4


async def test_a_long_rate_limit_is_left_to_the_sender(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", 600.0)
        with pytest.raises(PostponedError) as caught:
            await platform.send(HERE, HELLO, nonce="1")
        assert caught.value.retry_after == 600.0


async def test_a_connection_that_breaks_is_unclear_and_sending_again_is_safe(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", "drop")
        with pytest.raises(UnclearError):
            await platform.send(HERE, HELLO, nonce="1")
        await platform.send(HERE, HELLO, nonce="1")
        assert len(fake.shown(PAPERS)) == 1


async def test_a_limit_of_the_network_in_front_of_discord_postpones_for_as_long_as_it_says(
    fake: FakeDiscord, app: App
) -> None:
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", "edge")
        with pytest.raises(PostponedError) as caught:
            await platform.send(HERE, HELLO, nonce="1")
        assert caught.value.retry_after == 7.0
        assert fake.shown(PAPERS) == []


async def test_a_message_that_discord_took_before_it_failed_is_looked_for_and_not_sent_twice(
    fake: FakeDiscord, app: App
) -> None:
    began = datetime(2026, 1, 20, 9, tzinfo=UTC)
    await app.store.save_destination(Destination(place=HERE, at=time(9)), now=began - timedelta(hours=1))
    async with connected(fake, app) as platform:
        fake.fail("POST", f"/channels/{PAPERS}/messages", "fail late")
        await Deliverer(app.store, FakeComposer(2), [platform], StandingClock(began)).tick()
        assert len(fake.shown(PAPERS)) == 1
        fake.forget_nonces()
        later = StandingClock(began + timedelta(minutes=30))
        await Deliverer(app.store, FakeComposer(2), [platform], later).tick()
        assert len(fake.shown(PAPERS)) == 2


async def test_what_was_missed_is_heard_after_a_resume(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app):
        ben = Person(fake, 301, "ben")
        shown = await ben.slash(PAPERS, "show", paper="2601.03236")
        assert shown.original
        await _recorded(app, shown.original)
        await fake.gateway.ask_to_reconnect()
        await ben.react(shown.original, SAVE)
        await fake.until(lambda: fake.gateway.resumes)
        await fake.until(lambda: any(message["channel_id"] == f"9{ben.id}" for message in _everywhere(fake)))
        assert await judged(app, ben) == [("2601.03236", "save")]
        assert len(fake.gateway.identifies) == 1


async def test_a_socket_that_breaks_is_resumed(fake: FakeDiscord, app: App) -> None:
    async with connected(fake, app):
        fake.gateway.drop()
        await fake.until(lambda: fake.gateway.resumes)
        ben = Person(fake, 301, "ben")
        assert (await ben.slash(PAPERS, "status")).original


async def test_commands_are_registered_and_the_application_checked(fake: FakeDiscord) -> None:
    assert "sync-commands" in await check(registry, "a.token.here")
    assert await sync_commands(registry, "a.token.here") == [
        "papers",
        "papers-admin",
        "Show paper",
        "Save paper",
        "Similar papers",
    ]
    assert await sync_commands(registry, "a.token.here", 1) == [
        "papers",
        "papers-admin",
        "Show paper",
        "Save paper",
        "Similar papers",
    ]
    assert fake.requests[-1].path.endswith("/guilds/1/commands")
    told = await check(registry, "a.token.here")
    assert "sync-commands" not in told
    assert "client_id=100" in told


async def test_a_channel_that_is_deleted_gets_no_post_any_more(fake: FakeDiscord, app: App) -> None:
    await app.store.save_destination(Destination(place=HERE), now=app.clock.now())
    thread = Place("discord", GUILD, "77", "#thread")
    await app.store.save_destination(Destination(place=thread), now=app.clock.now())
    await app.store.save_destination(Destination(place=HERE, post="robotics"), now=app.clock.now())

    async def nothing_is_on() -> bool:
        kept = [post for place in (HERE, thread) for post in await app.store.posts_of(place.key)]
        return len(kept) == 3 and not any(post.enabled for post in kept)

    async with connected(fake, app):
        await fake.gateway.send("THREAD_DELETE", {"id": "77", "guild_id": GUILD, "parent_id": PAPERS, "type": 11})
        await fake.gateway.send("CHANNEL_DELETE", fake.channels[PAPERS])
        await eventually(nothing_is_on)


async def test_on_an_account_it_answers_in_servers_it_is_no_member_of(fake: FakeDiscord, app: App) -> None:
    fake.channels["21"] = channel("21", "elsewhere")
    ben = Person(fake, 301, "ben", admin=True)
    async with connected(fake, app):
        for name, said in (("search", "Search: robots"), ("digest", "I am not a member of this server")):
            options = [{"name": "query", "value": "robots", "type": 3}]
            inside = {"name": "time", "type": 1, "options": [{"name": "at", "value": "9:00", "type": 3}]}
            used = {"name": name, "type": 2, "options": [inside]} if name == "digest" else {"name": name, "type": 1}
            root = ADMIN if name == "digest" else ROOT
            data = {"id": "5", "name": root, "type": 1, "options": [{"options": options, **used}]}
            asked, payload = ben.send("21", COMMAND, data)
            elsewhere = {"guild_id": "2", "authorizing_integration_owners": {"1": ben.id}}
            await fake.gateway.send("INTERACTION_CREATE", {**payload, **elsewhere})
            await fake.until(partial(attrgetter("edits"), asked))
            assert said in texts_of(asked.original)


async def test_a_talk_between_people_is_nobodys_own(fake: FakeDiscord, app: App) -> None:
    fake.channels["31"] = {"id": "31", "type": 1, "last_message_id": None, "recipients": [user("302", "ana")]}
    ben = Person(fake, 301, "ben")
    async with connected(fake, app):
        inside = {"name": "me", "type": 1, "options": []}
        data = {"id": "5", "name": "papers", "type": 1, "options": [{"name": "digest", "type": 2, "options": [inside]}]}
        asked, payload = ben.send("31", COMMAND, data)
        between = {"context": 2, "user": ben.user, "authorizing_integration_owners": {"1": ben.id}}
        kept = {name: value for name, value in payload.items() if name not in {"guild_id", "member", "guild_locale"}}
        await fake.gateway.send("INTERACTION_CREATE", {**kept, **between})
        await fake.until(lambda: asked.edits)
        own = await app.store.destination(private_talk(Account("discord", ben.id)).key)
        assert own, "the post comes to the person, not to where two people talk"


async def test_the_application_must_be_allowed_on_accounts_to_be_added_there(fake: FakeDiscord) -> None:
    assert "User Install" not in await check(registry, "a.token.here")
    del fake.installs["1"]
    assert "switch on User Install" in await check(registry, "a.token.here")


async def test_a_forum_whose_tags_are_for_moderators_needs_more_leave(fake: FakeDiscord, app: App) -> None:
    forum = fake.channels[READING]
    forum["available_tags"] = [{**tag, "moderated": True} for tag in forum["available_tags"]]
    forum["permission_overwrites"] = [{"id": GUILD, "type": 0, "allow": "0", "deny": str(MANAGE_THREADS)}]
    ana = Person(fake, 300, "ana", admin=True)
    async with connected(fake, app):
        panel = (await ana.slash(PAPERS, "digest on")).original
        assert panel
        await ana.choose(panel, "setup:channel", READING)
        assert "Please allow me there: Manage Posts (its tags are for moderators)" in texts_of(panel)


async def test_a_token_discord_does_not_know_is_told(fake: FakeDiscord, app: App) -> None:
    fake.fail("GET", "/users/@me", 401, 401)
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        await check(registry, "a.wrong.token")
    with pytest.raises(UserError, match="DISCORD_TOKEN"):
        await new_platform(app).run()


def _everywhere(fake: FakeDiscord) -> list[Any]:
    return [message for messages in fake.messages.values() for message in messages]


async def _recorded(app: App, message: Any) -> None:
    """Wait until the papers of an answer are remembered, which happens right after it is shown."""

    async def remembered() -> bool:
        return bool(await app.store.posted(HERE.key, message["id"]))

    await eventually(remembered)
