"""Which records are about the same paper although their ids differ. Pure; no SQL."""

from functools import lru_cache

from bot.domain.paper_ids import PaperId, is_arxiv
from bot.domain.papers import Paper, is_title_id, title_id, title_key
from bot.domain.words import normalized

_TELLING_TITLE = 12
"""A title with at least so many letters and digits identifies a paper; `Editorial` does not."""

_LONG_TITLE = 16
"""With the same authors, a title with at least so many letters and digits is the title of one paper."""

_MOST_YEARS = 5
"""Years between a preprint and its version at a conference or in a journal, at most."""

_TELLING_BEGINNING = 100
"""Two abstracts that share so many letters and digits at the beginning are the same."""


@lru_cache(maxsize=16_384)  # Called several times for each paper of a batch: slower than storing it.
def telling_title_id(title: str) -> PaperId | None:
    """The id made of a title, if it is long enough to identify a paper; else None."""
    return title_id(title) if len(title_key(title)) >= _TELLING_TITLE else None


def may_be_one(one: PaperId, other: PaperId) -> bool:
    """Whether two ids may be of one paper: arXiv gives each paper only one id."""
    return one == other or not (is_arxiv(one) and is_arxiv(other))


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two papers of the same title (`telling_title_id`) are one paper with ids of two services.

    They are if only the title is known of one of them. Otherwise the title must be long, the years near, and they must
    share at least half the family names of the shorter list of authors; if a list is missing, their abstracts must
    begin alike. One service never has the same paper twice.
    """
    if is_title_id(one.id) or is_title_id(other.id):
        return True
    if _service(one.id) == _service(other.id) or len(title_key(one.title)) < _LONG_TITLE:
        return False
    if one.published and other.published and abs(one.published.year - other.published.year) > _MOST_YEARS:
        return False
    if one.authors and other.authors:
        names, others = _family_names(one.authors), _family_names(other.authors)
        return 0 < min(len(names), len(others)) <= 2 * len(names & others)
    beginning = title_key(one.abstract)[:_TELLING_BEGINNING]
    return len(beginning) == _TELLING_BEGINNING and title_key(other.abstract).startswith(beginning)


def _service(paper_id: PaperId) -> str:
    return "arxiv" if ":" not in paper_id else paper_id.partition(":")[0]


def _family_names(authors: tuple[str, ...]) -> set[str]:
    """The last words of names (the first, where a comma follows it), without accents and in lower case."""
    families = (name.partition(",")[0] for name in authors)
    return {_unaccented(family.split()[-1]) for family in families if family.split()}


def _unaccented(word: str) -> str:
    return "".join(char for char in normalized("NFKD", word.casefold()) if char.isalpha())
