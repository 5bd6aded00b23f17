"""Which records are about one paper although they do not name it by the same id. Pure; no SQL."""

import unicodedata
from functools import lru_cache

from bot.domain.papers import Paper, PaperId, is_arxiv, is_title_id, title_id, title_key

_TELLING_TITLE = 12
"""Letters and digits from which a title tells papers apart; `Editorial` does not."""

_LONG_TITLE = 16
"""Letters and digits from which a title that authors share is the title of one paper."""

_MOST_YEARS = 5
"""Between a preprint and what was made of it at a conference or in a journal."""

_TELLING_BEGINNING = 100
"""Letters and digits at the beginning of an abstract that no other abstract begins with."""


@lru_cache(maxsize=16_384)  # Asked several times for each paper of a batch, which takes longer than storing it.
def telling_title_id(title: str) -> PaperId | None:
    """The id for a title long enough to tell papers apart, else None."""
    return title_id(title) if len(title_key(title)) >= _TELLING_TITLE else None


def may_be_one(one: PaperId, other: PaperId) -> bool:
    """Whether two ids may stand for one paper: arXiv gives each paper one id and no other."""
    return one == other or not (is_arxiv(one) and is_arxiv(other))


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two papers of the same title (`telling_title_id`) are one that two services know by ids of their own.

    They are when a title is all that is known of one of them. Else the title is long, the years are near, and they
    share at least half the family names of the shorter list of authors; where a list is missing, their abstracts must
    begin alike. One service has no paper twice.
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
    return "".join(char for char in unicodedata.normalize("NFKD", word.casefold()) if char.isalpha())
