"""The paper that somebody names: from here, else from the services that know it."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from bot.domain.paper_ids import PaperId, close_ids
from bot.domain.papers import is_title_id
from bot.domain.references import find_paper_ids, is_text_too, parse_paper_id, the_only_id, unread_link
from bot.engine.query import Query
from bot.engine.search import search
from bot.errors import BeingFetchedError, PaperNotFoundError, UserError
from bot.library.lookup import Lookup
from bot.ports import PaperIndex, StoredPaper

if TYPE_CHECKING:
    from bot.ports import LibraryStore

_MOST = 20
"""Papers of one message that are looked up."""

_CHECK = "Check the id, or search for its title."
_SWITCHED_OFF = "Looking such papers up is switched off; search for its title."


class Finder:
    """Finds papers by what people call them."""

    def __init__(self, store: "LibraryStore", index: PaperIndex, lookup: Lookup) -> None:
        self._store = store
        self._index = index
        self._lookup = lookup

    async def find(self, reference: str) -> StoredPaper:
        """The paper that an id, a link or a whole title names, a slip of one letter in a title forgiven.

        An id or a link may stand among other words, as in what an app shares. Raises PaperNotFoundError, suggesting
        papers with a title like it, or saying which links are understood; BeingFetchedError and LookupFailedError for
        a paper that is not here.
        """
        paper_id = parse_paper_id(reference)
        if paper_id and (stored := await self._store.paper(paper_id)):
            return stored
        if found := await self._titled(reference, paper_id):
            return found
        if (not paper_id or is_text_too(paper_id)) and (within := the_only_id(reference)):
            return await self.find(within)
        require_readable(reference)
        return await self._fetched(reference, paper_id)

    async def _titled(self, reference: str, paper_id: PaperId | None) -> StoredPaper | None:
        """The paper that is called so; an id is no title, but what an address of Papers with Code has in it is."""
        if paper_id and paper_id.startswith("slug:"):
            reference = paper_id.removeprefix("slug:")
        elif paper_id and not is_text_too(paper_id):
            return None
        titled = await asyncio.to_thread(self._index.find_title, reference)
        if not len(titled) and not paper_id:
            titled = await asyncio.to_thread(self._index.find_close_title, reference)
        found = await self._store.papers_by_row(titled[:1].tolist())
        return found[0] if found else None

    async def _fetched(self, reference: str, paper_id: PaperId | None) -> StoredPaper:
        said, hint = "", _CHECK
        if paper_id and not is_text_too(paper_id):
            answer = await self._lookup.fetch(paper_id)
            if answer.stored:
                return answer.stored
            said, hint = answer.said, _CHECK if answer.said else _SWITCHED_OFF
        raise PaperNotFoundError(await self._not_found(reference, paper_id, said, hint))

    async def find_all(self, ids: Sequence[PaperId]) -> tuple[list[StoredPaper], list[UserError]]:
        """The papers with these ids, looked up all at once, and what is to say of those that are not here.

        Among many, the first are looked up and the others are only looked for here.
        """
        known = {stored.paper.id: stored for stored in await self._store.papers(ids)}
        found: list[StoredPaper] = list(known.values())
        unknown = [paper_id for paper_id in ids if not await self._store.paper(paper_id)]
        fetched = await asyncio.gather(*map(self.find, unknown[:_MOST]), return_exceptions=True)
        problems: list[UserError] = []
        for result in fetched:
            if isinstance(result, StoredPaper):
                found.append(result)
            elif isinstance(result, UserError):
                problems.append(result)
            elif isinstance(result, BaseException):
                raise result
        if left := unknown[_MOST:]:
            problems.append(PaperNotFoundError(f"Too many papers for one message; not looked up: {', '.join(left)}."))
        return list({stored.row: stored for stored in found}.values()), problems

    async def missing(self, paper_id: PaperId) -> NoReturn:
        """Raises PaperNotFoundError for an id that is not here, without asking anybody for it."""
        raise PaperNotFoundError(await self._not_found(paper_id, paper_id, ""))

    async def _not_found(self, reference: str, paper_id: PaperId | None, said: str, hint: str = _CHECK) -> str:
        if paper_id:
            close = await self._store.papers(close_ids(paper_id))
            meant = f"Did you mean {named(close[:3])}?" if close else hint
            return f"{said or f'No paper {paper_id} here.'} {meant}"
        if (count := len(find_paper_ids(reference))) > 1:
            return f"That names {count} papers; name one at a time."
        ranking = await asyncio.to_thread(search, self._index, Query(text=reference), 3)
        close = self._with_words_of(reference, await self._store.papers_by_row(ranking.rows.tolist()))
        meant = f"Did you mean {named(close)}?" if close else "Check its spelling, or name it by its id or a link."
        return f"No paper is called “{reference}”. {meant}"

    def _with_words_of(self, reference: str, papers: Sequence[StoredPaper]) -> list[StoredPaper]:
        """The papers whose titles have at least half of the words typed; others were only found by their meaning."""
        typed = set(self._index.analyze(reference))
        shared = [len(typed & set(self._index.analyze(stored.paper.title))) for stored in papers]
        return [stored for stored, count in zip(papers, shared, strict=True) if count and 2 * count >= len(typed)]


def require_readable(typed: str) -> None:
    """Raises PaperNotFoundError for a link that names no paper: its letters are nothing to search for."""
    if reason := unread_link(typed):
        raise PaperNotFoundError(reason)


def being_fetched(problems: Sequence[UserError]) -> BeingFetchedError | None:
    """One error for all papers that are being fetched; None where none is."""
    waiting = [problem for problem in problems if isinstance(problem, BeingFetchedError)]
    if not waiting:
        return None
    done = asyncio.gather(*(problem.done for problem in waiting), return_exceptions=True)
    return BeingFetchedError(" ".join(map(str, waiting)), done)


def named(papers: Sequence[StoredPaper]) -> str:
    """`2310.06825 (Mistral 7B); …`; a paper whose id is made of its title goes by that."""
    return "; ".join(
        f"“{paper.title}”" if is_title_id(paper.id) else f"{paper.id} ({paper.title})"
        for paper in (stored.paper for stored in papers)
    )
