"""arXiv's API, by id and by words."""

from adapters.lookup.service import Ask, Found, Spec
from adapters.sources.arxiv import INTERVAL
from adapters.sources.arxiv_xml import XmlError, parse_atom
from adapters.sources.client import Answer, Transient
from adapters.sources.records import RecordError
from bot.domain.paper_ids import PaperId, is_arxiv
from bot.errors import SourceError

_BAD_REQUEST = 400


def _asks(paper_id: PaperId) -> list[Ask]:
    return [Ask(params={"id_list": paper_id, "max_results": "1"})]


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    try:
        feed = parse_atom(answer.body)
    except XmlError as error:
        raise Transient(str(error)) from None
    if feed.error:
        if "incorrect id" in feed.error:
            return None
        raise SourceError(f"arXiv says: {feed.error}")
    for entry in feed.entries:
        if not isinstance(entry, RecordError) and entry["id"] == paper_id:
            return Found(entry)
    if feed.entries:
        raise SourceError(f"the answer is about another paper than {paper_id}")
    return None


SPEC = Spec(
    name="arxiv",
    title="arXiv",
    url=lambda settings: settings.arxiv_api_url,
    has=is_arxiv,
    asks=_asks,
    read=_read,
    interval=INTERVAL,
    accept=frozenset({_BAD_REQUEST}),
)
