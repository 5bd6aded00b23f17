"""One turn of a library of Zotero: what changed there is taken in, then what changed here is brought there.

Each side is compared, item by item, with what both agreed on the last time, so that a turn may break off anywhere and
the next one goes on. Where both changed something, adding wins over removing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from bot.domain.notes import list_name
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, FeedbackKind, person_key
from bot.domain.zotero import (
    BY_ZOTERO,
    LinkedItem,
    Removal,
    ZoteroCollection,
    ZoteroItem,
    ZoteroLibrary,
    merged_lists,
    new_key,
    removal,
    within,
)
from bot.errors import SourceError
from bot.library.citations import References
from bot.library.ingest import as_told
from bot.ports import Batch, Clock, Store, StoredPaper
from bot.ports.zotero import NewItem, ZoteroSession
from bot.runtime.lazy_log import log

LEASE = timedelta(minutes=10)
"""How long a library belongs to whoever works on it, since they last said so."""

_AT_ONCE = 50
"""Items that Zotero tells or takes at once."""

_GONE = -1
"""The version of an item that is gone for good, or that Zotero did not take."""

_Each = TypeVar("_Each")
_Change = Callable[[ZoteroItem, LinkedItem], tuple[Mapping[str, Any], LinkedItem]]
"""The fields of an item to change, and what is known of it afterwards."""


class DisconnectedError(Exception):
    """The library was disconnected while it was being worked on."""


class CollectionGoneError(SourceError):
    """The collection for what is saved here is not in Zotero any more."""


class TooLargeError(SourceError):
    """There is more in what is read of the library than may be."""


class ZoteroTurn:
    """One turn of a library. `saver` is the person who saves what is added in Zotero.

    Of a library with more than `most_items` nothing is taken in: who is kept in step with a part would not know which.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        session: ZoteroSession,
        library: ZoteroLibrary,
        saver: int,
        *,
        citation_key: str,
        most_items: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zotero = session
        self._library = library
        self._saver = saver
        self._references = References(citation_key)
        self._most_items = most_items
        self._collections: dict[str, ZoteroCollection] = {}
        self._names: Mapping[str, str] | None = None
        self._links: dict[str, LinkedItem] = {}
        self._keys: dict[PaperId, str] = {}
        """How Paperboy called papers in Zotero; each keeps its key, whatever is saved, unsaved and saved again."""

    async def run(self) -> int:
        """Bring both sides in step; returns the version of the library up to which it was read.

        Raises SourceError, CollectionGoneError and TooLargeError for two, and DisconnectedError.
        """
        await self._read_collections()
        self._links = {each.item: each for each in await self._store.linked_items(self._library.owner)}
        self._keys = {each.paper_id: each.citation_key for each in self._links.values() if each.citation_key}
        version = await self._take_in()
        saved = await self._saved()
        await self._make(saved)
        await self._bring_back(saved)
        await self._remove(saved)
        await self._merge_lists(saved)
        return version

    async def _read_collections(self) -> None:
        found = await self._zotero.collections(self._library.path)
        self._collections = {each.key: each for each in found}
        if self._library.collection not in self._collections:
            raise CollectionGoneError("The collection for your papers is gone.")

    @property
    def _ours(self) -> frozenset[str]:
        """The collection for what is saved here and those in it."""
        return within(self._collections, self._library.collection)

    def _is_read(self, item: ZoteroItem) -> bool:
        """Whether an item is a paper in what is read of the library."""
        filed = self._library.whole or bool(self._ours & set(item.collections))
        return item.paper is not None and not item.trashed and filed

    async def _take_in(self) -> int:
        """Save what came and take back what went since the library was last read; returns its version now."""
        since = self._library.version
        changed, version = await self._changed(since)
        news = [key for key, at in changed.items() if key not in self._links or self._links[key].version < at]
        self._require_room(news)
        for keys in _chunks(news):
            await self._hold()
            items = {item.key: item for item in await self._zotero.items(self._library.path, keys)}
            await self._take(list(items.values()))
            await self._lose([key for key in keys if key not in items])
        if since and version > since:
            gone = await self._zotero.deleted(self._library.path, since=since)
            await self._lose(gone.items)
        return version

    def _require_room(self, news: Iterable[str]) -> None:
        """Raises TooLargeError where there is more than may be with what is new."""
        there = {key for key, link in self._links.items() if link.there}.union(news)
        if len(there) > self._most_items:
            raise TooLargeError(
                f"There are {len(there):,} items, and {self._most_items:,} are the most that are kept in step here: "
                "nothing new was read. Name one collection of them, or ask whoever runs this Paperboy for more "
                "(PAPERBOY_ZOTERO_MOST_ITEMS)."
            )

    async def _changed(self, since: int) -> tuple[dict[str, int], int]:
        """The items that changed; of a library that is read for the first time, those in the collections that count."""
        if since or self._library.whole:
            items, version = await self._zotero.changed(self._library.path, since=since)
            return dict(items), version
        found: dict[str, int] = {}
        versions = []
        for key in sorted(self._ours):
            items, version = await self._zotero.changed(self._library.path, since=0, collection=key)
            found |= items
            versions.append(version)
        return found, min(versions)

    async def _take(self, items: Sequence[ZoteroItem]) -> None:
        """Take in items as they are now."""
        known = [item for item in items if item.key in self._links or self._is_read(item)]
        ids = await self._papers_of([item for item in known if item.key not in self._links])
        links = []
        for item in known:
            before = self._links.get(item.key)
            if before is None and item.key in ids:
                before = LinkedItem(item.key, ids[item.key], saved=False, there=False)
            if before:
                links.append(self._as_it_is(item, before))
        await self._keep(links, self._said(links))

    def _as_it_is(self, item: ZoteroItem, before: LinkedItem) -> LinkedItem:
        """What is known of an item once it was read; whoever changed what Paperboy made has it for their own."""
        there = self._is_read(item)
        return replace(
            before,
            there=there,
            saved=before.saved or there,
            made=before.made and before.version in {0, item.version},
            version=item.version,
            collections=item.collections,
        )

    def _said(self, links: Sequence[LinkedItem]) -> list[FeedbackAct]:
        """What the coming and going of items says about their papers; what Paperboy made says nothing by coming."""
        now = self._links | {each.item: each for each in links}
        found = {each.paper_id for each in now.values() if each.there}
        acts: dict[PaperId, FeedbackAct] = {}
        for link in links:
            before = self._links.get(link.item)
            was = before is not None and (before.there or _is_promised(before))
            if link.there and not was:
                acts[link.paper_id] = self._act(link.paper_id, came=True)
            elif was and link.paper_id not in found:
                acts[link.paper_id] = self._act(link.paper_id, came=False)
        return list(acts.values())

    def _act(self, paper_id: PaperId, *, came: bool) -> FeedbackAct:
        place = "" if self._library.owner == person_key(self._saver) else self._library.owner
        return FeedbackAct(self._saver, paper_id, FeedbackKind.SAVE, came, self._clock.now(), place, BY_ZOTERO)

    async def _papers_of(self, items: Sequence[ZoteroItem]) -> dict[str, PaperId]:
        """The papers that new items stand for, stored where they are not here yet, by the keys of the items."""
        papers = {item.key: as_told(item.paper) for item in items if item.paper}
        aliases = [(papers[item.key].id, alias) for item in items if item.paper for alias in item.aliases]
        if papers:
            batch = Batch(papers=list(papers.values()), aliases=aliases, only_new=True)
            await self._store.save_batch("zotero", batch, now=self._clock.now())
        found = {key: await self._store.paper(paper.id) for key, paper in papers.items()}
        return {key: stored.paper.id for key, stored in found.items() if stored}

    async def _lose(self, keys: Iterable[str]) -> None:
        """Take in that items are gone for good."""
        known = [self._links[key] for key in keys if key in self._links and not _is_promised(self._links[key])]
        links = [replace(each, there=False, made=False, version=_GONE) for each in known]
        await self._keep(links, self._said(links))

    async def _saved(self) -> dict[PaperId, StoredPaper]:
        """What the owner has saved, the last first."""
        owner = self._library.owner
        if owner == person_key(self._saver):
            told = await self._store.feedback_of(self._saver)
            ids = [each.paper_id for each in told if each.kind is FeedbackKind.SAVE]
        else:
            ids = [each.paper_id for each in await self._store.saves_at(owner)]
        return {stored.paper.id: stored for stored in await self._store.papers(list(dict.fromkeys(ids)))}

    async def _make(self, saved: Mapping[PaperId, StoredPaper]) -> None:
        """Make items for papers that have none. Their keys are kept first, so that none is made twice."""
        linked = {each.paper_id for each in self._links.values()}
        papers = [stored.paper for stored in saved.values()]
        for paper, key in zip(papers, self._references.keys(papers, self._keys), strict=True):
            if paper.id not in linked:
                self._keys[paper.id] = key
        new = [
            LinkedItem(new_key(), each, saved=False, there=False, made=True, citation_key=self._keys[each])
            for each in saved
            if each not in linked
        ]
        await self._keep(new)
        waiting = [each for each in self._links.values() if _is_promised(each) and each.paper_id in saved]
        for links in _chunks(waiting):
            home = (self._library.collection,)
            items = [NewItem(each.item, saved[each.paper_id].paper, home, each.citation_key) for each in links]
            await self._make_some(links, items)

    async def _make_some(self, links: Sequence[LinkedItem], items: Sequence[NewItem]) -> None:
        await self._hold()
        made = await self._zotero.make_items(self._library.path, items)
        home = (self._library.collection,)
        done = [
            replace(each, saved=True, there=True, version=made.version, collections=home)
            for each in links
            if each.item in made.done
        ]
        for key, reason in made.refused.items():
            log().warning("Zotero did not take a paper", item=key, reason=reason)
        # One that Zotero does not take is not offered again and again.
        refused = [replace(each, saved=True, made=False, version=_GONE) for each in links if each.item in made.refused]
        await self._keep([*done, *refused])
        # Those were made in a turn that broke off before it could be kept.
        if made.known:
            await self._take(await self._zotero.items(self._library.path, sorted(made.known)))

    async def _bring_back(self, saved: Mapping[PaperId, StoredPaper]) -> None:
        """Bring papers back that were saved again."""
        for link in list(self._links.values()):
            if link.saved or link.paper_id not in saved or _is_promised(link):
                continue
            others = [each for each in self._links.values() if each.paper_id == link.paper_id]
            if any(each.there for each in others):
                await self._keep([replace(link, saved=True)])
            elif not await self._change(link, self._filed_again):
                # It is gone for good, so another is made in its place.
                await self._store.unlink_items(self._library, [link.item])
                del self._links[link.item]
                await self._make(saved)

    def _filed_again(self, item: ZoteroItem, link: LinkedItem) -> tuple[Mapping[str, Any], LinkedItem]:
        collections = tuple(dict.fromkeys((*item.collections, self._library.collection)))
        fields = {"collections": list(collections), **({"deleted": 0} if item.trashed else {})}
        return fields, replace(link, saved=True, there=True, collections=collections)

    async def _remove(self, saved: Collection[PaperId]) -> None:
        """Take out of Zotero what is no longer saved here, as far as it is Paperboy's."""
        for link in list(self._links.values()):
            if link.paper_id in saved or not (link.saved or _is_promised(link)):
                continue
            if not (link.there or _is_promised(link)) or not await self._change(link, self._taken_out):
                await self._keep([replace(link, saved=False, there=False, version=link.version or _GONE)])

    def _taken_out(self, item: ZoteroItem, link: LinkedItem) -> tuple[Mapping[str, Any], LinkedItem]:
        kept = tuple(each for each in item.collections if each not in self._ours)
        gone = replace(link, saved=False, there=self._library.whole and not item.trashed, tags=())
        match removal(item, link, self._ours):
            case Removal.TRASH:
                return {"deleted": 1}, replace(gone, there=False)
            case Removal.TAKE_OUT:
                return {"collections": list(kept)}, replace(gone, collections=kept)
            case Removal.NOTHING:
                return {}, gone

    async def _merge_lists(self, saved: Collection[PaperId]) -> None:
        """Bring tags here and collections there in step."""
        shelf = await self._store.shelf(self._library.owner)
        for link in list(self._links.values()):
            if not (link.there and link.saved and link.paper_id in saved):
                continue
            names = self._lists()
            there = {names[key] for key in link.collections if key in names}
            lists = merged_lists(link.tags, shelf.tags.get(link.paper_id, ()), there, names.values())
            owner, now = self._library.owner, self._clock.now()
            await self._store.add_tags(owner, link.paper_id, sorted(lists.put_here), at=now)
            await self._store.remove_tags(owner, link.paper_id, lists.take_here)
            agreed = tuple(sorted(lists.agreed))
            if lists.put_there or lists.take_there:
                await self._refile(link, agreed, lists.put_there, lists.take_there)
            elif agreed != link.tags:
                await self._keep([replace(link, tags=agreed)])

    def _lists(self) -> Mapping[str, str]:
        """The collections that are lists, by their keys, and how the lists are called."""
        if self._names is None:
            counted = self._collections.keys() if self._library.whole else self._ours
            named = {key: list_name(self._collections[key].name) for key in counted - {self._library.collection}}
            self._names = {key: name for key, name in named.items() if name}
        return self._names

    async def _refile(
        self, link: LinkedItem, agreed: tuple[str, ...], put: Collection[str], take: Collection[str]
    ) -> None:
        """Put an item into the collections of some lists, and take it out of those of others."""
        into = [await self._collection_of(name) for name in sorted(put)]
        out_of = {key for key, name in self._lists().items() if name in take}

        def refiled(item: ZoteroItem, link: LinkedItem) -> tuple[Mapping[str, Any], LinkedItem]:
            kept = [key for key in dict.fromkeys((*item.collections, *into)) if key not in out_of]
            # What is in no collection of the chosen one would be out of it.
            if not self._library.whole and not self._ours & set(kept):
                kept.append(self._library.collection)
            return {"collections": kept}, replace(link, collections=tuple(kept), tags=agreed)

        await self._change(link, refiled)

    async def _collection_of(self, name: str) -> str:
        """The collection of a list, made in that for what is saved here where there is none."""
        if known := [key for key, list_ in self._lists().items() if list_ == name]:
            return min(known)
        made = ZoteroCollection(new_key(), name, self._library.collection)
        await self._zotero.make_collection(self._library.path, made)
        self._collections[made.key] = made
        self._names = None
        return made.key

    async def _change(self, link: LinkedItem, changed: _Change) -> bool:
        """Change an item as it is now in Zotero, and keep what becomes of it; False where there is none any more.

        Nothing is done to one that somebody changed since it was read: the next turn takes that in first.
        """
        await self._hold()
        found = await self._zotero.items(self._library.path, [link.item])
        if not found:
            return False
        [item] = found
        if link.version > 0 and link.version != item.version:
            return True
        fields, becomes = changed(item, link)
        version = await self._zotero.change(self._library.path, item, fields) if fields else item.version
        if version is not None:
            await self._keep([replace(becomes, version=version)])
        return True

    async def _hold(self) -> None:
        """Keep the library for longer. Raises DisconnectedError."""
        if not await self._store.hold_zotero(self._library, until=self._clock.now() + LEASE):
            raise DisconnectedError

    async def _keep(self, links: Sequence[LinkedItem], acts: Sequence[FeedbackAct] = ()) -> None:
        """Keep what both sides have come to. Raises DisconnectedError."""
        for some in _chunks(list(links)):
            named = {each.paper_id for each in some}
            said = [act for act in acts if act.paper_id in named]
            if not await self._store.link_items(self._library, some, said):
                raise DisconnectedError
            self._links |= {each.item: each for each in some}


def _is_promised(link: LinkedItem) -> bool:
    """Whether an item is to be made of which it is not known yet that it was."""
    return link.made and link.version == 0


def _chunks(each: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    """As many as Zotero takes at once, and then more."""
    return (each[start : start + _AT_ONCE] for start in range(0, len(each), _AT_ONCE))
