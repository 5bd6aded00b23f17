"""Queries to tantivy."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import FieldType, Occur, Query

from bot.domain.paper_ids import PaperId
from bot.domain.papers import title_key
from bot.ports import Filters, ListedField, Rows
from storage.index.arrays import NO_DAY
from storage.index.categories import unwanted, wanted
from storage.index.words import ANALYZERS, SCHEMA, encodable, in_speaking_order, spell_out

Clauses = list[tuple[Occur, Query]]

TEXT = "text"
"""The field of title and abstract together."""

DEFAULT_FIELDS: Mapping[str, float] = {TEXT: 1.0}
"""Fields that words are looked for in, and their boosts."""

_TELLING_KEY = 10
"""Letters of a title from which one that differs by a single letter is the one that was meant."""

_TITLES_KEPT = 64
"""Titles whose near ones are remembered."""

_GOES_ON, _SHORTEST_STEM = 50, 3
"""How many terms a half-typed word may become; how short its stem may be, in letters."""


def analyze(text: str) -> list[str]:
    """The terms of a text as they are indexed, in order."""
    return ANALYZERS["text"].analyze(spell_out(text))


class WordSearch:
    """Queries to one committed state of the tantivy index."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._near: dict[str, Rows] = {}

    def __len__(self) -> int:
        return self._searcher.num_docs

    def document_frequency(self, term: str, field: str) -> int:
        """In how many papers' field a term occurs."""
        return self._searcher.doc_freq(field, term)

    def match(
        self, terms: Mapping[str, float], fields: Mapping[str, float], limit: int, filters: Filters, among: Rows | None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Rows best first and their BM25 scores; without terms, rows newest first and zeros.

        `among`, if given, should be few rows: tantivy looks up every one of them, some 5 µs each.
        """
        conditions = _conditions(filters)
        if among is not None:
            conditions.append(_required(_any_of(map(_row, among.tolist()))))
        if not terms:
            rows = self._rows_of(self._hits(_all_of(conditions), limit, order_by="day"))
            return rows, np.zeros(len(rows), np.float32)
        ranked = _any_term(terms, fields)
        query = Query.boolean_query([(Occur.Must, ranked), *conditions]) if conditions else ranked
        hits = self._hits(query, limit)
        return self._rows_of(hits), np.array([score for score, _ in hits], np.float32)

    def with_words_of(self, filters: Filters) -> Rows | None:
        """Rows that meet the filters' phrases and authors; None when there are none to meet."""
        wanted = [*map(_phrase, filters.phrases), *map(_author, filters.authors)]
        conditions = [_required(query) for query in wanted if query]
        return self._rows(_all_of(conditions)) if conditions else None

    def excluded_by(self, filters: Filters) -> Rows | None:
        """Rows that the filters' words and authors exclude; None when they exclude none."""
        unwanted = [*map(_phrase, filters.excluded), *map(_author, filters.not_authors)]
        queries = [query for query in unwanted if query]
        return self._rows(_any_of(queries)) if queries else None

    def titled(self, title: str) -> Rows:
        """Rows of papers with this title, whatever its case, spacing and punctuation."""
        key = title_key(title)
        return self._rows(_exactly("title_key", key)) if key else np.empty(0, np.int64)

    def nearly_titled(self, title: str) -> Rows:
        """Rows of papers whose title has a letter more, less or another, or two swapped."""
        key = title_key(title)
        if len(key) < _TELLING_KEY:
            return np.empty(0, np.int64)
        if (found := self._near.get(key)) is None:
            found = self._rows(Query.fuzzy_term_query(SCHEMA, "title_key", encodable(key), 1))
            # A search asks for its reasons once more, and with millions of titles it takes 3 ms.
            if len(self._near) >= _TITLES_KEPT:
                self._near.clear()
            self._near[key] = found
        return found

    def titles_begun(self, typed: str, limit: int) -> Rows:
        """Rows of papers with these words side by side in the title, then of others that have them all; newest first.

        The last word may be only a beginning. It is compared by stems, so a title may have another form of it.
        """
        *words, last = ANALYZERS["name"].analyze(spell_out(typed)) or [""]
        if not last:
            return np.empty(0, np.int64)
        return self._first_of([self._title_phrase(words, last), self._title_words(words, last)], limit)

    def _title_phrase(self, words: Sequence[str], last: str) -> Query:
        tokens = ANALYZERS["text"].pre_tokenize(" ".join(words)).tokens
        # `learning` is indexed by its stem, `learn`, so `learnin` is cut; that matches only a few more words.
        sequence = [(token.position, token.text) for token in tokens] + [(len(words), last[: max(3, len(last) - 3)])]
        return Query.phrase_prefix_query(SCHEMA, "title", [(at - sequence[0][0], term) for at, term in sequence])

    def _title_words(self, words: Sequence[str], last: str) -> Query:
        stems = {last[:length] for length in range(_SHORTEST_STEM, len(last))} | set(analyze(last))
        goes_on = {term for term, _ in self._searcher.terms_with_prefix("title", last, limit=_GOES_ON)}
        ends = _any_of(Query.term_query(SCHEMA, "title", term, "basic") for term in sorted(goes_on | stems))
        whole = [Query.term_query(SCHEMA, "title", term, "basic") for term in analyze(" ".join(words))]
        stopping = whole and not analyze(last)
        return _all_of([_required(query) for query in (whole if stopping else [*whole, ends])])

    def _first_of(self, queries: Iterable[Query], limit: int) -> Rows:
        """Rows that match the first query, then those that match the next; newest first in each group."""
        found = [self._rows_of(self._hits(query, limit, order_by="day")) for query in queries]
        return np.array(list(dict.fromkeys(np.concatenate(found).tolist()))[:limit], np.int64)

    def authors_begun(self, name: str, limit: int) -> Rows:
        """Rows of papers by an author of this name, then by authors whose name begins so; newest first in each."""
        words = ANALYZERS["name"].analyze(in_speaking_order(name))
        if not words:
            return np.empty(0, np.int64)
        if len(words) > 1:
            begun = Query.phrase_prefix_query(SCHEMA, "author", list(enumerate(words)))
        else:
            commonest = self._searcher.terms_with_prefix("author", words[0], limit=_GOES_ON)
            begun = _any_of(_exactly("author", word) for word, _ in commonest)
        exact = _sequence("author", list(enumerate(words)))
        return self._first_of([exact, begun], limit)

    def values(self, field: ListedField) -> dict[str, int]:
        """How many papers each value of a field has, the largest first; in lower case."""
        # Sources and journals are indexed beside categories.
        prefix = "" if field == "category" else f"{field}:"
        found = self._searcher.terms_with_prefix("category", prefix)
        return {key.removeprefix(prefix): count for key, count in found if prefix or ":" not in key}

    def row_of(self, paper_id: PaperId) -> int | None:
        """The row of a paper."""
        hits = self._hits(_exactly("id", paper_id), 1)
        return int(self._rows_of(hits)[0]) if hits else None

    def _rows(self, query: Query) -> Rows:
        """All rows that a query matches, in any order."""
        return self._rows_of(self._hits(Query.const_score_query(query, 0.0), len(self)))

    def _hits(
        self, query: Query, limit: int, order_by: str | None = None
    ) -> Sequence[tuple[float, tantivy.DocAddress]]:
        limit = min(limit, len(self))
        if limit <= 0:
            return []
        return self._searcher.search(query, limit, count=False, order_by_field=order_by).hits

    def _rows_of(self, hits: Sequence[tuple[float, tantivy.DocAddress]]) -> Rows:
        return np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), np.int64)


def _exactly(field: str, value: str) -> Query:
    return Query.term_query(SCHEMA, field, encodable(value), "basic")


def _row(row: int) -> Query:
    return Query.term_query(SCHEMA, "row", row, "basic")


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all_of(conditions: Clauses) -> Query:
    # A query of exclusions alone matches nothing.
    return Query.boolean_query([(Occur.Must, Query.all_query()), *conditions])


def _any_term(terms: Mapping[str, float], fields: Mapping[str, float]) -> Query:
    """One flat OR: tantivy is 2.6 times faster with it than with the nested one of its parser."""
    return _any_of(
        Query.boost_query(Query.term_query(SCHEMA, field, term, "freq"), boost * weight)
        for term, weight in terms.items()
        for field, boost in fields.items()
    )


def _required(query: Query) -> tuple[Occur, Query]:
    """A condition that does not change scores."""
    return Occur.Must, Query.const_score_query(query, 0.0)


def _conditions(filters: Filters) -> Clauses:
    """The filters as clauses; a text without any term (`"the"`) is no condition."""
    required = [*map(_phrase, filters.phrases), *map(_author, filters.authors)]
    forbidden = [*map(_phrase, filters.excluded), *map(_author, filters.not_authors)]
    required += [_any_of(map(_marked, group)) for group in wanted(filters)]
    forbidden += map(_marked, unwanted(filters))
    if filters.after or filters.before:
        required.append(_days(filters))
    return [_required(query) for query in required if query] + [(Occur.MustNot, query) for query in forbidden if query]


def _days(filters: Filters) -> Query:
    first = filters.after.toordinal() if filters.after else NO_DAY + 1
    last = filters.before.toordinal() - 1 if filters.before else None
    return Query.range_query(SCHEMA, "day", FieldType.Integer, first, last)


def _marked(key: str) -> Query:
    return _exactly("category", key)


def _phrase(text: str) -> Query | None:
    """Title or abstract has these words side by side; any word may be in the place of a stop word."""
    tokens = ANALYZERS["text"].pre_tokenize(spell_out(text)).tokens
    if not tokens:
        return None
    words = [(token.position - tokens[0].position, token.text) for token in tokens]
    return _sequence("text", words)


def _author(name: str) -> Query | None:
    """An author's name is written so in one of its forms, or contains this."""
    words = ANALYZERS["name"].analyze(in_speaking_order(name))
    return _sequence("author", list(enumerate(words))) if words else None


def _sequence(field: str, words: list[tuple[int, str]]) -> Query:
    if len(words) == 1:
        return _exactly(field, words[0][1])
    return Query.phrase_query(SCHEMA, field, list(words))
