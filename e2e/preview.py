"""Draws what the emulator does not show, as Slack would, from what Paperboy sent.

That are rich texts, and in modals time pickers and what is chosen.
"""

from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any

Block = dict[str, Any]

_STYLE = """
body { margin: 0; padding: 28px; background: #8d8a8f; color: #1d1c1d; font: 15px/1.46 'Lato', sans-serif }
.modal { width: 520px; margin: auto; background: #fff; border-radius: 8px; box-shadow: 0 18px 48px rgba(0,0,0,.35) }
.top { display: flex; align-items: center; gap: 10px; padding: 20px 28px; font-size: 20px; font-weight: 700 }
.icon { width: 26px; height: 26px; border-radius: 5px; background: #1f3a5f; color: #fff; font: 700 15px/26px sans-serif;
  text-align: center }
.top b { flex: 1 } .top i { color: #616061; font-style: normal; font-weight: 400 }
.body { padding: 0 28px 8px } .small { color: #616061; font-size: 13px; margin-bottom: 16px }
.input { margin-bottom: 18px } label { display: block; font-weight: 700; margin-bottom: 6px }
label span { color: #616061; font-weight: 400 } .hint { color: #616061; font-size: 13px; margin-top: 5px }
.field { border: 1px solid #868686; border-radius: 4px; padding: 7px 12px }
.field { display: flex; justify-content: space-between }
.field.none { color: #868686 } .field i { color: #616061; font-style: normal; font-size: 11px; line-height: 22px }
.half { width: 260px } .options { display: grid; gap: 7px }
.option { display: flex; gap: 9px; align-items: center }
.mark { width: 15px; height: 15px; border: 1px solid #868686; border-radius: 3px; box-sizing: border-box; color: #fff;
  font: 11px/13px sans-serif; text-align: center; flex: none }
.radio { border-radius: 50% } .on { background: #1264a3; border-color: #1264a3 }
.radio.on { background: #fff; border: 5px solid #1264a3 }
.end { display: flex; justify-content: flex-end; gap: 12px; padding: 20px 28px; border-top: 1px solid #eee }
.button { border: 1px solid #bbb; border-radius: 4px; padding: 7px 14px; font-weight: 700 }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
@media (max-width: 500px) { body { padding: 0; background: #fff } .modal { width: auto; box-shadow: none }
  .top, .end { padding: 16px } .body { padding: 0 16px } .half { width: auto } }
"""


def page(view: Block) -> str:
    """A whole page with the modal on it."""
    title, submit, close = (escape(view[name]["text"]) for name in ("title", "submit", "close"))
    top = f'<div class="top"><span class="icon">P</span><b>{title}</b><i>✕</i></div>'
    buttons = f'<span class="button">{close}</span><span class="button primary">{submit}</span>'
    body = "".join(map(_block, view["blocks"]))
    modal = f'<div class="modal">{top}<div class="body">{body}</div><div class="end">{buttons}</div></div>'
    return f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style>{modal}'


def rich_texts(blocks: Iterable[Block]) -> list[str]:
    """The HTML of each rich text among blocks, in order."""
    return [_rich_text(block) for block in blocks if block["type"] == "rich_text"]


def _rich_text(block: Block) -> str:
    return "".join(_word(word) for section in block["elements"] for word in section["elements"])


def _word(word: Block) -> str:
    shown = escape(word["text"])
    if word["type"] == "link":
        shown = f'<a href="{escape(word["url"])}" target="_blank">{shown}</a>'
    return f"<b>{shown}</b>" if word.get("style", {}).get("bold") else shown


def _block(block: Block) -> str:
    if block["type"] == "context":
        return f'<div class="small">{escape(block["elements"][0]["text"])}</div>'
    if block["type"] == "section":
        label, chosen = block["text"]["text"].strip("*"), _chosen(block["accessory"])
        return f'<div class="input"><label>{escape(label)}</label>{chosen}</div>'
    optional = " <span>(optional)</span>" if block.get("optional") else ""
    hint = f'<div class="hint">{escape(block["hint"]["text"])}</div>' if "hint" in block else ""
    element = _ELEMENTS[block["element"]["type"]](block["element"])
    return f'<div class="input"><label>{escape(block["label"]["text"])}{optional}</label>{element}{hint}</div>'


def _field(shown: str, *, kind: str = "") -> str:
    sign = "" if kind == "text" else "<i>▼</i>"
    return f'<div class="field {"" if kind == "text" else "half"}"><span>{escape(shown)}</span>{sign}</div>'


def _typed(element: Block) -> str:
    if "initial_value" in element:
        return _field(element["initial_value"], kind="text")
    return f'<div class="field none">{escape(element["placeholder"]["text"])}</div>'


def _chosen(element: Block) -> str:
    return _field(element["initial_option"]["text"]["text"])


def _options(element: Block) -> str:
    chosen = [*element.get("initial_options", ()), element.get("initial_option")]
    radio = element["type"] == "radio_buttons"
    return f'<div class="options">{"".join(_marks(element["options"], chosen, radio=radio))}</div>'


def _marks(options: list[Block], chosen: list[Block], *, radio: bool) -> Iterator[str]:
    for option in options:
        on = option in chosen
        sign = "✓" if on and not radio else ""
        mark = f'<span class="mark {"radio" if radio else ""} {"on" if on else ""}">{sign}</span>'
        yield f'<div class="option">{mark}{escape(option["text"]["text"])}</div>'


_ELEMENTS: dict[str, Callable[[Block], str]] = {
    "timepicker": lambda element: _field(element["initial_time"]),
    "external_select": _chosen,
    "static_select": _chosen,
    "checkboxes": _options,
    "radio_buttons": _options,
    "plain_text_input": _typed,
}
