"""The PaperIndex: words in tantivy and vectors in raw arrays, on disk; a rebuildable cache of the papers table.

    index.json          the manifest: which generation, and how much of it is committed
    lock                held by the one writer
    rebuild.json        the manifest of a rebuild, as far as it has come
    generation-N/       the files; a rebuild makes the next generation, and readers change to it
        tantivy/        words (words)
        *.i8, *.u8, …   vectors, dates (arrays), categories (categories) and terms (terms) of this package, by row

A commit first flushes the arrays to the disk, then tantivy's files, then replaces the manifest. If the process is
killed in between, the old manifest stays: papers after its watermark are added again, and replace what is there. So it
is with a rebuild, which goes on from its own manifest; that takes the place of the other when all is written.

Files that are not as they were written raise IndexDamagedError (sums, segments).
"""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.errors import IndexDamagedError, IndexUnusableError
from bot.ports import Encoder, Filters, Hits, IndexWriter, ListedField, Rows, TermCounts, Vectors
from storage.index import manifest as manifests
from storage.index import word_search
from storage.index.manifest import REBUILD, Manifest, Stamp
from storage.index.snapshot import Snapshot
from storage.index.sums import UNCHECKED, is_doubtful, mark_doubted, mark_unchecked
from storage.index.terms import term_number
from storage.index.writer import GenerationWriter

_ATTEMPTS_TO_READ = 20


class DiskIndex:
    """The PaperIndex of `bot.ports` in a directory. Processes that read see at once what another one commits."""

    def __init__(self, path: Path, encoder: Encoder, name: str = manifests.NAME) -> None:
        self._path = path
        self._name = name
        self._manifest = path / name
        self._encoder = encoder
        self._refreshing = Lock()
        self._current = self._load(None)

    @classmethod
    def open(cls, path: Path, encoder: Encoder) -> "DiskIndex":
        """The index in a directory; an empty one when there is nothing yet.

        Raises IndexDamagedError when its files are not as they were written, as far as their lengths tell, and after
        an unclean end their checksums; IndexUnusableError when it was made with another encoder.
        """
        return cls(path, encoder)

    @classmethod
    def interrupted(cls, path: Path, encoder: Encoder) -> "DiskIndex | None":
        """What a rebuild has committed that did not come to its end, or has not yet; None where it cannot be used."""
        try:
            begun = cls(path, encoder, manifests.BEGUN)
        except IndexUnusableError:
            return None
        return begun if begun.watermark else None

    @classmethod
    @contextmanager
    def rebuild(cls, path: Path, encoder: Encoder, *, after: int = 0, readers: int = 0) -> Iterator[IndexWriter]:
        """Write a new index. The old one, if any, is used until the block ends without an error; otherwise it stays.

        What was committed stays, too, unless the files cannot be written: a rebuild goes on with it that is given its
        watermark as `after`; another one begins anew. Where there are many papers, so many processes, `readers`, help.
        Raises IndexBusyError when another process is writing.
        """
        with manifests.writing(path):
            manifest = _begun(path)
            if not after or (manifest.encoder, manifest.watermark) != (encoder.name, after):
                if manifest.generation:
                    shutil.rmtree(path / manifest.generation, ignore_errors=True)
                manifest = Manifest(encoder.name, encoder.dim, _next_generation(path))
                manifests.publish(path, manifest, manifests.BEGUN)
            try:
                with _writing(path, manifest, encoder, manifests.BEGUN, bulk=True, readers=readers) as writer:
                    yield writer
            except BaseException as error:
                # The space is needed by others where there is no more of it.
                if _is_of_damage(error):
                    (path / manifests.BEGUN).unlink(missing_ok=True)
                    shutil.rmtree(path / manifest.generation, ignore_errors=True)
                raise
            manifests.publish_begun(path)
            _remove_generations(path, keep={manifest.generation})

    @property
    def encoder(self) -> Encoder:
        """The encoder its vectors were made with."""
        return self._encoder

    @property
    def watermark(self) -> int:
        """The revision of the store up to which papers are in the index."""
        return self._snapshot().manifest.watermark

    def __len__(self) -> int:
        return self._snapshot().manifest.papers

    def analyze(self, text: str) -> list[str]:
        """The terms of a text as they are indexed: lower-cased, stemmed, without stop words, in order."""
        return word_search.analyze(text)

    def document_frequency(self, terms: Iterable[str], field: str = "text") -> dict[str, int]:
        """In how many papers' title or abstract, or another field, each term occurs."""
        with self._answering() as snapshot:
            return {term: snapshot.words.document_frequency(term, field) for term in terms}

    def match_words(
        self,
        terms: Mapping[str, float],
        limit: int,
        *,
        fields: Mapping[str, float] | None = None,
        filters: Filters = Filters(),
        among: Rows | None = None,
    ) -> Hits:
        """BM25 of weighted terms over `fields`; without terms the filters decide: newest first, scores 0.

        By default the field is `text`, title and abstract together; there are `title` and `authors` too.
        """
        fields = word_search.DEFAULT_FIELDS if fields is None else fields
        with self._answering() as snapshot:
            return snapshot.match(terms, fields, max(limit, 0), filters, among)

    def nearest(self, vector: Vectors, limit: int, *, filters: Filters = Filters(), among: Rows | None = None) -> Hits:
        """The papers whose vectors have the largest dot product with `vector` [dim]; none for the zero vector."""
        if limit <= 0 or not vector.any():
            return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
        with self._answering() as snapshot:
            return Hits(*snapshot.arrays.nearest(vector, limit, snapshot.allowed(filters, among)))

    def vectors(self, rows: Rows) -> Vectors:
        """Vectors of papers, [len(rows), dim], to 8 bits a value; zero rows for papers not in the index."""
        with self._answering() as snapshot:
            return snapshot.arrays.vectors(np.asarray(rows, np.int64))

    def terms(self, rows: Rows) -> TermCounts:
        """The terms of papers, with counts; none for papers not in the index."""
        with self._answering() as snapshot:
            rows = np.asarray(rows, np.int64)
            return snapshot.terms.of(np.where(snapshot.arrays.live(rows), rows, -1))

    def tokens(self, rows: Rows) -> TermCounts:
        """The tokens of the encoder's lexicon in papers, with counts; none for papers not in the index."""
        with self._answering() as snapshot:
            rows = np.asarray(rows, np.int64)
            found = snapshot.tokens.of(np.where(snapshot.arrays.live(rows), rows, -1))
            lexicon = self._encoder.lexicon
            if lexicon is not None and found.numbers.max(initial=0) >= len(lexicon):
                raise ValueError("tokens.u4 has tokens that there are not")
            return found

    def term_numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers that stand for terms, as `analyze` gives them, in `terms`."""
        return list(map(term_number, terms))

    def sample(self, count: int) -> Rows:
        """Up to `count` papers spread evenly over the index, first and last included; the same ones each time."""
        rows = self._snapshot().arrays.rows()
        return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]

    def find_title(self, title: str) -> Rows:
        """Papers with exactly this title, whatever its case, spacing and punctuation."""
        with self._answering() as snapshot:
            rows = snapshot.words.titled(title)
            return rows[snapshot.arrays.live(rows)]

    def find_close_title(self, title: str) -> Rows:
        """Papers whose title is this one but for one letter; none for a title too short to tell."""
        with self._answering() as snapshot:
            rows = snapshot.words.nearly_titled(title)
            return rows[snapshot.arrays.live(rows)]

    def titles_begun(self, typed: str, limit: int) -> Rows:
        """Papers with all these words in the title, newest first; the last word may be only its beginning."""
        with self._answering() as snapshot:
            rows = snapshot.words.titles_begun(typed, limit)
            return rows[snapshot.arrays.live(rows)]

    def authors_begun(self, name: str, limit: int) -> Rows:
        """Papers by an author of this name, then by authors whose name begins so; newest first in each group."""
        with self._answering() as snapshot:
            rows = snapshot.words.authors_begun(name, limit)
            return rows[snapshot.arrays.live(rows)]

    def values(self, field: ListedField) -> dict[str, int]:
        """Roughly how many papers each value of a field has, in lower case, the largest first."""
        with self._answering() as snapshot:
            return snapshot.words.values(field)

    def find_ids(self, ids: Sequence[PaperId]) -> dict[PaperId, int]:
        """Rows of the papers among `ids` that are in the index."""
        with self._answering() as snapshot:
            found = {paper_id: snapshot.words.row_of(paper_id) for paper_id in ids}
            return {
                paper_id: row
                for paper_id, row in found.items()
                if row is not None and snapshot.arrays.live(np.array([row])).all()
            }

    @contextmanager
    def writer(self, *, bulk: bool = False) -> Iterator[IndexWriter]:
        """A writer; there can be only one at a time, in all processes. `bulk` uses more memory and is faster.

        Raises IndexBusyError when another process is writing. What is not committed at the end is dropped.
        """
        with manifests.writing(self._path):
            manifest = self._snapshot().manifest
            if not manifest.generation:
                manifest = replace(manifest, generation=_next_generation(self._path))
            begun = _begun(self._path)
            _remove_generations(self._path, keep={manifest.generation, begun.generation if begun.watermark else ""})
            with _writing(self._path, manifest, self._encoder, self._name, bulk=bulk) as writer:
                yield writer

    def check(self) -> bool:
        """Compare all that is kept with its checksums; False where that must wait, because somebody is writing.

        Raises IndexDamagedError when anything is not as it was written; until then, so does whoever opens the index.
        """
        with manifests.undisturbed(self._path) as alone:
            stamp, manifest = manifests.read(self._path, self._name)
            if not alone or manifest is None or not manifest.generation:
                return alone
            directory = self._path / manifest.generation
            try:
                snapshot = Snapshot.read(self._path, stamp, manifest, None)
                snapshot.require_sums(directory)
            except BaseException as error:
                if not _is_of_damage(error):
                    raise
                with suppress(OSError):
                    mark_doubted(directory)
                raise self._damaged(error) from error
            # Where nothing can be written, every opening checks.
            with suppress(OSError):
                # Rows that a killed writer left are written again by the next one.
                if len(snapshot.arrays.unfinished()):
                    mark_unchecked(directory)
                else:
                    (directory / UNCHECKED).unlink(missing_ok=True)
        return True

    def unchanging(self) -> "DiskIndex":
        """The index as it is now, which never asks the disk whether something was committed since."""
        return _Unchanging(self, self._snapshot())

    def _damaged(self, error: BaseException) -> IndexDamagedError:
        return IndexDamagedError(str(self._path), f"is damaged ({error})")

    @contextmanager
    def _answering(self) -> Iterator[Snapshot]:
        """The state to answer from. When answering fails, damaged files are looked for, and raise IndexDamagedError."""
        snapshot = self._snapshot()
        try:
            yield snapshot
        except BaseException as error:
            if _is_of_damage(error):
                self._look_into(snapshot)
            raise

    def _look_into(self, snapshot: Snapshot) -> None:
        """Raises IndexDamagedError where damage is found, and lets nobody answer from this state any more."""
        try:
            self.check()
        except IndexDamagedError:
            self._current = replace(snapshot, stamp=Stamp())
            raise

    def _snapshot(self) -> Snapshot:
        if manifests.stamp(self._manifest) != self._current.stamp:
            with self._refreshing:
                if manifests.stamp(self._manifest) != self._current.stamp:
                    self._current = self._load(self._current)
        return self._current

    def _load(self, before: Snapshot | None) -> Snapshot:
        """The state of the manifest as it is now. It may be replaced while it is read, and its generation removed."""
        for _ in range(_ATTEMPTS_TO_READ):
            stamp, manifest = manifests.read(self._path, self._name)
            manifest = manifest or Manifest(self._encoder.name, self._encoder.dim)
            self._require_encoder(manifest)
            try:
                snapshot = Snapshot.read(self._path, stamp, manifest, before.generation if before else None)
            except BaseException as error:
                if not _is_of_damage(error):
                    raise
                failure = error
                if manifests.stamp(self._manifest) == stamp:
                    break
            else:
                directory = self._path / manifest.generation
                if is_doubtful(directory, manifest.lengths):
                    self.check()
                return snapshot
        raise self._damaged(failure) from failure

    def _require_encoder(self, manifest: Manifest) -> None:
        if (manifest.encoder, manifest.dim) != (self._encoder.name, self._encoder.dim):
            raise IndexUnusableError(
                f"The index in {self._path} was made with the encoder {manifest.encoder} ({manifest.dim} dimensions), "
                f"not with {self._encoder.name} ({self._encoder.dim}); {REBUILD}."
            )


class _Unchanging(DiskIndex):
    """An index that answers from one committed state, whatever is written meanwhile."""

    def __init__(self, index: DiskIndex, snapshot: Snapshot) -> None:
        self._index = index
        self._path = index._path
        self._encoder = index.encoder
        self._current = snapshot

    def _snapshot(self) -> Snapshot:
        return self._current

    def _look_into(self, snapshot: Snapshot) -> None:
        self._index._look_into(snapshot)


def _is_of_damage(error: BaseException) -> bool:
    """Whether reading damaged files may raise this; a panic of tantivy's is no Exception, and its class has no name."""
    return isinstance(error, (OSError, ValueError, LookupError)) or type(error).__name__ == "PanicException"


def _next_generation(path: Path) -> str:
    numbers = [int(directory.name.rpartition("-")[2]) for directory in path.glob("generation-*")]
    return f"generation-{max(numbers, default=0) + 1}"


def _remove_generations(path: Path, *, keep: Collection[str]) -> None:
    """Remove the generations of earlier rebuilds; a reader that has one open keeps it until it refreshes."""
    for directory in path.glob("generation-*"):
        if directory.name not in keep:
            shutil.rmtree(directory, ignore_errors=True)


def _begun(path: Path) -> Manifest:
    """The manifest of a rebuild that is not complete; of nothing where there is none that this version can read."""
    nothing = Manifest("", 0)
    try:
        return manifests.read(path, manifests.BEGUN)[1] or nothing
    except IndexUnusableError:
        return nothing


@contextmanager
def _writing(
    path: Path, manifest: Manifest, encoder: Encoder, name: str, *, bulk: bool, readers: int = 0
) -> Iterator[GenerationWriter]:
    """A writer of the generation of a manifest that is called `name`, until the block ends."""
    directory = path / manifest.generation

    def publish(committed: Manifest) -> None:
        manifests.publish(path, committed, name)

    writer = GenerationWriter(directory, manifest, encoder, publish, bulk=bulk, readers=readers)
    try:
        yield writer
    except BaseException as error:
        # Where tantivy's threads have failed, too, as on a full disk, this is what tells why.
        with suppress(ValueError, OSError):
            writer.close(whole=False)
        # Where it was only told to stop, nothing of what is written is in doubt.
        if isinstance(error, Exception):
            mark_doubted(directory)
        raise
    writer.close()
