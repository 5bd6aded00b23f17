"""The ids of papers, and which of several is the main one."""

import re
from collections.abc import Iterable
from typing import NewType

PaperId = NewType("PaperId", str)
"""The canonical id of a paper.

An arXiv paper has its bare id (`2310.06825`, `hep-th/9901001`), never a version; a paper known only by
DOI is `doi:10.1145/3292500`; any other is `source:id`.
"""

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics"
    "|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_NEW_STYLE = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD_STYLE = rf"(?:{_ARCHIVES})(?:\.[A-Za-z-]{{2,}})?/\d{{2}}(?:0[1-9]|1[0-2])\d{{3}}"
ARXIV_ID = rf"(?:{_NEW_STYLE}|{_OLD_STYLE})"
"""How an id of arXiv is written, without a version."""

_ARXIV = re.compile(rf"(?:arxiv(?::|\.|(?=\s))\s*)?({ARXIV_ID})(?:v\d+)?", re.IGNORECASE)


def arxiv_id(text: str) -> PaperId | None:
    """The arXiv id that `text` is, without version and subject class, or None.

    >>> arxiv_id("arXiv:2310.06825v2"), arxiv_id("math.AG/0601001v1")
    ('2310.06825', 'math/0601001')
    """
    match = _ARXIV.fullmatch(text.strip())
    if not match:
        return None
    archive, slash, number = match[1].rpartition("/")
    return PaperId(f"{archive.split('.')[0].lower()}{slash}{number}")


def is_arxiv(paper_id: str) -> bool:
    """Whether a canonical id is one of arXiv's."""
    return ":" not in paper_id and arxiv_id(paper_id) == paper_id


def best_id(ids: Iterable[PaperId]) -> PaperId:
    """The main one of a paper's ids: arXiv's, else a DOI, else a source's, else an index's, else that of its title."""
    return min(ids, key=lambda paper_id: (_rank(paper_id), paper_id))


def _rank(paper_id: PaperId) -> int:
    if ":" not in paper_id:
        return 0
    return {"doi": 1, "s2": 3, "dblp": 3, "slug": 4, "title": 5}.get(paper_id.partition(":")[0], 2)


def close_ids(paper_id: PaperId) -> list[PaperId]:
    """Ids that differ from this one by a typo: another digit, or two neighbouring characters swapped."""
    found: list[str] = []
    for place, char in enumerate(paper_id):
        before, after = paper_id[:place], paper_id[place + 1 :]
        if after and after[0] != char:
            found.append(f"{before}{after[0]}{char}{after[1:]}")
        if char.isdigit():
            found += [f"{before}{digit}{after}" for digit in "0123456789" if digit != char]
    return [PaperId(candidate) for candidate in dict.fromkeys(found)]
