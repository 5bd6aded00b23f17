"""Message -> Block Kit, within every limit of Slack whatever the message holds."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.markup import clean, fallback, length, linked, mrkdwn, paragraphs, plain, safe_url, shorten, strong
from bot.domain.messages import Button, Card, Choice, Message, Select, Style, Text, plain_text, text
from bot.domain.messages import plain as unstyled
from bot.domain.papers import PaperId

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

_SMALL = {Style.QUIET, Style.EMOJI}

RUN, OPEN, CHOOSE, SHARE = "run", "open", "choose", "share"
"""What the `action_id` of an element begins with: a command line, a link, a command line with a value, a re-post."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a message is in Slack: blocks, and the text for where blocks are not shown."""

    text: str
    blocks: list[Block]


def render(message: Message, *, share: bool = False, most: int = MESSAGE_BLOCKS) -> Rendered:
    """The message in at most `most` blocks; with `share` its papers can be brought to the channel by a button."""
    head, tail = _head(message), _tail(message, share=share)
    groups = [card_blocks(card) for card in message.cards]
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
    blocks = [block for block in (header(message.title),) if block]
    used = 0
    for section in body_blocks(message.body):
        used += text_length([section])
        if used > _BODY_LENGTH:
            return [*blocks, context("The rest does not fit here.")]
        blocks.append(section)
    return blocks


def _tail(message: Message, *, share: bool) -> list[Block]:
    names = [context(f"📎 {attachment.name}") for attachment in message.attachments[:5]]
    chosen = [element for number, each in enumerate(message.selects[:5]) if (element := select(each, number))]
    while text_length(chosen) > _SELECTS_LENGTH:
        chosen.pop()
    pressed = buttons(message.buttons)
    if share and (value := shared_value(message)):
        pressed.append({**_button("Share to channel", f"{SHARE}:0"), "value": value})
    return [*names, *actions(chosen), *actions(pressed), *small_print(message.footer)]


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


def card_blocks(card: Card) -> list[Block]:
    """One paper: title and summary, small print on who, when and why, and its buttons."""
    number = f"{card.rank}. " if card.rank else ""
    title = strong(number + linked(clean(card.title) or card.paper_id, card.url, _TITLE_LENGTH))
    summary = next(paragraphs([text(clean(card.summary))], _SUMMARY_LENGTH), "")
    blocks = [section("\n".join(filter(None, (title, summary))))]
    # A green button under each paper would shout: Save is the first one, and looks like the others.
    pressed = [replace(button, primary=False) for button in card.buttons]
    return [*blocks, *map(context, _small_lines(card)), *actions(buttons(pressed))]


def _small_lines(card: Card) -> list[str]:
    """Who, when and how it is received, and why it is here: on one line while that is short, else on its own."""
    by = card.summary_by if card.summary else ""
    known = [shorten(clean(part), _LINE_LENGTH) for part in (card.byline, card.signals, by)]
    line, why = " · ".join(filter(None, known)), shorten(clean(card.why), _LINE_LENGTH)
    if line and why and length(why) <= _SHORT_REASON:
        return [f"{line} → {why}"]
    return [*filter(None, [line]), *([f"→ {why}"] if why else [])]


def actions(elements: Sequence[Block]) -> list[Block]:
    """A row of things to press or choose from, at most 25; nothing when there are none."""
    return [{"type": "actions", "elements": list(elements[:24])}] if elements else []


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
    """What a share button carries: the title and the papers, so that nothing needs to be asked again."""
    ids = [card.paper_id for card in message.cards]
    value = json.dumps({"title": clean(message.title)[:100], "ids": ids}, separators=(",", ":"))
    return value if ids and length(value) <= VALUE_LENGTH else ""


def read_shared(value: str) -> tuple[str, list[PaperId]]:
    """Title and papers from a share button."""
    shared = json.loads(value)
    return str(shared["title"]), [PaperId(each) for each in shared["ids"]]


def text_length(blocks: Iterable[Any]) -> int:
    """Units of all text that blocks show."""
    return sum(_text_length(block) for block in blocks)


def _text_length(value: Any) -> int:
    if isinstance(value, dict):
        own = length(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_text_length(each) for each in value.values() if not isinstance(each, str))
    return sum(map(_text_length, value)) if isinstance(value, list) else 0
