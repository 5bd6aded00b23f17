"""The bolt app: everything Slack sends, taken once, acknowledged first, and handed on."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import PLATFORM
from adapters.slack.brought_files import BroughtFiles
from adapters.slack.interactions import Interactions
from adapters.slack.manifest import COMMAND, SAVE_SHORTCUT, SEARCH_SHORTCUT, SIMILAR_SHORTCUT
from adapters.slack.reactions import ReactionEvents
from adapters.slack.requester import Body, Profiles, Requester, requester_of
from adapters.slack.shared_links import SharedLinks
from adapters.slack.shortcuts import Shortcuts
from adapters.slack.unfurls import Unfurls
from adapters.slack.views import NOTE, SEARCH, SETUP, TIMEZONE, TOPICS, ZOTERO
from adapters.slack.welcome import Welcome
from bot.chat.completion import complete
from bot.chat.dispatch import Dispatcher
from bot.ports import Clock, SeenEvents
from bot.runtime.trace import begin

log = structlog.get_logger()

Handler = Callable[[Body, AsyncWebClient, str], Awaitable[None]]
Answering = Callable[[Requester, Body], Awaitable[None]]
Includes = Callable[[str, str], Awaitable[bool]]
"""Whether an organisation, by its id, has a workspace in which Paperboy may act."""
Uninstalled = Callable[[str], Awaitable[None]]


class Listeners:
    """Connects what Slack sends to what answers it."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        interactions: Interactions,
        shortcuts: Shortcuts,
        reactions: ReactionEvents,
        links: SharedLinks,
        unfurls: Unfurls,
        files: BroughtFiles,
        welcome: Welcome,
        profiles: Profiles,
        includes: Includes,
        seen: SeenEvents,
        clock: Clock,
        uninstalled: Uninstalled,
    ) -> None:
        self._dispatcher = dispatcher
        self._interactions = interactions
        self._shortcuts = shortcuts
        self._reactions = reactions
        self._links = links
        self._unfurls = unfurls
        self._files = files
        self._welcome = welcome
        self._profiles = profiles
        self._includes = includes
        self._seen = seen
        self._clock = clock
        self._uninstalled = uninstalled
        self._at_work: set[asyncio.Task[Any]] = set()

    async def finish(self) -> None:
        """Wait until what was acknowledged is also done, but not for long."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=_PATIENCE)

    def listen(self, app: AsyncApp) -> None:
        """Register everything with an app."""
        interactions, shortcuts = self._interactions, self._shortcuts
        app.command(COMMAND)(self._answering(interactions.slash_command))
        app.action({"type": "block_actions", "action_id": _ANY})(self._answering(interactions.block_actions))
        app.shortcut(SAVE_SHORTCUT)(self._answering(shortcuts.save))
        app.shortcut(SIMILAR_SHORTCUT)(self._answering(shortcuts.similar))
        app.shortcut(SEARCH_SHORTCUT)(self._answering(interactions.search))
        for name in (SEARCH, SETUP, TOPICS, NOTE, ZOTERO):
            app.view(name)(self._view_submitted)
        app.options(TIMEZONE)(self._timezones)
        app.event("app_home_opened")(self._once(self._home_opened))
        app.event("message")(self._message)
        app.event("link_shared")(self._once(self._unfurls.take))
        app.event("member_joined_channel")(self._joined)
        app.event("reaction_added")(self._once(self._reactions.take))
        app.event("reaction_removed")(self._once(self._reactions.take))
        app.event("app_uninstalled")(self._once(self._removed))
        app.event("tokens_revoked")(self._once(self._revoked))

    def _answering(self, handler: Answering) -> Callable[..., Awaitable[None]]:
        """A listener, as of `_once`, for what somebody asks."""

        async def answer(body: Body, client: AsyncWebClient, team: str) -> None:
            who = await requester_of(body, client, team, self._profiles)
            try:
                await handler(who, body)
            except Exception:
                await self._interactions.apologise(who)
                raise

        return self._once(answer)

    def _once(self, handler: Handler) -> Callable[..., Awaitable[None]]:
        """A listener that acknowledges, then hands on what nobody has taken yet, in any process."""

        async def listener(
            ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
        ) -> None:
            begin(str(body.get("event", body).get("type") or "command"))
            await ack()
            with self._working():
                if await self._is_new(body):
                    await handler(body, client, await self._workspace(context, body))

        return listener

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Count the current task among those that must not be interrupted.

        What fails in it is logged here: bolt would take the acknowledgement back, and Slack would send it again.
        """
        task = asyncio.current_task()
        assert task
        self._at_work.add(task)
        try:
            yield
        except Exception:
            log.exception("what Slack sent could not be answered")
        finally:
            self._at_work.discard(task)

    async def _is_new(self, body: Body) -> bool:
        """Whether nobody has taken this yet. An event has an id, an interaction the id of what triggered it."""
        name = str(body.get("event_id") or body.get("trigger_id") or "")
        return not name or await self._seen.first_sight(PLATFORM, name, now=self._clock.now())

    async def _workspace(self, context: AsyncBoltContext, body: Body) -> str:
        """The workspace in which we act; the organisation where it acts as a whole, or leaves."""
        result, organisation = context.authorize_result, context.enterprise_id or ""
        if team := result.team_id if result else context.team_id:
            return team
        named = str(body.get("context_team_id") or body.get("team_id") or "")
        if not organisation or (named and await self._includes(organisation, named)):
            return named
        return organisation

    async def _view_submitted(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """A modal was sent: it shows that work is under way, or what is wrong with what was filled in."""
        begin("view_submission")
        errors = self._interactions.view_errors(body["view"])
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await ack(response_action="update", view=self._interactions.working(body["view"]))
        with self._working():
            if await self._is_new(body):
                who = await requester_of(body, client, await self._workspace(context, body), self._profiles)
                await self._interactions.view_submission(who, body)

    async def _timezones(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Choices for a half-typed time zone. Needs no store, so there is nothing to acknowledge before."""
        typed = str(body.get("value") or "")
        found = await complete(self._dispatcher.registry, self._dispatcher.app, "timezones", typed)
        await ack(options=[{"text": {"type": "plain_text", "text": c.label[:75]}, "value": c.value} for c in found])

    async def _home_opened(self, body: Body, client: AsyncWebClient, team: str) -> None:
        event = body["event"]
        if event.get("tab") == "home":
            named = {**body, "user": {"id": event["user"]}}
            await self._interactions.publish_home(await requester_of(named, client, team, self._profiles))

    async def _message(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """A message. Taking it twice changes nothing, so not every message of a channel is written down.

        Of a direct message only files matter, those of people.
        """
        begin("message")
        await ack()
        event = body["event"]
        with self._working():
            team = await self._workspace(context, body)
            if event.get("channel_type") != "im":
                await self._links.take(body, client, team)
            elif event.get("files") and not event.get("bot_id") and await self._is_new(body):
                await self._files.take(body, client, team)

    async def _joined(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Somebody came to a channel; only when that is Paperboy itself there is something to do."""
        begin("member_joined_channel")
        await ack()
        with self._working():
            if body["event"].get("user") == context.bot_user_id and await self._is_new(body):
                await self._welcome.joined(body, client, await self._workspace(context, body))

    async def _removed(self, body: Body, _client: AsyncWebClient, team: str) -> None:
        await self._uninstalled(team)

    async def _revoked(self, body: Body, _client: AsyncWebClient, team: str) -> None:
        """Only the bot's own token matters; people's tokens are never asked for."""
        if body["event"].get("tokens", {}).get("bot"):
            await self._uninstalled(team)


_PATIENCE = 20.0
"""Seconds that what was acknowledged may still take when Paperboy stops."""

_ANY = re.compile("")
"""Every action_id; `Interactions` tells them apart."""
