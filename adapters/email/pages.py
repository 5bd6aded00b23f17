"""The web pages: asking for mails, confirming, settings, unsubscribing, and the links under each paper.

What somebody may do is proven by the link alone, so there are no cookies. Opening a link shows a page, and only its
button does something: programs that look at links do nothing by it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from adapters.email.brought_files import LARGEST_BODY, import_file, take_back
from adapters.email.followed import follows_text, read_follows, set_follows
from adapters.email.forms import (
    SUBSCRIBE_SCRIPT,
    mail_settings,
    read_scope,
    scope_choices,
    set_topics,
    setting_fields,
    topics_text,
)
from adapters.email.other_mails import other_mails_text, read_other_mails, set_other_mails
from adapters.email.render import Link
from adapters.email.signed_links import Links, Purpose
from adapters.email.web import Page, Press, answering, requester
from adapters.email.zotero import connected_zotero, take_zotero
from adapters.http import takes_files
from bot.chat.dispatch import Dispatcher
from bot.domain.dates import local_moment
from bot.domain.destinations import Destination, next_run
from bot.domain.follows import Follow
from bot.domain.mailboxes import Ask, parse_address
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, FeedbackKind
from bot.errors import UserError
from bot.library.app import App
from bot.library.cards import byline
from bot.library.subscriptions import Subscriptions, proposed

_ORIGIN = "email"
_MOST_FIELDS = 50
_LARGEST_FORM = 64 * 1024
"""Bytes: fifty of the longest topics are less, in whatever script."""


class Pages:
    """Answers browsers; `proxies` is how many stand in front."""

    def __init__(
        self, app: App, dispatcher: Dispatcher, subscriptions: Subscriptions, links: Links, *, proxies: int = 0
    ) -> None:
        self._subscriptions = subscriptions
        self._dispatcher = dispatcher
        self._app = app
        self._store, self._clock, self._library = app.store, app.clock, app.library
        self._links = links
        self._proxies = proxies

    def routes(self) -> list[web.RouteDef]:
        """Where browsers, and the mail programs that unsubscribe, come in."""
        shown = {
            Purpose.CONFIRM: self._confirm,
            Purpose.SETTINGS: self._settings,
            Purpose.UNSUBSCRIBE: self._unsubscribe,
            Purpose.SAVE: self._save,
            Purpose.LESS: self._less,
        }
        routes = [self._get("/mail", self._form), self._post("/mail", self._ask)]
        for purpose, handler in shown.items():
            path = f"/mail/{purpose.value}"
            # Mail programs unsubscribe by a POST of their own (RFC 8058).
            routes += [self._get(path, handler), self._post(path, handler, guarded=purpose is not Purpose.UNSUBSCRIBE)]
        importing = takes_files(answering(self._import, self._links.base), LARGEST_BODY)
        return [*routes, web.post("/mail/import", importing)]

    def _get(self, path: str, handler: Callable[[web.Request], Awaitable[Page]]) -> web.RouteDef:
        return web.get(path, answering(handler, self._links.base), allow_head=False)

    def _post(
        self, path: str, handler: Callable[[web.Request], Awaitable[Page]], *, guarded: bool = True
    ) -> web.RouteDef:
        return web.post(path, answering(handler, self._links.base, guarded=guarded))

    async def _form(self, request: web.Request) -> Page:
        return self._subscribe_page({}, script=SUBSCRIBE_SCRIPT)

    def _subscribe_page(self, typed: Mapping[str, str], **shown: Any) -> Page:
        fields = {
            **setting_fields(proposed(""), typed),
            "address": typed.get("address", ""),
            "form": self._links.token(Purpose.ASK),
        }
        return Page(title="Papers by e-mail", template="subscribe.html", fields=fields, **shown)

    async def _ask(self, request: web.Request) -> Page:
        """Take in an address. The answer is the same whatever is known of it."""
        typed = await _typed(request)
        try:
            self._links.read(Purpose.ASK, typed.get("form", ""))
        except UserError:
            wrong = "This page was open for too long. Please send it again."
            return self._subscribe_page(typed, wrong=wrong, status=400)
        try:
            ask = Ask(
                address=parse_address(typed.get("address", "")),
                requester=requester(request, self._proxies),
                **mail_settings(typed),
            )
            await self._subscriptions.ask(ask)
        except UserError as error:
            return self._subscribe_page(typed, wrong=str(error), status=400)
        sent = f"If {ask.address} can receive our mail, a confirmation is on its way."
        return Page(
            title="Check your inbox",
            lines=(sent, "Nothing there after a few minutes? Look in your spam folder."),
        )

    async def _confirm(self, request: web.Request) -> Page:
        number = self._read(request, Purpose.CONFIRM)[0]
        if request.method != "POST":
            return Page(
                title="Papers by e-mail",
                lines=("One click, and the day's papers come to your inbox.",),
                presses=(Press("Send me papers", "confirm"),),
            )
        mailbox = await self._subscriptions.confirm(int(number))
        return Page(
            title="You are subscribed",
            lines=(f"For {mailbox.place.channel}. {self._next(mailbox)}",),
            links=(await self._settings_link(mailbox, "Settings and topics"),),
        )

    async def _settings(self, request: web.Request) -> Page:
        mailbox = await self._mailbox(request, Purpose.SETTINGS)
        if request.method != "POST":
            return await self._settings_page(mailbox, {})
        return await self._pressed(mailbox, await _typed(request))

    async def _pressed(self, mailbox: Destination, typed: Mapping[str, str]) -> Page:
        """Do what a button of the settings page says."""
        match typed.get("do"):
            case "save":
                return await self._set(mailbox, typed)
            case "unsubscribe":
                return await self._close(mailbox)
            case "zotero" | "zotero-off" as pressed:
                page = await take_zotero(self._dispatcher, mailbox, pressed, typed)
                return replace(page, links=(await self._settings_link(mailbox, "Back to the settings"),))
            case "forget":
                return Page(
                    title="Forget you?",
                    lines=("This deletes your saves, likes, topics, mails and linked accounts, for good.",),
                    presses=(Press("Forget me", "forget-yes"), Press("Back", "back", primary=False)),
                )
            case "forget-yes" if mailbox.person is not None:
                await self._store.forget_person(mailbox.person)
                return Page(title="Forgotten", lines=("Nothing about you is kept.",))
            case _:
                return await self._settings_page(mailbox, {})

    async def _import(self, request: web.Request) -> Page:
        """Take in a file of papers, or take what it saved back."""
        mailbox = await self._mailbox(request, Purpose.SETTINGS)
        if request.content_type == "multipart/form-data":
            page = await import_file(self._dispatcher, mailbox, request)
        else:
            page = await take_back(self._dispatcher, mailbox, (await _typed(request)).get("do", ""))
        return replace(page, links=(await self._settings_link(mailbox, "Back to the settings"),))

    async def _set(self, mailbox: Destination, typed: Mapping[str, str]) -> Page:
        try:
            changed = replace(mailbox, enabled=True, scope=read_scope(typed, mailbox.scope), **mail_settings(typed))
            posts = await self._store.posts_of(mailbox.place.key)
            others = read_other_mails(posts, changed, typed.get("others", other_mails_text(posts)))
            followed = await self._follows(changed)
            new = await read_follows(self._app, changed, followed, typed.get("follows", follows_text(followed)))
            await set_topics(self._store, changed.owner, typed.get("topics", ""))
            await set_other_mails(self._store, self._subscriptions, posts, others)
            await set_follows(self._store, followed, new)
        except UserError as error:
            return await self._settings_page(mailbox, typed, wrong=str(error), status=400)
        await self._subscriptions.save(changed)
        return Page(
            title="Saved",
            lines=(self._next(changed),),
            links=(await self._settings_link(changed, "Back to the settings"),),
        )

    async def _settings_page(self, mailbox: Destination, typed: Mapping[str, str], **shown: Any) -> Page:
        followed = await self._store.topics(mailbox.owner)
        fields = {
            **setting_fields(mailbox, typed),
            "address": mailbox.place.channel,
            "state": self._next(mailbox),
            "enabled": mailbox.enabled,
            "topics": typed.get("topics", topics_text(followed)),
            "follows": typed.get("follows", follows_text(await self._follows(mailbox))),
            "others": typed.get("others", other_mails_text(await self._store.posts_of(mailbox.place.key))),
            "zotero": await connected_zotero(self._app, mailbox),
            "zotero_is_on": self._app.zotero is not None and mailbox.person is not None,
            "scopes": scope_choices(read_scope(typed, mailbox.scope)),
            "token": self._links.token(Purpose.SETTINGS, await self._store.mailbox_tag(mailbox.place.key)),
        }
        return Page(title="Settings", template="settings.html", fields=fields, **shown)

    async def _follows(self, mailbox: Destination) -> list[Follow]:
        return await self._store.follows(mailbox.owner, mailbox.place.key)

    async def _unsubscribe(self, request: web.Request) -> Page:
        mailbox = await self._mailbox(request, Purpose.UNSUBSCRIBE)
        if request.method == "POST":
            return await self._close(mailbox)
        return Page(
            title="Unsubscribe?",
            lines=(f"No more mails to {mailbox.place.channel}.",),
            presses=(Press("Unsubscribe", "unsubscribe"),),
        )

    async def _close(self, mailbox: Destination) -> Page:
        await self._subscriptions.close(mailbox)
        return Page(
            title="Unsubscribed",
            lines=(f"No more mails will come to {mailbox.place.channel}.",),
        )

    async def _save(self, request: web.Request) -> Page:
        return await self._judge(request, Purpose.SAVE, FeedbackKind.SAVE, ("Save this paper?", "Save"), "Saved")

    async def _less(self, request: web.Request) -> Page:
        asked = ("Fewer papers like this?", "Less like this")
        return await self._judge(request, Purpose.LESS, FeedbackKind.DISLIKE, asked, "Fewer like this from now on")

    async def _judge(
        self, request: web.Request, purpose: Purpose, kind: FeedbackKind, asked: tuple[str, str], done: str
    ) -> Page:
        """Ask about a paper, or take the answer, which can be taken back."""
        mailbox, paper_id = await self._mailbox(request, purpose), self._read(request, purpose)[1]
        stored = (await self._library.find(paper_id)).paper
        title, label = asked
        lines = tuple(filter(None, (stored.title, byline(stored))))
        ask = Page(title=title, lines=lines, presses=(Press(label, "yes"),))
        if request.method != "POST" or mailbox.person is None:
            return ask
        now = self._clock.now()
        if (await _typed(request)).get("do") == "undo":
            await self._store.withdraw(mailbox.person, stored.id, kind, at=now)
            return replace(ask, title="Undone")
        act = FeedbackAct(mailbox.person, PaperId(stored.id), kind, True, now, mailbox.place.key, _ORIGIN)
        await self._store.give_feedback(act)
        read = (Link("Read it", stored.url),) if stored.url else ()
        return Page(title=done, lines=lines, presses=(Press("Undo", "undo", primary=False),), links=read)

    def _read(self, request: web.Request, purpose: Purpose) -> tuple[str, ...]:
        return self._links.read(purpose, request.query.get("t", ""))

    async def _mailbox(self, request: web.Request, purpose: Purpose) -> Destination:
        """The mailbox that a link is for. Raises UserError."""
        mailbox = await self._store.mailbox_tagged(self._read(request, purpose)[0])
        if mailbox is None:
            raise UserError("This mailbox is no longer known. You can subscribe again.")
        return mailbox

    async def _settings_link(self, mailbox: Destination, label: str) -> Link:
        return Link(label, self._links.to(Purpose.SETTINGS, await self._store.mailbox_tag(mailbox.place.key)))

    def _next(self, mailbox: Destination) -> str:
        due = next_run(mailbox, self._clock.now())
        if due is None:
            return "No mails are sent at the moment."
        return f"The next mail comes on {local_moment(due, mailbox.timezone)}."


async def _typed(request: web.Request) -> dict[str, str]:
    """The fields of a form of ours, as text. Raises UserError for what is none."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise UserError("This was not sent from our page. Open the link from the mail again.")
    body = await request.read()
    if len(body) > _LARGEST_FORM:
        raise UserError("This form is longer than ours can be.")
    written = body.decode("utf-8", "replace")
    try:
        return dict(parse_qsl(written, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise UserError("This form has more fields than ours.") from None
