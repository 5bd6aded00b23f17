"""What commands, chats, adapters and the command line share: one small object that hands out the large ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.library.citations import KEY
from bot.library.library import Library
from bot.library.lookup import Lookup
from bot.library.second_reading import SecondReader
from bot.ports import Clock, FileReader, PaperIndex

if TYPE_CHECKING:
    from bot.library.following import Following
    from bot.library.subscriptions import Subscriptions
    from bot.library.zotero import Zotero
    from bot.ports import LibraryStore, Store


@dataclass(slots=True)
class PapersApp:
    """What papers are found with: a store, the index, the clock, and the library over them."""

    store: "LibraryStore"
    index: PaperIndex
    clock: Clock
    library: Library


@dataclass(slots=True)
class App(PapersApp):
    """The same over all that is kept, and what there is besides the library.

    `subscriptions` is None where there is no e-mail, `following` where nothing is read for what people follow,
    `data_dir` where no folder is kept, `read_file` where no files of papers are read, `zotero` where no libraries of
    Zotero are connected.
    Citation keys are made by `citation_key`; feeds are served at `public_url`, where there is one.
    """

    store: "Store"
    subscriptions: "Subscriptions | None" = None
    following: "Following | None" = None
    data_dir: Path | None = None
    read_file: FileReader | None = None
    citation_key: str = KEY
    public_url: str = ""
    zotero: "Zotero | None" = None

    @classmethod
    def over(
        cls,
        store: "Store",
        index: PaperIndex,
        clock: Clock,
        *,
        email: bool = False,
        lookup: Lookup | None = None,
        reader: SecondReader | None = None,
        following: "Following | None" = None,
        data_dir: Path | None = None,
        read_file: FileReader | None = None,
        citation_key: str = KEY,
        public_url: str = "",
        zotero: "Zotero | None" = None,
    ) -> Self:
        """The app over a store and an index of the same papers; without a `lookup` there are no others.

        A `reader` reads papers a second time.
        """
        subscriptions = None
        if email:
            from bot.library.subscriptions import Subscriptions

            subscriptions = Subscriptions(store, clock)
        library = Library(store, index, clock, lookup)
        library.reader = reader
        return cls(
            store,
            index,
            clock,
            library,
            subscriptions,
            following,
            data_dir,
            read_file,
            citation_key,
            public_url,
            zotero,
        )
