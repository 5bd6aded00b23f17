"""Alerts: every paper is compared with what is followed, once it is here and indexed, whatever its date.

Papers are looked at in the order in which they came or changed (their revisions), and how far is noted with the
matches. So nothing is left out or noted twice: not a paper that a source tells of late, not one whose authors come with
a second source, and not what came while Paperboy was stopped.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.follows import Follow, FollowKind, Match
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from bot.library.follows import Names, is_of_lab
from bot.ports import StoredPaper
from bot.runtime.cancellation import to_its_end

_PAGE = 1_000
"""Papers that are looked at together."""

_NEWS = timedelta(days=365)
"""How long before it was followed a paper may have been published: an older one was imported, and is no news."""


async def find_matches(app: App) -> int:
    """Note which papers that came or changed since the last time match what is followed; returns how many were read."""
    upto, read = app.index.watermark, 0
    behind = await app.store.follows_behind(upto)
    if not behind:
        return 0
    numbers = [follow.number for follow in behind]
    after = min(follow.scanned for follow in behind)
    while page := [each for each in await app.store.papers_after(after, _PAGE) if each.revision <= upto]:
        found = await _matches(app, behind, page)
        after = page[-1].revision
        await to_its_end(app.store.note_matches(numbers, found, scanned=after))
        read += len(page)
    await to_its_end(app.store.note_matches(numbers, [], scanned=upto))
    return read


async def _matches(app: App, follows: Sequence[Follow], page: Sequence[StoredPaper]) -> list[Match]:
    """The matches of papers with follows of all kinds."""
    by_kind: defaultdict[FollowKind, list[Follow]] = defaultdict(list)
    for follow in follows:
        by_kind[follow.kind].append(follow)
    proposed = [stored for stored in page if not stored.paper.withdrawn]
    rows: dict[int, Sequence[int]] = {}
    names = Names((stored.row, stored.paper) for stored in proposed)
    for follow in by_kind[FollowKind.AUTHOR]:
        rows[follow.number] = names.papers_by(follow.value, not_with=follow.others)
    labelled = [stored for stored in proposed if stored.paper.organization]
    for follow in by_kind[FollowKind.LAB]:
        rows[follow.number] = [stored.row for stored in labelled if is_of_lab(stored.paper, follow.value)]
    about = await app.library.about(proposed, {follow.value for follow in by_kind[FollowKind.QUERY]})
    for follow in by_kind[FollowKind.QUERY]:
        rows[follow.number] = sorted(about[follow.value])
    papers = {stored.row: stored for stored in page}
    found = [
        Match(follow.number, row)
        for follow in follows
        for row in rows.get(follow.number, ())
        if _is_news(follow, papers[row])
    ]
    return found + await _new_versions(app, by_kind[FollowKind.VERSION], papers)


def _is_news(follow: Follow, stored: StoredPaper) -> bool:
    published = stored.paper.published
    return stored.row > follow.from_row and (published is None or published >= follow.since - _NEWS)


async def _new_versions(app: App, follows: Sequence[Follow], papers: Mapping[int, StoredPaper]) -> list[Match]:
    """Matches of followed papers that were updated since."""
    found = []
    for follow in follows:
        for stored in await app.store.papers([PaperId(follow.value)]):
            updated = papers[stored.row].paper.updated if stored.row in papers else None
            if updated and updated > follow.since:
                found.append(Match(follow.number, stored.row, updated.isoformat()))
    return found
