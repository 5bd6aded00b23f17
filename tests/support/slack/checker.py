"""Says what is wrong with a payload: by the shapes of `@slack/types` and the limits of Slack's reference.

`slack_types.json` is made by `tools/slack_types.py`; nothing else is needed.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from slack_sdk.models.blocks import Block

SHAPES: dict[str, Any] = json.loads((Path(__file__).parent / "slack_types.json").read_text(encoding="utf-8"))["shapes"]

Variant = tuple[dict[str, Any], set[str]]
"""The properties an object can have, and the names of those it must have."""

_PRIMITIVES: dict[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}
_GROUPS = re.compile(r"<!subteam\^[A-Z0-9]+>(?: <!subteam\^[A-Z0-9]+>)*")
"""What tells user groups of a paper they follow: a text of nothing else, which no paper can be made to look like."""
_MENTION = re.compile(r"<(?:[@#]|!(?!date\^\d+\^[^<>|]+\|))")
_ELEMENT_LIMITS = {"actions": 25, "context": 10}
_TEXT_LIMITS = {"header": 150, "section": 3000, "button": 75}
_PLAIN_KEYS = {"placeholder": 150, "label": 2000, "hint": 2000}


def check_blocks(blocks: Any, most: int = 50) -> None:
    """Raise AssertionError with everything that is wrong with blocks."""
    problems = list(_list_problems(blocks, most))
    for number, block in enumerate(blocks):
        problems += _matches(block, {"kind": "ref", "name": "KnownBlock"}, f"blocks[{number}]")
        problems += _limits(block, f"blocks[{number}]")
    for block in Block.parse_all(blocks):
        block.validate_json()
    assert not problems, "\n".join(problems[:10])


def check_view(view: dict[str, Any]) -> None:
    """Raise AssertionError with everything that is wrong with a modal or a home tab."""
    shape = {"kind": "ref", "name": "HomeView" if view["type"] == "home" else "ModalView"}
    problems = list(_matches(view, shape, "view"))
    titles = ("title", "submit", "close")
    problems += [f"view.{name} is longer than 24" for name in titles if name in view and len(view[name]["text"]) > 24]
    if len(view.get("private_metadata", "")) > 3000:
        problems.append("view.private_metadata is longer than 3000")
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if has_input and view["type"] == "modal" and "submit" not in view:
        problems.append("a modal with inputs needs a submit button")
    assert not problems, "\n".join(problems)
    check_blocks(view["blocks"], most=100)


def _list_problems(blocks: Any, most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    total = sum(_shown(block) for block in blocks)
    if most == 50 and total > 13_200:
        yield f"{total} characters altogether"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "a block_id comes twice"


def _shown(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_shown(each) for each in value.values())
    return sum(map(_shown, value)) if isinstance(value, list) else 0


def _matches(value: Any, shape: dict[str, Any], where: str) -> Iterable[str]:  # noqa: PLR0911  (a return for each kind)
    """What keeps a value from having a shape; nothing when it has it. One by one: mostly the first is enough."""
    match shape["kind"]:
        case "any":
            return []
        case "literal":
            return [] if value == shape["value"] else [f"{where} is {value!r}, not {shape['value']!r}"]
        case "array":
            if not isinstance(value, list):
                return [f"{where} is no list"]
            return (p for n, each in enumerate(value) for p in _matches(each, shape["of"], f"{where}[{n}]"))
        case "union":
            return _one_of(value, shape["of"], where)
        case "ref" if shape["name"] in _PRIMITIVES:
            right = isinstance(value, _PRIMITIVES[shape["name"]])
            return [] if right else [f"{where} is {value!r}, no {shape['name']}"]
        case "ref" if shape["name"] == "Record":
            return []
        case "ref" if SHAPES[shape["name"]]["kind"] not in {"object", "all"}:
            return _matches(value, SHAPES[shape["name"]], where)
        case _:
            return _object(value, shape, where)


def _one_of(value: Any, shapes: list[dict[str, Any]], where: str) -> list[str]:
    if any(_nothing(_matches(value, shape, where)) for shape in shapes):
        return []
    tried = [list(_matches(value, shape, where)) for shape in shapes]
    return min(tried, key=lambda problems: (any("type is" in p for p in problems), len(problems)))


def _nothing(problems: Iterable[str]) -> bool:
    return next(iter(problems), None) is None


def _object(value: Any, shape: dict[str, Any], where: str) -> Iterable[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    variants = _variants_of(shape["name"]) if shape["kind"] == "ref" else _variants(shape)
    if len(variants) == 1:
        return _differences(value, variants[0], where)
    if any(_nothing(_differences(value, variant, where)) for variant in variants):
        return []
    return min((list(_differences(value, variant, where)) for variant in variants), key=len)


def _differences(value: dict[str, Any], variant: Variant, where: str) -> Iterator[str]:
    properties, required = variant
    yield from (f"{where} has no {name}" for name in required - value.keys())
    yield from (f"{where} has a {name}, which is not known there" for name in value.keys() - properties.keys())
    for name in sorted(value.keys() & properties.keys(), key="type".__ne__):  # the type tells most shapes apart
        yield from _matches(value[name], properties[name], f"{where}.{name}")


@cache
def _variants_of(name: str) -> list[Variant]:
    return _variants(SHAPES[name])


def _variants(shape: dict[str, Any]) -> list[Variant]:
    """What an object can be; several where a union is part of it."""
    match shape["kind"]:
        case "ref":
            return _variants_of(shape["name"])
        case "union":
            return [variant for each in shape["of"] for variant in _variants(each)]
        case "all":
            return _joined([_variants(each) for each in shape["of"]])
        case _:
            inherited = _joined([_variants_of(name) for name in shape["parents"]])
            return [({**old, **shape["properties"]}, needed | set(shape["required"])) for old, needed in inherited]


def _joined(parts: list[list[Variant]]) -> list[Variant]:
    joined: list[Variant] = [({}, set())]
    for part in parts:
        joined = [({**one, **other}, needed | more) for one, needed in joined for other, more in part]
    return joined


def _limits(value: Any, where: str) -> list[str]:
    """Which limits a block and everything in it breaks, and where it could mention somebody."""
    if isinstance(value, list):
        return [problem for n, each in enumerate(value) for problem in _limits(each, f"{where}[{n}]")]
    if not isinstance(value, dict):
        return []
    problems = [f"{where} {problem}" for problem in (*_text_problems(value), *_size_problems(value))]
    return problems + [p for name, each in value.items() for p in _limits(each, f"{where}.{name}")]


def _text_problems(value: dict[str, Any]) -> Iterator[str]:
    kind, text = value.get("type"), value.get("text")
    if kind in {"mrkdwn", "plain_text"}:
        if not text:
            yield "is an empty text"
        elif kind == "mrkdwn" and _MENTION.search(text) and not _GROUPS.fullmatch(text):
            yield f"mentions: {text!r}"
        elif kind == "mrkdwn" and re.search(r"&(?!(amp|lt|gt);)", text):
            yield f"has a cut entity: {text!r}"
    if isinstance(text, dict) and len(text["text"]) > _TEXT_LIMITS.get(str(kind), 3000):
        yield f"has a text of {len(text['text'])}"
    for name, limit in _PLAIN_KEYS.items():
        if isinstance(value.get(name), dict) and len(value[name]["text"]) > limit:
            yield f"has a {name} of {len(value[name]['text'])}"


def _size_problems(value: dict[str, Any]) -> Iterator[str]:
    if len(value.get("elements", ())) > _ELEMENT_LIMITS.get(str(value.get("type")), 100):
        yield "has too many elements"
    if value.get("elements") == []:
        yield "has no elements"
    if "options" in value and not 1 <= len(value["options"]) <= 100:
        yield "has no options or too many"
    for name, limit in (("action_id", 255), ("block_id", 255), ("url", 3000)):
        if len(value.get(name, "")) > limit:
            yield f"has a {name} of {len(value[name])}"
    limit = 2000 if value.get("type") == "button" else 150
    if isinstance(value.get("value"), str) and not 1 <= len(value["value"]) <= limit:
        yield f"has a value of {len(value['value'])}"
    ids = [e["action_id"] for e in value.get("elements", ()) if isinstance(e, dict) and "action_id" in e]
    if len(ids) != len(set(ids)):
        yield "has an action_id twice"
