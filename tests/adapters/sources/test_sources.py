import pytest

from adapters.sources import SOURCES, build_sources, open_sources
from bot.config import Settings
from bot.errors import UserError


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_built_by_its_name(name, options):
    [source] = build_sources([name], options)
    assert source.name == name


async def test_sources_come_in_the_order_of_the_settings(clock):
    async with open_sources(Settings(_env_file=None), clock, ["arxiv", "huggingface"]) as sources:
        assert [source.name for source in sources] == ["arxiv", "huggingface"]


def test_an_unknown_source_is_a_mistake_that_names_those_there_are(options):
    with pytest.raises(UserError, match="No source is called 'x'"):
        build_sources(["x"], options)
