"""Message -> Block Kit, within every limit of Slack whatever the message holds."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.markup import (
    clean,
    escape,
    fallback,
    length,
    linked,
    mrkdwn,
    paragraphs,
    plain,
    safe_url,
    shorten,
)
from bot.domain.messages import Button, Card, Choice, Message, Select, Style, Text, plain_text, text
from bot.domain.messages import plain as unstyled
from bot.domain.paper_ids import PaperId
from bot.domain.thumbnails import safe_thumbnail

Block = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL_LENGTH = 13_000
HEADER_LENGTH = 150
BUTTON_LENGTH = 75
VALUE_LENGTH = 2000
CHOICE_LENGTH = 75
CHOICE_VALUE_LENGTH = 150
ACTION_ID_LENGTH = 255
CHOICES = 100

_BODY_LENGTH = 8000
_TITLE_LENGTH = 600
_SUMMARY_LENGTH = 1200
_LINE_LENGTH = 400
_SELECTS_LENGTH = 2000
_SHORT_REASON = 40
_CONTEXT_LENGTH = 2000

_SMALL = {Style.QUIET, Style.EMOJI}

RUN, OPEN, CHOOSE, SHARE = "run", "open", "choose", "share"
"""What the `action_id` of an element begins with: a command line, a link, a command line with a value, a re-post."""

_MORE = f"{CHOOSE}:more:{{value}}"
_GROUP, _MENTIONS = re.compile(r"\w{1,30}", re.ASCII), 5
_OVERFLOW = 5
"""Options of a menu behind three dots."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message is in Slack: blocks, and the text for where blocks are not shown."""

    text: str
    blocks: list[Block]


def render(message: Message, *, share: bool = False, most: int = MESSAGE_BLOCKS) -> Rendered:
    """The message in at most `most` blocks; with `share` its papers can be brought to the channel by a button."""
    head, tail = _head(message), _tail(message, share=share)
    groups = [one_card(card) for card in message.cards] if len(message.cards) == 1 else card_list(message.cards)
    if message.about_one:
        head, groups = groups[0], [head] if head else []
    return Rendered(fallback(plain_text(message)) or "Paperboy", fit(head, groups, tail, most))


def fit(head: list[Block], groups: Sequence[list[Block]], tail: list[Block], most: int) -> list[Block]:
    """Blocks within the limits: groups that do not fit are left out from the end, and that is said."""
    note = [context("Some papers did not fit here.")]
    blocks, left_out = list(head), False
    room = most - len(tail) - len(note)
    budget = TOTAL_LENGTH - text_length([*tail, *note])
    for group in groups:
        if len(blocks) + len(group) > room or text_length(blocks) + text_length(group) > budget:
            left_out = True
            break
        blocks += group
    return [*blocks, *(note if left_out else []), *tail] or [context("…")]


def _head(message: Message) -> list[Block]:
    blocks = [block for block in (_mentions(message), header(message.title)) if block]
    used = 0
    for section in body_blocks(message.body):
        used += text_length([section])
        if used > _BODY_LENGTH:
            return [*blocks, context("The rest does not fit here.")]
        blocks.append(section)
    return blocks


def _tail(message: Message, *, share: bool) -> list[Block]:
    # A file cannot be shown to one person alone in a channel: what is private goes to their talk with the bot.
    where = ", in a direct message to you" if message.private else ""
    names = [context(f"📎 {attachment.name}{where}") for attachment in message.attachments[:5]]
    chosen = [element for number, each in enumerate(message.selects[:5]) if (element := select(each, number))]
    while text_length(chosen) > _SELECTS_LENGTH:
        chosen.pop()
    if len(message.cards) > 1 and (more := more_actions(message.cards)):
        chosen.append(more)
    pressed = buttons(message.buttons)
    if share and (value := shared_value(message)):
        pressed.append({**_button("Share to channel", f"{SHARE}:0"), "value": value})
    return [*names, *actions(chosen), *actions(pressed), *small_print(message.footer)]


def _mentions(message: Message) -> Block | None:
    """The user groups that a message mentions, a few at most; nothing else of it can be a mention."""
    groups = [f"<!subteam^{group}>" for group in message.mentions if _GROUP.fullmatch(group)]
    return section(" ".join(groups[:_MENTIONS])) if groups else None


def header(title: str) -> Block | None:
    """A heading; None for one with nothing to see."""
    heading = plain(title, HEADER_LENGTH)
    return {"type": "header", "text": heading} if heading else None


def body_blocks(body: Iterable[Text]) -> list[Block]:
    """Paragraphs as sections; those that stand back altogether as small print."""
    blocks: list[Block] = []
    shown: list[Text] = []
    for paragraph in body:
        if paragraph and all(span.style in _SMALL for span in paragraph):
            blocks += [*map(section, paragraphs(shown)), *small_print(paragraph)]
            shown = []
        else:
            shown.append(paragraph)
    return [*blocks, *map(section, paragraphs(shown))]


def section(escaped: str) -> Block:
    """A section of mrkdwn that is escaped already; Slack takes none that is empty."""
    return {"type": "section", "text": mrkdwn(escaped if escaped.strip() else "…")}


def context(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [plain(text, 2000) or plain("…", 1)]}


def small_print(words: Text) -> list[Block]:
    """A text as small print, with its emoji; nothing for one with nothing to see."""
    if not any(span.style is Style.EMOJI for span in words):
        return [context(unstyled(words))] if clean(unstyled(words)) else []
    shown = next(paragraphs([words], 2000), "")
    return [{"type": "context", "elements": [mrkdwn(shown)]}] if shown else []


def one_card(card: Card) -> list[Block]:
    """The one paper of a message: what it says, who wrote it, when and why it is here, and everything to do with it."""
    # A green button under each paper would shout: Save is the first one, and looks like the others. Links stand in the
    # small print as in a list, so that on a phone the buttons are one row.
    pressed = [replace(button, primary=False) for button in card.buttons if button.command]
    picture = safe_thumbnail(card.thumbnail)
    # As an accessory: Slack refuses a whole message for an image block that it cannot fetch.
    beside = {"accessory": {"type": "image", "image_url": picture, "alt_text": "The paper"}} if picture else {}
    return [*_said(card, beside, _links(card)), *actions([*buttons(pressed), *_overflow(card)])]


def card_list(cards: Sequence[Card]) -> list[list[Block]]:
    """Papers of a list, each with its first action beside it; for the others there is one menu (`more_actions`)."""
    groups = [[header(card.heading) or _DIVIDER, *_listed(card)] for card in cards]
    return [groups[0] if cards[0].heading else groups[0][1:], *groups[1:]] if groups else []


def _listed(card: Card) -> list[Block]:
    first = buttons([replace(button, primary=False) for button in card.buttons if button.command][:1])
    # Slack has a place for one thing beside a text, so a list shows no pictures.
    return _said(card, {"accessory": first[0]} if first else {}, _links(card))


def _links(card: Card) -> list[str]:
    """The links among a paper's buttons, in mrkdwn."""
    links = [linked(button.label, button.url, 100) for button in card.buttons if safe_url(button.url)]
    return [each for each in links if each.startswith("<") and "|>" not in each]


def _said(card: Card, beside: Block, links: Sequence[str] = ()) -> list[Block]:
    """A paper's title, what it says with something `beside` it, and small print."""
    summary = _summary(card)
    if not summary and not beside:
        return [card_title(card), *_small_lines(card, links)]
    if not summary and card.byline:
        byline = section(escape(shorten(clean(card.byline), _LINE_LENGTH)))
        return [card_title(card), {**byline, **beside}, *_small_lines(replace(card, byline=""), links)]
    return [card_title(card), {**section(summary), **beside}, *_small_lines(card, links)]


def more_actions(cards: Sequence[Card]) -> Block | None:
    """A menu of what else can be done with the papers of a list; None where there is nothing."""
    groups = [group for card in cards if (group := _more_of(card))]
    if not groups:
        return None
    return {
        "type": "static_select",
        "action_id": _MORE,
        "placeholder": plain("More about a paper …", 150),
        "option_groups": groups[:CHOICES],
    }


def _overflow(card: Card) -> list[Block]:
    """A menu behind three dots for what is rarely pressed; nothing where there is nothing of that kind."""
    options = [option(choice) for choice in _choices(card.menu) if carries(choice)][:_OVERFLOW]
    return [{"type": "overflow", "action_id": _MORE, "options": options}] if options else []


def _choices(pressed: Sequence[Button]) -> list[Choice]:
    """Buttons as choices whose values are their commands."""
    return [Choice(button.label, button.command) for button in pressed if button.command]


def _more_of(card: Card) -> Block | None:
    number = f"{card.rank}. " if card.rank else ""
    others = [*_choices(card.buttons)[1:], *_choices(card.menu)]
    options = [option(choice) for choice in others if carries(choice)]
    label = plain(number + card.title, CHOICE_LENGTH)
    return {"label": label, "options": options} if options and label else None


def card_title(card: Card) -> Block:
    """A paper's title as rich text: it is shown, and copied, as it is."""
    title = shorten(clean(card.title), _TITLE_LENGTH) or card.paper_id
    style = {"bold": True}
    url = safe_url(card.url)
    shown: Block = {"type": "link", "url": url, "text": title} if url else {"type": "text", "text": title}
    number = [{"type": "text", "text": f"{card.rank}. ", "style": style}] if card.rank else []
    words = [*number, {**shown, "style": style}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]}


_DIVIDER: Block = {"type": "divider"}


def _summary(card: Card) -> str:
    return next(paragraphs([text(clean(card.summary))], _SUMMARY_LENGTH), "")


def _small_lines(card: Card, links: Sequence[str] = ()) -> list[Block]:
    """Who, when and how it is received, links, and why it is here: on one line while that is short, else on its own."""
    by = card.summary_by if card.summary else ""
    counted = _counted(card) if safe_url(card.signals_url) else ""
    known = [shorten(clean(part), _LINE_LENGTH) for part in (card.byline, "" if counted else card.signals, by)]
    line, why = " · ".join(filter(None, known)), shorten(clean(card.why), _LINE_LENGTH)
    linking = [each for each in (counted, *links) if each]
    if why and length(why) <= _SHORT_REASON:
        return [_line(line, linking, f"→ {why}")]
    return [*([_line(line, linking, "")] if line or linking else []), *([context(f"→ {why}")] if why else [])]


def _counted(card: Card) -> str:
    """The signals in mrkdwn, of which the first leads to where it is counted."""
    first, rest = card.linked_signals
    return linked(first, card.signals_url, _LINE_LENGTH) + escape(shorten(clean(rest), _LINE_LENGTH))


def _line(before: str, links: Sequence[str], after: str) -> Block:
    """Small print of plain texts with links, which are mrkdwn already, between them.

    In one element, because Slack sets elements side by side and breaks the lines of each.
    """
    if not links:
        return context(" ".join(filter(None, (before, after))))
    whole = " ".join(filter(None, (" · ".join(filter(None, (escape(before), *links))), escape(after))))
    if length(whole) <= _CONTEXT_LENGTH:
        return {"type": "context", "elements": [mrkdwn(whole)]}
    texts = [element for element in (plain(before, _CONTEXT_LENGTH), plain(after, _CONTEXT_LENGTH)) if element]
    return {"type": "context", "elements": [*texts[:1], *map(mrkdwn, links[:8]), *texts[1:]]}


def actions(elements: Sequence[Block]) -> list[Block]:
    """A row of things to press or choose from, at most 25; nothing when there are none."""
    return [{"type": "actions", "elements": list(elements[:24])}] if elements else []


def turned(block: Block) -> Block:
    """A section whose button saves a paper, with one that removes it, and the reverse; any other block as it is."""
    pressed = block.get("accessory") or {}
    command, _, paper = str(pressed.get("value") or "").partition(" ")
    if command not in _TURNED:
        return block
    label, opposite = _TURNED[command]
    return {**block, "accessory": {**_button(label, pressed["action_id"]), "value": f"{opposite} {paper}"}}


_TURNED = {"save": ("Remove", "unsave"), "unsave": ("Save", "save")}


def buttons(wanted: Sequence[Button]) -> list[Block]:
    """Buttons as elements; one whose command or address Slack cannot carry is left out rather than changed."""
    return [element for number, each in enumerate(wanted) if (element := _pressed(each, number))]


def _pressed(button: Button, number: int) -> Block | None:
    if button.url:
        target = safe_url(button.url)
        return {**_button(button.label, f"{OPEN}:{number}"), "url": target} if target else None
    if not button.command or length(button.command) > VALUE_LENGTH:
        return None
    style = {"style": "primary"} if button.primary else {}
    return {**_button(button.label, f"{RUN}:{number}"), "value": button.command, **style}


def _button(label: str, action_id: str) -> Block:
    return {"type": "button", "text": plain(label, BUTTON_LENGTH) or plain("…", 1), "action_id": action_id}


def select(wanted: Select, number: int) -> Block | None:
    """A list to choose from; its command is in the action_id. None where Slack cannot carry it."""
    action_id = f"{CHOOSE}:{number}:{wanted.command}"
    options = [option(choice) for choice in wanted.choices[:CHOICES] if carries(choice)]
    if not options or length(action_id) > ACTION_ID_LENGTH:
        return None
    element: Block = {"type": "static_select", "action_id": action_id, "options": options}
    if placeholder := plain(wanted.label, 150):
        element["placeholder"] = placeholder
    chosen = next((option(choice) for choice in wanted.choices[:CHOICES] if choice.selected and carries(choice)), None)
    return {**element, "initial_option": chosen} if chosen else element


def carries(choice: Choice) -> bool:
    """Whether Slack can carry a choice's value."""
    return 0 < length(choice.value) <= CHOICE_VALUE_LENGTH


def option(choice: Choice) -> Block:
    """A choice as an option."""
    return {"text": plain(choice.label, CHOICE_LENGTH) or plain("…", 1), "value": choice.value}


def shared_value(message: Message) -> str:
    """What a share button carries: the title and the papers with their numbers, so that nothing is asked again."""
    ids = [card.paper_id for card in message.cards]
    first = (message.cards[0].rank if ids else None) or 1
    value = json.dumps({"title": clean(message.title)[:100], "ids": ids, "first": first}, separators=(",", ":"))
    return value if ids and length(value) <= VALUE_LENGTH else ""


def read_shared(value: str) -> tuple[str, list[PaperId], int]:
    """Title, papers and the number of the first from a share button; an old one has no number."""
    shared = json.loads(value)
    return str(shared["title"]), [PaperId(each) for each in shared["ids"]], int(shared.get("first", 1))


def text_length(blocks: Iterable[Any]) -> int:
    """Units of all text that blocks show."""
    return sum(_text_length(block) for block in blocks)


def _text_length(value: Any) -> int:
    if isinstance(value, dict):
        own = length(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_text_length(each) for each in value.values() if not isinstance(each, str))
    return sum(map(_text_length, value)) if isinstance(value, list) else 0
