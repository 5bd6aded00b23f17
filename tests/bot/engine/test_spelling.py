"""Typed words that nobody wrote."""

import pytest

from bot.engine.query import parse_query
from bot.engine.spelling import respelled
from bot.library.app import App


def meant(app: App, typed: str) -> str:
    return respelled(app.index, parse_query(typed)).text


@pytest.mark.parametrize("slip", ["difusion", "difffusion", "diffuison", "diffusiom"])
async def test_a_letter_missing_too_many_swapped_or_wrong_is_mended(app: App, slip: str) -> None:
    assert meant(app, f"{slip} models") == "diffusion models"


@pytest.mark.parametrize("typed", ["diffusion models", "LoRaX", '"difusion" x', "zzqqkk", "dif", "autor:mueller x"])
async def test_known_words_names_capitals_quotes_and_the_hopeless_stay(app: App, typed: str) -> None:
    assert meant(app, typed) == parse_query(typed).text


async def test_the_rest_of_the_query_stays_as_it_is(app: App) -> None:
    query = parse_query("difusion cat:cs.LG after:2024")
    found = respelled(app.index, query)
    assert (found.text, found.filters) == ("diffusion", query.filters)
