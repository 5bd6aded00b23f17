"""Commands -> tools: what an assistant may call, and with what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp_types import Tool, ToolAnnotations

from adapters.mcp.answers import Answer
from bot.chat.registry import Command, Option, Registry

PAGE = "page"
_PAGE_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 999, "description": "Which page of a list; the first is 1."}


@dataclass(frozen=True, slots=True)
class _Offer:
    """How a command is offered: whether it leaves everything as it is, and whether its answer has pages.

    One that is `of_channel` is answered as in the channel that the assistant was given; without one it is not offered.
    """

    reads_only: bool = True
    pages: bool = False
    of_channel: bool = False


OFFERED: Mapping[str, _Offer] = {
    "search": _Offer(pages=True),
    "arxiv": _Offer(),
    "similar": _Offer(pages=True),
    "show": _Offer(),
    "trending": _Offer(pages=True),
    "foryou": _Offer(reads_only=False),
    "saved": _Offer(pages=True),
    "library": _Offer(pages=True, of_channel=True),
    "save": _Offer(reads_only=False),
    "unsave": _Offer(reads_only=False),
    "export": _Offer(reads_only=False),
}
"""The commands that an assistant may call, by name. Settings and what others see are not among them."""


def tools(registry: Registry, *, channel: bool = False) -> list[Tool]:
    """The offered commands as tools: names, descriptions and options are those of the registry.

    Those about a `channel` are among them where the assistant was given one.
    """
    return [_tool(registry[name], offer) for name, offer in OFFERED.items() if channel or not offer.of_channel]


def concerns_channel(name: str, options: Mapping[str, Any]) -> bool:
    """Whether a call is about what is in the channel, and not about one person's own papers."""
    return OFFERED[name].of_channel or options.get("papers") in _OF_CHANNEL


_OF_CHANNEL = {"channel", "posts"}
"""What `export` exports of a channel."""


def _tool(command: Command, offer: _Offer) -> Tool:
    properties = {option.name: _schema(option) for option in command.options}
    return Tool(
        name=command.name,
        description="\n\n".join(filter(None, [command.summary, command.details])),
        input_schema={
            "type": "object",
            "properties": {**properties, **({PAGE: _PAGE_SCHEMA} if offer.pages else {})},
            "required": _required(command.options),
            "additionalProperties": False,
        },
        output_schema=Answer.model_json_schema(),
        annotations=ToolAnnotations(
            read_only_hint=offer.reads_only, destructive_hint=False, open_world_hint=command.name == "arxiv"
        ),
    )


def _required(options: Iterable[Option]) -> list[str]:
    return [option.name for option in options if option.required]


def _schema(option: Option) -> dict[str, Any]:
    limits = {"minimum": option.help.minimum, "maximum": option.help.maximum}
    known = {
        "description": option.help.description,
        "enum": list(option.choices) or None,
        "default": option.default if not option.required and option.default != "" else None,
        **(limits if option.kind is int else {}),
    }
    kind = "integer" if option.kind is int else "string"
    return {"type": kind, **{name: value for name, value in known.items() if value is not None}}
