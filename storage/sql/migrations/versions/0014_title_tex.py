"""Titles, abstracts and authors are read from TeX into Unicode; a title keeps its TeX beside it."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.papers import title_id, title_key
from bot.domain.tex.reading import read_tex

revision = "0014"
down_revision = "0013"

_PAGE = 5_000
_TELLING_TITLE = 12


def upgrade() -> None:
    op.add_column("papers", sa.Column("title_tex", sa.Text, nullable=False, server_default=""))
    connection = op.get_bind()
    last = 0
    while page := connection.execute(_PAPERS, {"last": last, "page": _PAGE}).all():
        last = page[-1].row
        if changes := [change for paper in page if (change := _reading(paper))]:
            newest = connection.scalar(sa.text("SELECT max(revision) FROM papers"))
            # A new revision brings the paper into the index anew.
            numbered = [change | {"revision": newest + number} for number, change in enumerate(changes, 1)]
            connection.execute(_UPDATE, numbered)


_PAPERS = sa.text("SELECT row, title, abstract, authors FROM papers WHERE row > :last ORDER BY row LIMIT :page")
_UPDATE = sa.text(
    "UPDATE papers SET title = :title, title_tex = :title_tex, title_id = :title_id, abstract = :abstract, "
    "authors = :authors, revision = :revision WHERE row = :row"
)


def _reading(paper: Any) -> dict[str, Any] | None:
    """What a paper's columns become; None where they stay."""
    names = json.loads(paper.authors)
    title, abstract = _line(paper.title), _line(paper.abstract)
    authors = [_line(name, braces=True) for name in names]
    if (title, abstract, authors) == (paper.title, paper.abstract, names):
        return None
    return {
        "row": paper.row,
        "title": title,
        "title_tex": "" if title == paper.title else paper.title,
        "title_id": title_id(title) if len(title_key(title)) >= _TELLING_TITLE else None,
        "abstract": abstract,
        "authors": json.dumps(authors, separators=(",", ":")),
    }


def _line(written: str, *, braces: bool = False) -> str:
    return " ".join(read_tex(written, braces=braces).split()) or written
