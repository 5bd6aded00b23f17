"""Modals: search, the daily post of a channel, topics; and what they were filled in with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.slack.markup import escape, plain, shorten
from adapters.slack.render import VIEW_BLOCKS, Block, context, option, render, section, turned
from bot.chat.note_form import NoteForm, field_label
from bot.chat.zotero_form import TITLE, ZoteroForm
from bot.domain.dates import WEEKDAYS
from bot.domain.destinations import Destination, Layout, Scope
from bot.domain.messages import Choice, Message, plain_text
from bot.domain.named_posts import of_post
from bot.domain.notes import NOTE_LENGTH
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place, Topic, quoted
from bot.domain.post_settings import LAYOUT_BY_COUNT, SCOPES
from bot.domain.zones import zone_name

View = dict[str, Any]

SEARCH, SETUP, TOPICS, NOTE, ZOTERO, RESULT = "search", "setup", "topics", "note", "zotero", "result"
"""The `callback_id` of each modal."""
TIMEZONE, POST = "timezone", "post"
"""The `action_id` of the fields of the setup that are asked about before it is sent."""

FIRST_POST = ":"
"""What stands for the post without a name, where one is chosen; no name has it."""

_TITLE_LENGTH, _PAPER_LENGTH, _FIELD_LENGTH = 24, 300, 200


def modal(callback_id: str, title: str, blocks: list[Block], *, submit: str = "", metadata: str = "") -> View:
    """A modal; with `submit` it can be sent."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, _TITLE_LENGTH) or plain("Paperboy", _TITLE_LENGTH),
        "close": plain("Cancel" if submit else "Close", _TITLE_LENGTH),
        "blocks": blocks,
    }
    if submit:
        view["submit"] = plain(submit, _TITLE_LENGTH)
    return {**view, "private_metadata": metadata} if metadata else view


def working(title: str) -> View:
    """What stands there until there is an answer."""
    return modal(RESULT, title, [context("One moment …")])


def answer(title: str, message: Message) -> View:
    """An answer in a modal."""
    return modal(RESULT, title, render(message, most=VIEW_BLOCKS).blocks)


def note(form: NoteForm, place: Place) -> View:
    """Where to write notes on a paper, with those that are there."""
    inputs = [
        _input(whose, field_label(whose, place), _note_field(whose, words), optional=True)
        for whose, words in form.notes.items()
    ]
    metadata = write_place(place, paper=form.paper_id)
    return modal(
        NOTE, "Note", [section(escape(shorten(form.title, _PAPER_LENGTH))), *inputs], submit="Save", metadata=metadata
    )


def _note_field(whose: str, words: str) -> Block:
    field = {"type": "plain_text_input", "action_id": whose, "multiline": True, "max_length": NOTE_LENGTH}
    return {**field, "initial_value": words} if words else field


def zotero(form: ZoteroForm, place: Place) -> View:
    """Where to connect a library of Zotero."""
    inputs = [
        _input(
            each.name,
            each.label,
            {"type": "plain_text_input", "action_id": each.name, "max_length": _FIELD_LENGTH},
            hint=each.hint,
            optional=not each.needed,
        )
        for each in form.fields
    ]
    return modal(ZOTERO, TITLE, inputs, submit="Connect", metadata=write_place(place, whose=form.whose))


def notes_taken(title: str, answers: Sequence[Message]) -> View:
    """What came of notes that were sent: an answer for each that changed."""
    return modal(RESULT, title, [block for each in answers for block in render(each).blocks])


def with_remark(view: Mapping[str, Any], block_id: str, message: Message) -> View:
    """A modal as it is, with an answer under the block that was pressed, and its first button turned round."""
    remark = f"{_REMARK}{block_id}"
    kept = [block for block in view["blocks"] if block.get("block_id") != remark]
    at = next((n for n, block in enumerate(kept, start=1) if block.get("block_id") == block_id), len(kept))
    blocks = [*(turned(block) if block.get("block_id") == block_id else block for block in kept)]
    if len(blocks) < VIEW_BLOCKS:
        blocks.insert(at, {**context(plain_text(replace(message, buttons=()))), "block_id": remark})
    title, close = (plain(str(view[name]["text"]), _TITLE_LENGTH) for name in ("title", "close"))
    return {"type": "modal", "callback_id": RESULT, "title": title, "close": close, "blocks": blocks}


_REMARK = "remark:"


def is_remark(message: Message) -> bool:
    """Whether an answer is a word on what was pressed, which needs no view of its own."""
    return not (message.title or message.cards or message.selects or message.images or message.attachments)


def search() -> View:
    """Where to type a search."""
    typed = {
        "type": "plain_text_input",
        "action_id": "query",
        "placeholder": plain('diffusion, author:ho, cat:cs.LG, after:2024, "exact words"', 150),
        "max_length": 500,
        "focus_on_load": True,
    }
    hint = "Words find papers by meaning, too. An id or a link finds that paper."
    return modal(SEARCH, "Search papers", [_input("query", "Search for", typed, hint=hint)], submit="Search")


def setup(
    destination: Destination,
    topics: Sequence[Topic],
    *,
    watched: bool,
    known: bool = False,
    posts: Sequence[str] = (),
) -> View:
    """The settings of a place's daily post, as they are, and of a channel whether links are watched there.

    `known` says that the settings are kept already; else they are those it would have. Beside the post without a name
    the place has `posts`, by their names.
    """
    post = destination.post
    followed = ", ".join(topic.typed for topic in topics if topic.wanted)
    where = "you, in a direct message" if destination.place.private else destination.place.name or "this channel"
    whose = "me " if destination.place.private and not post else ""
    command = f"/papers digest {whose}off{of_post(destination)}"
    stops = f" It is on; {command} stops it." if known and destination.enabled else ""
    what = f"The post “{post}”" if post else "The day's trending papers"
    inputs = [
        _input("time", "Local time", _time(destination)),
        _input("timezone", "Time zone", _timezone(zone_name(destination.timezone))),
        _input("days", "Days", _days(destination.days)),
        _input("count", "Papers in a post", _count(destination.count)),
        _input("layout", "Layout", _layout(destination.chosen_layout)),
        _input(
            "topic",
            "Add a topic",
            {
                "type": "plain_text_input",
                "action_id": "topic",
                "placeholder": plain("e.g. protein folding", 150),
                "max_length": 200,
            },
            hint=f"Topics so far: {followed or 'none, so whatever is trending is posted'}",
            optional=True,
        ),
        _input("scope", "Where there are topics", _scope(destination.scope)),
    ]
    if not destination.place.private:
        inputs.append(_input("watch", "Links to papers that people share here", _watch(watched), optional=True))
    blocks = [
        context(f"{what} for {where}.{stops}"),
        *([_which_post(post, posts)] if posts else []),
        # Slack keeps what a field holds when a view changes, unless the field has another id.
        *({**each, "block_id": field_of(each["block_id"], post)} for each in inputs),
    ]
    submit = "Save" if stops else "Switch on"
    return modal(SETUP, "Daily post", blocks, submit=submit, metadata=write_place(destination.place, post=post))


def field_of(name: str, post: str) -> str:
    """The `block_id` of a field of the setup of a post."""
    return f"{name}:{post}" if post else name


def _which_post(chosen: str, posts: Sequence[str]) -> Block:
    """A list of the posts of a place; choosing one shows its settings."""
    choices = [Choice("The daily post without a name", FIRST_POST), *(Choice(each, each) for each in posts)]
    select = _one_of("static_select", POST, choices, chosen or FIRST_POST)
    return {**section("*Which post*"), "block_id": field_of(POST, chosen), "accessory": select}


def topics(place: Place, mine: Sequence[Topic], here: Sequence[Topic], *, manages: bool) -> View:
    """What somebody follows; where they manage the channel, also what the channel follows."""
    followed = [topic for topic in mine if topic.wanted]
    blocked = [topic for topic in mine if not topic.wanted]
    blocks = [section("*You follow*"), context(_listed(followed) or "nothing yet")]
    if blocked:
        blocks += [section("*You block*"), context(", ".join(topic.typed for topic in blocked))]
    if not place.private:
        blocks += [section("*This channel follows*"), context(_listed(here) or "everything that is trending")]
    typed = {"type": "plain_text_input", "action_id": "topic", "max_length": 200}
    typed["placeholder"] = plain('protein folding, or "graph neural" -survey cat:cs.LG as graphs', 150)
    blocks.append(_input("topic", "Topic", typed))
    blocks.append(_input("action", "What to do with it", _one_of("radio_buttons", "action", _ACTIONS, "add")))
    if manages and not place.private:
        blocks.append(_input("whose", "For whom", _one_of("radio_buttons", "whose", _WHOSE, "mine")))
    return modal(TOPICS, "Topics", blocks, submit="Apply", metadata=write_place(place))


_ACTIONS = (Choice("Add", "add"), Choice("Block", "block"), Choice("Remove", "remove"))
_WHOSE = (Choice("Me", "mine"), Choice("This channel", "here"))


def _listed(followed: Sequence[Topic]) -> str:
    return ", ".join(topic.typed if topic.wanted else f"not {topic.typed}" for topic in followed)


def _input(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block = {"type": "input", "block_id": name, "label": plain(label, 2000), "element": element}
    return {**block, **({"hint": plain(hint, 2000)} if hint else {}), **({"optional": True} if optional else {})}


def _time(destination: Destination) -> Block:
    return {"type": "timepicker", "action_id": "time", "initial_time": f"{destination.at:%H:%M}"}


def _timezone(chosen: str) -> Block:
    return {
        "type": "external_select",
        "action_id": TIMEZONE,
        "min_query_length": 2,
        "placeholder": plain("Type a city, e.g. Berlin", 150),
        "initial_option": option(Choice(chosen, chosen)),
    }


def _days(chosen: frozenset[int]) -> Block:
    options = [option(Choice(name, name.lower())) for name in WEEKDAYS]
    initial = [options[day] for day in sorted(chosen)]
    element = {"type": "checkboxes", "action_id": "days", "options": options}
    return {**element, "initial_options": initial} if initial else element


def _count(chosen: int) -> Block:
    options = [option(Choice(str(count), str(count))) for count in range(1, 11)]
    return {"type": "static_select", "action_id": "count", "options": options, "initial_option": options[chosen - 1]}


def _scope(chosen: Scope) -> Block:
    return _one_of(
        "static_select", "scope", [Choice(name, scope.value) for scope, name in SCOPES.items()], chosen.value
    )


def _layout(chosen: Layout | None) -> Block:
    choices = (
        Choice(LAYOUT_BY_COUNT, "auto"),
        Choice("A message for each paper", Layout.CARDS.value),
        Choice("All in one message", Layout.COMPACT.value),
    )
    return _one_of("static_select", "layout", choices, chosen or "auto")


def _watch(chosen: bool) -> Block:
    only = option(Choice("Don't post them again, and count reactions to them", "on"))
    element = {"type": "checkboxes", "action_id": "watch", "options": [only]}
    return {**element, "initial_options": [only]} if chosen else element


def _one_of(kind: str, action_id: str, choices: Sequence[Choice], chosen: str) -> Block:
    """Choices of which one is taken: `radio_buttons`, or a `static_select`, which takes one line."""
    options = [option(choice) for choice in choices]
    initial = next(each for each in options if each["value"] == chosen)
    return {"type": kind, "action_id": action_id, "options": options, "initial_option": initial}


def setup_lines(state: Mapping[str, Any], *, own: bool = False, post: str = "") -> list[str]:
    """The command lines that a filled-in setup stands for; the last one switches the post on, `own` for one's own."""
    given = values(state)
    days = ",".join(str(day)[:3] for day in given["days"])
    topic = " ".join(str(given.get("topic") or "").split())
    wanted = (
        ("digest days", days),
        ("digest count", given.get("count")),
        ("digest layout", given.get("layout")),
        ("digest scope", given.get("scope")),
        ("digest timezone", given.get("timezone")),
        ("digest topics add", topic),
    )
    of = f" post {quoted(post)}" if post else ""
    changes = [f"{command} {value}{of}" for command, value in wanted if value]
    if "watch" in given:
        changes.append("watch on" if given["watch"] else "watch off")
    if own and not post:
        return [*changes, f"digest me on {given.get('time') or '09:00'} {given.get('timezone') or ''}".strip()]
    return [*changes, f"digest on {given.get('time') or ''}".strip() + of]


def topics_line(state: Mapping[str, Any]) -> str:
    """The command line that a filled-in topics modal stands for."""
    given = values(state)
    command = "digest topics" if given.get("whose") == "here" else "topics"
    return f"{command} {given['action']} {' '.join(str(given['topic']).split())}"


def values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What each input of a modal holds: a text, a time, a value or a list of values."""
    return {name: _value(element) for block in state["values"].values() for name, element in block.items()}


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [chosen["value"] for chosen in element["selected_options"]]
    if element.get("selected_option"):
        return element["selected_option"]["value"]
    return element.get("selected_time") or element.get("value") or ""


def write_place(place: Place, **more: str) -> str:
    """A place as a modal carries it, with the name of one of its posts (`post`), or a `paper`."""
    return json.dumps({"channel": place.channel, "name": place.name, "private": place.private, **more})


def read_post(metadata: str) -> str:
    """The name of the post that a modal is about; empty for the one without a name."""
    return str(json.loads(metadata).get("post") or "")


def read_paper(metadata: str) -> PaperId:
    """The paper that a modal is about."""
    return PaperId(json.loads(metadata)["paper"])


def read_whose(metadata: str) -> str:
    """For whom a modal connects a library of Zotero."""
    return str(json.loads(metadata)["whose"])


def read_place(metadata: str, at: Place) -> Place:
    """The place that a modal carries; its workspace is that of whoever sent it."""
    carried = json.loads(metadata)
    # Only in their own talk is anybody their own admin: that it is one is never taken from a modal alone.
    private = bool(carried["private"]) and at.private
    channel = at.channel if private else str(carried["channel"])
    return Place(at.platform, at.workspace, channel, str(carried["name"]), private)
