"""The ACL Anthology and DBLP, which give every paper as an entry of BibTeX."""

import re
from collections.abc import Callable
from functools import partial

from adapters.lookup.service import NOT_FOUND, Ask, Found, Spec, require_not_another
from adapters.sources.bibtex import read_bibtex
from adapters.sources.client import Answer, Transient
from adapters.sources.records import Entry, RecordError
from bot.domain.links import id_of_link
from bot.domain.paper_ids import PaperId
from bot.domain.references import service_of

_KEY = re.compile(r"@\w+\s*\{\s*DBLP:([^\s,{}]+)\s*,")


def _read(id_in: Callable[[str, Entry], PaperId | None], answer: Answer, paper_id: PaperId) -> Found | None:
    """The one entry of an answer; `id_in` says which paper of the service it is about, where it does say so."""
    if answer.status == NOT_FOUND:
        return None
    written = answer.body.decode(errors="replace")
    entries = [entry for _, entry in read_bibtex(written)]
    if len(entries) != 1 or isinstance(entries[0], RecordError):
        raise Transient(f"not one entry of BibTeX, but {len(entries)}")
    require_not_another(id_in(written, entries[0]), paper_id)
    return Found(entries[0])


def _linked(_written: str, entry: Entry) -> PaperId | None:
    return id_of_link(str(entry["link"])) if not isinstance(entry, RecordError) and entry.get("link") else None


def _keyed(written: str, _entry: Entry) -> PaperId | None:
    key = _KEY.search(written)
    return PaperId(f"dblp:{key[1]}") if key else None


ACL = Spec(
    name="acl",
    title="the ACL Anthology",
    url=lambda settings: settings.acl_url,
    has=lambda paper_id: service_of(paper_id) == "acl",
    asks=lambda paper_id: [Ask(f"/{paper_id.removeprefix('acl:')}.bib")],
    read=partial(_read, _linked),
)

DBLP = Spec(
    name="dblp",
    title="DBLP",
    url=lambda settings: settings.dblp_url,
    has=lambda paper_id: service_of(paper_id) == "dblp",
    asks=lambda paper_id: [Ask(f"/rec/{paper_id.removeprefix('dblp:')}.bib", {"param": "1"})],
    read=partial(_read, _keyed),
    interval=1.0,
)
