"""What people type, press and send: commands, buttons, selects and modals."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from adapters.slack import views
from adapters.slack.client import Api
from adapters.slack.commands import Commands, Telling
from adapters.slack.home import OPENED, SAVED_QUERY, Home, State
from adapters.slack.render import CHOOSE, RUN, SHARE, read_shared
from adapters.slack.requester import Body, Requester
from adapters.slack.responses import Responses
from bot.chat.dispatch import apology
from bot.chat.note_form import UNCHANGED, note_form
from bot.chat.paging import names_page, split_page
from bot.chat.zotero_form import ZoteroForm, zotero_form
from bot.domain.destinations import Destination
from bot.domain.messages import Message, plain_text
from bot.domain.named_posts import topics_of_post
from bot.domain.people import person_key
from bot.errors import DeliveryError
from bot.library.app import App
from bot.runtime.trace import current

log = structlog.get_logger()

_FORMS = {"search", "digest on", "digest setup", "digest", "topics"}
"""Commands that, without anything after them, ask for the rest in a modal."""


class Interactions:
    """Answers what people do."""

    def __init__(self, app: App, commands: Commands, responses: Responses, home: Home, api: Api) -> None:
        self._app = app
        self._commands = commands
        self._responses = responses
        self._home = home
        self._api = api

    async def slash_command(self, who: Requester, body: Body) -> None:
        """`/papers …`."""
        line = as_typed(str(body.get("text") or "")).strip()
        if " ".join(line.lower().split()) in _FORMS and await self._opened_form(who, line.lower()):
            return
        if await self._opened_zotero(who, line, None):
            return
        meanwhile = partial(self._responses.show_meanwhile, who)
        await self._responses.show(who, await self._commands.run(who, line or "help", meanwhile))

    async def block_actions(self, who: Requester, body: Body) -> None:
        """A button, a select or a field, in a message, a modal or the home tab."""
        for action in body["actions"]:
            if action["action_id"] == SAVED_QUERY:
                await self.publish_home(who, State(query=str(action.get("value") or "")))
            elif action["action_id"] == views.POST:
                await self._choose_post(who, body["view"], str(action["selected_option"]["value"]))
            elif action["action_id"].startswith(f"{SHARE}:"):
                await self._responses.share(who, *read_shared(action["value"]))
            elif line := command_line(action):
                await self._run(who, line, action, body)

    async def _run(self, who: Requester, line: str, action: Mapping[str, Any], body: Body) -> None:
        if line in _FORMS and await self._opened_form(who, line):
            return
        view = body.get("view")
        if await self._opened_zotero(who, line, view) or await self._opened_note(who, line, view):
            return
        if not view:
            await self._in_message(who, line, body.get("container") or {})
        elif view["type"] == "home":
            await self._in_home(who, line, view)
        else:
            await self._in_modal(who, line, str(action.get("block_id") or ""), view)

    async def _in_message(self, who: Requester, line: str, container: Mapping[str, Any]) -> None:
        """Another page takes the place of the one before where nobody else sees it; all else comes under it."""
        answer = await self._commands.run(who, line, partial(self._responses.show_meanwhile, who))
        alone = who.place.private or bool(container.get("is_ephemeral"))
        if names_page(line) and answer.cards and alone:
            await self._responses.replace_original(who, str(container.get("message_ts") or ""), answer)
            return
        if answer.renewed and not alone:
            await self._responses.replace_original(who, str(container.get("message_ts") or ""), answer.renewed)
        await self._responses.send_ephemeral(who, answer)

    async def _in_modal(self, who: Requester, line: str, block_id: str, view: Mapping[str, Any]) -> None:
        """A list stays where it is: it gets another page or a remark, and another list comes on top of it."""
        answer = await self._commands.run(who, line)
        if names_page(line):
            await self._fill(who, view["id"], views.answer(str(view["title"]["text"]), answer))
        elif views.is_remark(answer):
            await self._fill(who, view["id"], views.with_remark(view, block_id, answer))
        else:
            await self._push(who, view["id"], views.answer("Paperboy", answer))
        await self._responses.upload(who, replace(answer, private=True))

    async def _in_home(self, who: Requester, line: str, view: Mapping[str, Any]) -> None:
        """What changes the tab is shown in it; lists and texts come in a modal."""
        shown = State.read(str(view.get("private_metadata") or ""))
        command, page = split_page(line)
        word, _, query = command.partition(" ")
        if word == "saved":
            await self.publish_home(who, State(query=query, page=page or 1))
        elif _changes_home(line):
            answer = await self._commands.run(who, line)
            await self.publish_home(who, replace(shown, remark=plain_text(replace(answer, buttons=()))))
        else:
            view_id = await self._open(who, views.working("Paperboy"))
            answer = await self._commands.run(who, line, partial(self._fill_with, who, view_id, "Paperboy"))
            await self._fill_with(who, view_id, "Paperboy", answer)
            await self._responses.upload(who, replace(answer, private=True))

    async def publish_home(self, who: Requester, state: State = OPENED) -> None:
        """Show the home tab as it is now."""
        view = await self._home.view(who, state)
        try:
            await self._api.call(who.client.views_publish, user_id=who.user, view=view)
        except DeliveryError as error:
            log.warning("a home tab was not shown", reason=str(error))

    async def search(self, who: Requester, _body: Body) -> None:
        """Ask what to search for."""
        await self._open(who, views.search())

    def view_errors(self, view: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with a filled-in modal, by input."""
        if view["callback_id"] == views.SETUP and not views.values(view["state"])["days"]:
            post = views.read_post(view["private_metadata"])
            return {views.field_of("days", post): "Pick at least one day."}
        return {}

    def working(self, view: Mapping[str, Any]) -> views.View:
        """What a sent modal shows until there is an answer."""
        return views.working(str(view["title"]["text"]))

    async def apologise(self, who: Requester) -> None:
        """Tell somebody alone that what they asked for failed here, with what an admin finds it by."""
        await self._responses.send_ephemeral(who, apology(current()))

    async def view_submission(self, who: Requester, body: Body) -> None:
        """Do what a sent modal says, and show in it what came of that."""
        view = body["view"]
        shows = partial(self._fill_with, who, view["id"], str(view["title"]["text"]))
        try:
            await self._submitted(who, view, shows)
        except Exception:
            await shows(apology(current()))
            raise

    async def _submitted(self, who: Requester, view: Mapping[str, Any], shows: Telling) -> None:
        if view["callback_id"] == views.NOTE:
            await self._take_note(who, view)
            return
        if view["callback_id"] == views.ZOTERO:
            await self._take_zotero(who, view, shows)
            return
        if view["callback_id"] == views.SEARCH:
            lines = [f"search {views.values(view['state'])['query']}"]
        else:
            who = _at(who, view["private_metadata"])
            state, own = view["state"], who.place.private
            setup = view["callback_id"] == views.SETUP
            post = views.read_post(view["private_metadata"])
            lines = views.setup_lines(state, own=own, post=post) if setup else [views.topics_line(state)]
        for line in lines:
            answer = await self._commands.run(who, line, shows)
            if len(lines) > 1 and answer.private:
                break  # A refusal: what follows would be refused as well.
        await shows(answer)
        if who.place.private:
            await self.publish_home(who)

    async def _opened_form(self, who: Requester, line: str) -> bool:
        """Open the modal of a command; says whether that went well, for else the command answers by itself."""
        if line == "search":
            return bool(await self._open(who, views.search()))
        store = self._app.store
        manages = await self._commands.manages(who)
        if line == "topics":
            here = await store.topics(who.place.key)
            mine = await store.topics(person_key(await store.person(who.account)))
            return bool(await self._open(who, views.topics(who.place, mine, here, manages=manages)))
        if not manages:
            return False
        return bool(await self._open(who, await self._setup(who)))

    async def _opened_note(self, who: Requester, line: str, view: Mapping[str, Any] | None) -> bool:
        """Open the form for notes where a line asks for it, on top of the modal that it is asked in."""
        form = await note_form(self._app, who.account, who.place, line)
        return form is not None and await self._show(who, view, views.note(form, who.place))

    async def _opened_zotero(self, who: Requester, line: str, view: Mapping[str, Any] | None) -> bool:
        """Open the form that connects Zotero where a line asks for it, on top of the modal that it is asked in."""
        form = zotero_form(line, who.place)
        return form is not None and await self._show(who, view, views.zotero(form, who.place))

    async def _show(self, who: Requester, view: Mapping[str, Any] | None, asked: views.View) -> bool:
        """Open a modal, on top of the one that is open; says whether that went well."""
        if view and view["type"] == "modal":
            await self._push(who, view["id"], asked)
            return True
        return bool(await self._open(who, asked))

    async def _take_note(self, who: Requester, view: Mapping[str, Any]) -> None:
        """Write the notes of a form that was sent, by the commands that it stands for."""
        who, paper = _at(who, view["private_metadata"]), views.read_paper(view["private_metadata"])
        form = await note_form(self._app, who.account, who.place, f"note {paper}")
        commands = list(form.commands(views.values(view["state"]))) if form else []
        answers = [await self._commands.run(who, name, options=options) for name, options in commands] or [UNCHANGED]
        await self._fill(who, view["id"], views.notes_taken(str(view["title"]["text"]), answers))
        if who.place.private:
            await self.publish_home(who)

    async def _take_zotero(self, who: Requester, view: Mapping[str, Any], shows: Telling) -> None:
        """Connect a library of Zotero by the form that was sent."""
        who, form = _at(who, view["private_metadata"]), ZoteroForm(views.read_whose(view["private_metadata"]))
        line, options = form.command
        await shows(await self._commands.run(who, line, options=options, filled=views.values(view["state"])))

    async def _choose_post(self, who: Requester, view: Mapping[str, Any], chosen: str) -> None:
        """Show the settings of another post in the setup that is open, to who may change them alone."""
        who = _at(who, view["private_metadata"])
        if await self._commands.manages(who):
            await self._fill(who, view["id"], await self._setup(who, chosen.removeprefix(views.FIRST_POST)))

    async def _setup(self, who: Requester, post: str = "") -> views.View:
        """The setup of a post of a place; of the one without a name where there is none of that name."""
        store = self._app.store
        posts = {each.post: each for each in await store.posts_of(who.place.key)}
        known = posts.get(post) or posts.get("")
        settings = known or await self._proposed(who)
        topics = await store.topics(who.place.key)
        if settings.post:
            topics = topics_of_post(settings.post, await store.topics(settings.key), topics)
        watched, names = await store.is_watched(who.place.key), [name for name in posts if name]
        return views.setup(settings, topics, watched=watched, known=known is not None, posts=names)

    async def _proposed(self, who: Requester) -> Destination:
        """What a daily post would be like: at nine where the one who sets it lives."""
        timezone = await self._commands.timezone(who)
        proposed = Destination(place=who.place)
        return replace(proposed, timezone=timezone) if timezone else proposed

    async def _open(self, who: Requester, view: views.View) -> str:
        """Open a modal; returns its id, or nothing when Slack did not, as when the trigger is too old."""
        try:
            opened = await self._api.call(who.client.views_open, trigger_id=who.trigger, view=view)
        except DeliveryError as error:
            log.info("a modal was not opened", reason=str(error))
            return ""
        return str(opened["view"]["id"])

    async def _push(self, who: Requester, view_id: str, view: views.View) -> None:
        """Show a view on top of a modal; where Slack lets no more be stacked it takes the modal's place."""
        try:
            await self._api.call(who.client.views_push, trigger_id=who.trigger, view=view)
        except DeliveryError as error:
            log.info("a modal was not stacked", reason=str(error))
            await self._fill(who, view_id, view)

    async def _fill_with(self, who: Requester, view_id: str, title: str, answer: Message) -> None:
        """Show an answer in a modal, or what is said until it is there."""
        await self._fill(who, view_id, views.answer(title, answer))

    async def _fill(self, who: Requester, view_id: str, view: views.View) -> None:
        try:
            await self._api.call(who.client.views_update, view_id=view_id, view=view)
        except DeliveryError as error:
            log.info("an answer was not shown in its modal", reason=str(error))


def _changes_home(line: str) -> bool:
    """Whether what a command changes is seen in the home tab itself."""
    return line.startswith(tuple(f"{command} " for command in _CHANGING)) or line in _CHANGING


_CHANGING = ("save", "unsave", "like", "unlike", "dislike", "undislike", "tag", "unnote", "digest me", "digest off")

_MARKED = re.compile(r"<(?:#[A-Z0-9]+\|(?P<channel>[^<>|]*)|(?P<link>[^<>|@#!][^<>|]*)(?:\|(?P<shown>[^<>|]*))?)>")


def as_typed(text: str) -> str:
    """What was typed: Slack marks links and channels, and sends `&`, `<` and `>` as entities.

    Of a link that shows other words than its address, the address counts. People stay marked, since a name alone does
    not tell who it is.

    >>> as_typed("similar <http://arxiv.org/abs/2310.06825|arxiv.org/abs/2310.06825> &gt; <@U1|ana>")
    'similar arxiv.org/abs/2310.06825 > <@U1|ana>'
    """
    unmarked = _MARKED.sub(_as_typed, text)
    return unmarked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_typed(marked: re.Match[str]) -> str:
    link, shown = marked["link"], marked["shown"]
    if not link:
        return f"#{marked['channel']}"
    return shown if shown and link.rstrip("/").endswith(shown.rstrip("/")) else link


def command_line(action: Mapping[str, Any]) -> str:
    """The command line that an element stands for; empty for one that does nothing, such as a link."""
    kind, _, rest = str(action["action_id"]).partition(":")
    if kind == CHOOSE:
        return rest.partition(":")[2].replace("{value}", str(action["selected_option"]["value"]))
    return str(action.get("value") or "") if kind == RUN else ""


def _at(who: Requester, metadata: str) -> Requester:
    """Somebody where the modal they sent was opened."""
    place = views.read_place(metadata, who.place)
    return replace(who, place=place, channel="" if place.private else place.channel)
