"""What people read, in plain words, and where the papers of it come from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.categories import archives, codes_of, spelled_out, subclasses, written
from bot.domain.preprint_categories import BIORXIV, MEDRXIV
from bot.errors import UserError

HUGGINGFACE, ARXIV, BIORXIV_SOURCE, MEDRXIV_SOURCE = "huggingface", "arxiv", "biorxiv", "medrxiv"
BY_FIELD = (HUGGINGFACE, ARXIV, BIORXIV_SOURCE, MEDRXIV_SOURCE)
"""The sources that fields choose; all others stand beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingField:
    """A field by its name, with the categories of each service that belong to it.

    None is none of bioRxiv's or medRxiv's; no categories are all of them. `daily` are Hugging Face's daily papers.
    """

    name: str
    arxiv: tuple[str, ...] = ()
    biorxiv: tuple[str, ...] | None = None
    medrxiv: tuple[str, ...] | None = None
    daily: bool = False


FIELDS = (
    ReadingField(
        name="Machine learning and AI", arxiv=("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML"), daily=True
    ),
    ReadingField(name="Language", arxiv=("cs.CL", "eess.AS"), daily=True),
    ReadingField(name="Computer vision", arxiv=("cs.CV", "eess.IV"), daily=True),
    ReadingField(name="Robotics", arxiv=("cs.RO",), daily=True),
    ReadingField(name="All of computer science", arxiv=("cs",), daily=True),
    ReadingField(name="Mathematics", arxiv=("math", "math-ph")),
    ReadingField(name="Statistics", arxiv=("stat",)),
    ReadingField(
        name="Physics",
        arxiv=(
            "physics", "cond-mat", "quant-ph", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "nucl-ex", "nucl-th",
            "nlin",
        ),
    ),
    ReadingField(name="Astronomy", arxiv=("astro-ph",)),
    ReadingField(name="Biology", arxiv=("q-bio",), biorxiv=()),
    ReadingField(name="Neuroscience", arxiv=("q-bio.NC",), biorxiv=("neuroscience",)),
    ReadingField(name="Medicine", medrxiv=()),
    ReadingField(name="Economics and finance", arxiv=("econ", "q-fin")),
    ReadingField(name="Electrical engineering", arxiv=("eess",)),
)  # fmt: skip
"""The fields that are offered; others are found by their names (`read_field`)."""


def read_field(typed: str) -> ReadingField:
    """The field that a name, a number of FIELDS or a category of arXiv means. Raises UserError.

    >>> read_field("genomics").arxiv, read_field("genomics").biorxiv, read_field("cs.ro").arxiv
    (('q-bio.GN',), ('genomics',), ('cs.RO',))
    """
    words = " ".join(typed.split())
    if words.isdecimal() and 0 < int(words) <= len(FIELDS):
        return FIELDS[int(words) - 1]
    key = words.casefold()
    if known := next((field for field in FIELDS if field.name.casefold() == key), None):
        return known
    if key == "all":
        return ReadingField(name="All of arXiv", arxiv=("all",))
    codes = (written(key),) if subclasses(key) else codes_of(key)
    biorxiv, medrxiv = ((key,) if key in each else None for each in (BIORXIV, MEDRXIV))
    if not codes and biorxiv is None and medrxiv is None:
        raise UserError(
            f"There is no field “{words}”. Use a number, a name such as robotics or genomics, or a category of arXiv "
            "such as cs.RO."
        )
    return ReadingField(name=words, arxiv=codes, biorxiv=biorxiv, medrxiv=medrxiv)


def settings_of(fields: Iterable[ReadingField], sources: Iterable[str]) -> Mapping[str, str]:
    """The settings by which some fields are read, by name, and `sources` beside them."""
    chosen = list(fields)
    arxiv = tuple(dict.fromkeys(code for field in chosen for code in field.arxiv))
    biorxiv, medrxiv = _all_of(field.biorxiv for field in chosen), _all_of(field.medrxiv for field in chosen)
    read = {
        HUGGINGFACE: any(field.daily for field in chosen),
        ARXIV: bool(arxiv),
        BIORXIV_SOURCE: biorxiv is not None,
        MEDRXIV_SOURCE: medrxiv is not None,
    }
    names = [*(name for name, on in read.items() if on), *(name for name in sources if not read.get(name))]
    settings = {"PAPERBOY_SOURCES": ",".join(names)}
    if arxiv:
        settings["PAPERBOY_ARXIV_CATEGORIES"] = ",".join(arxiv)
    if biorxiv is not None:
        settings["PAPERBOY_BIORXIV_CATEGORIES"] = ",".join(biorxiv)
    if medrxiv is not None:
        settings["PAPERBOY_MEDRXIV_CATEGORIES"] = ",".join(medrxiv)
    return settings


def named_fields(arxiv: Iterable[str]) -> list[str]:
    """What some categories of arXiv come to: the offered fields that they hold as a whole, then the categories left.

    A field that is part of another is not named beside it.
    """
    codes = archives(spelled_out(arxiv))
    parts = {field.name: frozenset(spelled_out(field.arxiv)) for field in FIELDS if field.arxiv}
    whole = {name: part for name, part in parts.items() if part <= frozenset(spelled_out(codes))}
    named = [name for name, part in whole.items() if not any(part < other for other in whole.values())]
    covered = {code for name in named for code in whole[name]}
    return [*named, *(code for code in codes if not set(spelled_out([code])) <= covered)]


def _all_of(parts: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """The categories that several fields come to: all where one has all, None where none has any."""
    given = [part for part in parts if part is not None]
    if not given or not all(given):
        return () if given else None
    return tuple(dict.fromkeys(name for part in given for name in part))
