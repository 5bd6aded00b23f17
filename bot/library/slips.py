"""What a search says that means nothing here: fields there are not and categories nobody has, in sentences."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.domain.categories import called, codes_of, spelled_out, written
from bot.domain.messages import Text, code, text
from bot.engine.query import parse_query, unknown_fields
from bot.errors import QueryError
from bot.library.following import is_known_category
from bot.ports import PaperIndex

_SHOWN = 2
"""Slips of one search that are told."""
_CLOSE = 0.8


def field_slips(typed: str) -> list[Text]:
    """What to say of words that look like fields and are none: they are searched for as words."""
    return [
        text("There is no field ", code(f"{name}:"), ". Did you mean ", code(f"{meant}:"), "?")
        if meant
        else text("There is no field ", code(f"{name}:"), "; words alone are looked for in titles and abstracts.")
        for name, meant in unknown_fields(typed).items()
    ][:_SHOWN]


def slips(index: PaperIndex, typed: str) -> list[Text]:
    """What to say of fields and categories in a search that there are not; nothing for a search without a slip.

    A category is known when arXiv, bioRxiv or medRxiv has it, or a paper here.
    """
    try:
        wanted = parse_query(typed).filters.categories
    except QueryError:
        wanted = ()
    here = index.values("category") if wanted else {}
    unknown = [each for each in wanted if each.lower() not in here and not is_known_category(each)]
    return [*field_slips(typed), *map(_category_slip, unknown)][:_SHOWN]


def _category_slip(category: str) -> Text:
    none = text("There is no category ", code(category), ".")
    if meant := _meant(category):
        return (*none, *text(" Did you mean ", code(f"cat:{meant}"), "?"))
    archive = written(category.partition(".")[0])
    if name := called(archive):
        return (*none, *text(" ", code(f"cat:{archive}"), f" is all of {name}."))
    return none


def _meant(category: str) -> str:
    """The category that was probably meant: the field of this name, one that ends so, or one a letter away."""
    if named := codes_of(category):
        return named[0]
    known = {each.lower(): each for each in spelled_out(["all"])}
    ending = [each for low, each in known.items() if low.endswith(f".{category.lower()}")]
    return _first(ending) or _first(known[low] for low in get_close_matches(category.lower(), known, 1, _CLOSE))


def _first(found: Iterable[str]) -> str:
    return next(iter(found), "")
