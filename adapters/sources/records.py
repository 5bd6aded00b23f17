"""What every source tells of a paper, as one flat record -> Paper and Signals, or the reason why not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from adapters.sources import fields
from bot.domain.links import acl_id
from bot.domain.paper_ids import PaperId, arxiv_id, best_id, is_arxiv
from bot.domain.papers import Paper, PaperKind, Signal, SignalKind, is_visible, title_id
from bot.domain.references import parse_paper_id
from bot.domain.tex.reading import read_tex
from bot.domain.thumbnails import safe_thumbnail
from bot.ports import BadRecord, Batch

_Text = Annotated[str, PlainValidator(fields.text)]
_Link = Annotated[str, PlainValidator(fields.web_link)]
_Day = Annotated[date, PlainValidator(fields.day)]
_Moment = Annotated[datetime, PlainValidator(fields.moment)]
_Readings = Annotated[fields.Readings, PlainValidator(fields.readings)]

_LONGEST_ID = 180

_NO_ID = frozenset({"none", "null", "nan", "undefined"})
"""What programs write where there is no id: thousands of papers may share `cvpr2016:None`."""


_ACL_DOI = "10.18653/v1/"
_OF_OPENREVIEW = re.compile(r"(?:iclr|colm|corl|tmlr)/")
"""Venues whose papers are numbered by OpenReview; some of their earlier years have other numbers, without capitals."""


_NOTHING = frozenset({"", "n/a", "na", "none", "null", "nan", "-", "?", "unknown", "undefined"})
_ALWAYS_TEXT = frozenset({"id", "_id", "title", "authors", "author"})
"""A paper may be called `None`, and ids that are none are looked at apart."""


class RecordError(ValueError):
    """A record that is no paper; its text is the reason."""


class _Record(BaseModel):
    """The names under which files and services keep the parts of a paper; missing and null are the same.

    `also` are further ids of the paper, in whatever form.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: _Text = Field("", validation_alias=AliasChoices("id", "_id", "arxiv_id", "paper_id"))
    doi: _Text = ""
    title: _Text = ""
    title_tex: _Text | None = None
    abstract: _Text = Field("", validation_alias=AliasChoices("abstract", "text"))
    summary: _Text = ""
    authors: Annotated[tuple[str, ...], PlainValidator(fields.names)] = Field(
        (), validation_alias=AliasChoices("authors", "author")
    )
    categories: Annotated[tuple[str, ...], PlainValidator(fields.words)] = ()
    keywords: Annotated[tuple[str, ...], PlainValidator(fields.phrases)] = ()
    published: _Day | None = Field(None, validation_alias=AliasChoices("published", "date", "year"))
    updated: _Day | None = Field(None, validation_alias=AliasChoices("updated", "update_date"))
    first_seen: _Moment | None = None
    organization: _Text = ""
    submitted_by: _Text = ""
    code: _Link = Field("", validation_alias=AliasChoices("code", "github"))
    project: _Link = Field("", validation_alias=AliasChoices("project", "projectPage"))
    link: _Link = Field("", validation_alias=AliasChoices("link", "url"))
    also: tuple[str, ...] = ()
    kind: _Text = ""
    venue: _Text = ""
    volume: _Text = ""
    issue: _Text = ""
    pages: _Text = ""
    upvotes: _Readings = ()
    stars: _Readings = ()
    comments: Annotated[fields.Readings, PlainValidator(fields.comment_readings)] = ()
    thumbnail: _Text = ""
    lists: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ReadRecord(NamedTuple):
    """What one record tells; `aliases` are further ids it names for its paper, `notes` what of it was left out.

    `lists` are the groups that a reference manager had it in.
    """

    paper: Paper
    signals: list[Signal]
    aliases: list[PaperId]
    notes: Sequence[str] = ()
    lists: Sequence[str] = ()


def read(raw: Mapping[str, object], *, source: str, at: datetime, read_until: date | None = None) -> ReadRecord:
    """The paper and signals of one flat record.

    `at` (UTC) dates the counts that come without a moment, unless the record's newest dated count does, and papers
    that are new on the list of a day up to `read_until`: those lists were read before. A `summary`
    beside an abstract is the source's own; alone it stands for the abstract. Raises RecordError.
    """
    record, notes = _validated({key: value for key, value in raw.items() if not _is_missing(key, value)})
    if not is_visible(record.title):
        raise RecordError("no title")
    paper_id, *aliases = _paper_ids(record)
    return ReadRecord(
        _paper(record, paper_id, source, _first_seen(record.first_seen, at, read_until)),
        _signals(record, paper_id, at),
        aliases,
        notes,
        record.lists,
    )


def _is_missing(key: str, value: object) -> bool:
    """Whether a value says that there is none."""
    if value is None:
        return True
    return isinstance(value, str) and key not in _ALWAYS_TEXT and value.strip().lower() in _NOTHING


def _validated(known: dict[str, object]) -> tuple[_Record, list[str]]:
    """The record, without the values nobody can read, and what they were: one bad date costs no paper its title."""
    notes: list[str] = []
    while True:
        try:
            record = _Record.model_validate(known)
        except ValidationError as error:
            if "title" in (dropped := _drop_unreadable(known, error)):
                raise RecordError(_reason(error)) from None
            notes += dropped.values()
        else:
            return record, [*record.notes, *notes]


def _drop_unreadable(known: dict[str, object], error: ValidationError) -> dict[str, str]:
    """Remove the values that an error is about; says by their names why."""
    dropped: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False):
        name = next(name for name in _names_beside(str(one["loc"][0])) if name in known)
        dropped[name] = f"{name}: {_cause(one['msg'])}; left out"
        del known[name]
    return dropped


def _names_beside(name: str) -> Sequence[str]:
    """The names under which the value may stand that an error calls by one of them, in the order they are tried."""
    for field in _Record.model_fields.values():
        choices = field.validation_alias
        if isinstance(choices, AliasChoices) and name in choices.choices:
            return [str(choice) for choice in choices.choices]
    return [name]


def _reason(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {_cause(one['msg'])}" for one in found[:3])


def _cause(message: str) -> str:
    return message.removeprefix("Value error, ")


def _paper(record: _Record, paper_id: PaperId, source: str, first_seen: datetime | None) -> Paper:
    title, title_tex = _title(record)
    abstract = _prose(record.abstract or record.summary)
    return Paper(
        id=paper_id,
        title=title,
        title_tex=title_tex,
        abstract=_HEADING.sub("", abstract),
        summary=_prose(record.summary) if record.abstract else "",
        authors=record.authors,
        categories=record.categories,
        keywords=record.keywords,
        published=record.published,
        updated=record.updated,
        first_seen=first_seen,
        organization=record.organization,
        submitted_by=record.submitted_by,
        code=record.code,
        project=record.project,
        link=record.link or fields.web_link(record.id),
        source=source,
        kind=record.kind if record.kind in _KINDS else "",
        venue=fields.markup_free(record.venue),
        volume=record.volume,
        issue=record.issue,
        pages=record.pages.replace("--", "-"),
        doi=doi.removeprefix("doi:") if (doi := _doi(record.doi)) and not is_arxiv(doi) else "",
        thumbnail=safe_thumbnail(record.thumbnail),
    )


_KINDS = frozenset(PaperKind)


def _first_seen(listed: datetime | None, at: datetime, read_until: date | None) -> datetime | None:
    """When a paper was first seen: for one that is new on the list of a day that was read before, when it was read.

    Hugging Face gives midnight (UTC) of the day for papers that are listed all day long. Of a list that is read for the
    first time, or later than the day after, no more is known than the day.
    """
    if listed is None or listed.time() != time() or read_until is None or listed.date() > read_until:
        return listed
    if not timedelta(0) <= at - listed < timedelta(days=2):
        return listed
    return min(at, listed + timedelta(days=1, seconds=-1))


_HEADING = re.compile(r"^(?:abstract|summary)[:.]?\s+(?=[A-Z])", re.IGNORECASE)


def _title(record: _Record) -> tuple[str, str]:
    """A title in Unicode, and as TeX where that says more."""
    if record.title_tex is not None:
        return fields.text(record.title), record.title_tex if record.title_tex != record.title else ""
    written = _tidied(record.title, fields.markup_free(record.title))
    title = _tidied(written, read_tex(written))
    return title or written, written if title and title != written else ""


def _prose(written: str) -> str:
    return _tidied(written, read_tex(fields.markup_free(written)))


def _tidied(known: str, text: str) -> str:
    """A text on one line; at no cost where it is one that is known to be so."""
    return text if text == known else fields.text(text)


def _paper_ids(record: _Record) -> list[PaperId]:
    """The ids that a record gives its paper by its id, its DOI and its link, the best first; else one for its title.

    What is neither an arXiv id nor a DOI nor `source:id` becomes `local:id`, where there is nothing better: the same
    may stand for something else in another file. Of two arXiv ids the record's own counts: no paper has two.
    """
    own = "" if record.id.rpartition(":")[2].lower() in _NO_ID else record.id
    if len(own) > _LONGEST_ID:
        raise RecordError(f"id: longer than {_LONGEST_ID} characters")
    named = (_id_in(own), _doi(record.doi), _id_in(record.link), *map(_id_in, record.also))
    ids = list(dict.fromkeys(filter(None, named))) or [_local_id(own) or title_id(record.title)]
    best = next(filter(is_arxiv, ids), None) or best_id(ids)
    ids += filter(None, map(_linked_id, ids))
    return [best, *(other for other in dict.fromkeys(ids) if other != best and not is_arxiv(other))]


def _linked_id(paper_id: PaperId) -> PaperId | None:
    """The id by which a link of the ACL Anthology or OpenReview names a paper that is listed under a venue's id.

    >>> _linked_id(PaperId("emnlp/emnlp2021:2021.emnlp-main.616")), _linked_id(PaperId("iclr/iclr2018:B11bwYgfM"))
    ('acl:2021.emnlp-main.616', 'openreview:B11bwYgfM')
    """
    venue, _, number = paper_id.partition(":")
    if venue == "doi":
        return acl_id(number.removeprefix(_ACL_DOI)) if number.startswith(_ACL_DOI) else None
    if "/" in venue and _OF_OPENREVIEW.match(venue) and re.search("[A-Z]", number):
        return PaperId(f"openreview:{number}")
    return acl_id(number) if "/" in venue else None


def _local_id(own: str) -> PaperId | None:
    return parse_paper_id("local:" + re.sub(r"\s+", "-", own).lstrip(":/"))


def _doi(written: str) -> PaperId | None:
    """The DOI of a record, or the arXiv id that it stands for; None also where there are several."""
    found = _id_in(written)
    return found if found and (is_arxiv(found) or found.startswith("doi:")) else None


def _id_in(written: str) -> PaperId | None:
    """`parse_paper_id`, at little cost for what stands in most records: nothing, or an id of arXiv alone."""
    return (arxiv_id(written) or parse_paper_id(written)) if written else None


def _signals(record: _Record, paper_id: PaperId, at: datetime) -> list[Signal]:
    series = (
        (SignalKind.UPVOTES, record.upvotes),
        (SignalKind.COMMENTS, record.comments),
        (SignalKind.STARS, record.stars),
    )
    dated = [(kind, moment, value) for kind, readings in series for moment, value in readings]
    if not dated:
        return []
    undated = max((moment for _, moment, _ in dated if moment), default=at)
    return [Signal(paper_id, kind, moment or undated, value) for kind, moment, value in dated]


_MOST_NOTES = 10
"""Values left out that a batch names one by one."""

Entry = Mapping[str, object] | RecordError
"""A flat record as a reader found it, or why there is none where one should be."""


def gather(entries: Iterable[tuple[str, Entry]], *, source: str, at: datetime, read_until: date | None = None) -> Batch:
    """Records, each with the place where it stood, as one Batch without cursor; those that are no papers in `bad`.

    `at` and `read_until` are those of `read`.
    A thousand take long enough to be read in a thread.
    """
    papers: list[Paper] = []
    signals: list[Signal] = []
    aliases: list[tuple[PaperId, PaperId]] = []
    bad: list[BadRecord] = []
    notes: list[str] = []
    lists: list[tuple[PaperId, str]] = []
    for where, entry in entries:
        try:
            if isinstance(entry, RecordError):
                raise entry
            found = read(entry, source=source, at=at, read_until=read_until)
        except RecordError as error:
            bad.append(BadRecord(where, str(error)))
        else:
            papers.append(found.paper)
            signals += found.signals
            aliases += [(found.paper.id, alias) for alias in found.aliases]
            notes += [f"{where}: {note}" for note in found.notes]
            lists += [(found.paper.id, each) for each in found.lists]
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"… and {len(notes) - _MOST_NOTES:,} more values that could not be read"]
    return Batch(papers=papers, signals=signals, aliases=aliases, bad=bad, notes=notes, lists=lists)
