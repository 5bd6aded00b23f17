"""The ACL Anthology and DBLP, which give every paper as an entry of BibTeX."""

from adapters.lookup.service import NOT_FOUND, Ask, Found, Spec
from adapters.sources.bibtex import read_bibtex
from adapters.sources.client import Answer, Transient
from adapters.sources.records import RecordError
from bot.domain.papers import PaperId
from bot.domain.references import service_of


def _read(answer: Answer, _paper_id: PaperId) -> Found | None:
    if answer.status == NOT_FOUND:
        return None
    entries = [entry for _, entry in read_bibtex(answer.body.decode(errors="replace"))]
    if len(entries) != 1 or isinstance(entries[0], RecordError):
        raise Transient(f"not one entry of BibTeX, but {len(entries)}")
    return Found(entries[0])


ACL = Spec(
    name="acl",
    title="the ACL Anthology",
    url=lambda settings: settings.acl_url,
    has=lambda paper_id: service_of(paper_id) == "acl",
    asks=lambda paper_id: [Ask(f"/{paper_id.removeprefix('acl:')}.bib")],
    read=_read,
)

DBLP = Spec(
    name="dblp",
    title="DBLP",
    url=lambda settings: settings.dblp_url,
    has=lambda paper_id: service_of(paper_id) == "dblp",
    asks=lambda paper_id: [Ask(f"/rec/{paper_id.removeprefix('dblp:')}.bib", {"param": "1"})],
    read=_read,
    interval=1.0,
)
