"""Commands as tools."""

from jsonschema import Draft202012Validator

from adapters.mcp.tools import OFFERED, tools
from bot.commands import registry


def test_every_schema_is_one() -> None:
    for tool in tools(registry):
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema or {})


def test_nothing_that_is_for_admins_or_that_others_see_is_offered() -> None:
    assert not [name for name in OFFERED if registry[name].admin or registry[name].workspace]


def test_an_option_says_what_it_may_hold() -> None:
    trending = next(tool for tool in tools(registry) if tool.name == "trending").input_schema
    assert trending["properties"]["window"] == {
        "type": "string",
        "description": "How far back to look.",
        "enum": ["day", "week", "month"],
        "default": "day",
    }
    assert trending["required"] == []
