"""What the index keeps of papers' texts, worked out by processes of their own where many papers are to be read.

Each of them, a reader, has one batch at a time; batches come back in their order. What a reader cannot do, because it
was killed, is done here.
"""

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.pieces import Pieces
from bot.ports import Lexicon, TermCounts, Vectors
from storage.index.terms import count_terms
from storage.index.words import cut_texts

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_ALONE = 10_000
"""Papers that are read before there are readers: to start one takes as long as to read some thousands."""


class Read(NamedTuple):
    """What was worked out of a batch of papers."""

    texts: list[str]
    """Each one's title and its abstract, cut into terms."""

    terms: TermCounts
    tokens: TermCounts | None
    """Tokens of the lexicon, and vectors [papers, dim] made of them; None without a lexicon."""

    vectors: Vectors | None


def read(texts: Sequence[str], lexicon: Lexicon | None) -> Read:
    """Read a batch; `texts` are each paper's title and its abstract."""
    pieces = Pieces.of(texts)
    cut = cut_texts(pieces)
    vectors, tokens = lexicon.read_papers(pieces) if lexicon is not None else (None, None)
    return Read(cut.joined(), count_terms(cut), tokens, vectors)


class Readers:
    """Up to `most` readers for batches of papers, once there are many; until then, and without any, they are read here.

    The process they belong to may end in any way: they end with it.
    """

    def __init__(self, lexicon: Lexicon | None, most: int, *, alone: int = _ALONE) -> None:
        """`alone`: how many papers to read here first."""
        self._lexicon = lexicon
        self._most = most
        self._alone = alone
        self._idle: list[_Reader] = []
        self._busy: deque[_Reader] = deque()

    def hand_in(self, texts: Sequence[str]) -> list[Read]:
        """Hand in a batch, as `read` takes it, and take those that are read by now, in the order of handing in."""
        if not self._most or self._alone > 0:
            self._alone -= len(texts) // 2
            return [read(texts, self._lexicon)]
        if not self._idle and not self._busy:
            self._idle = [_Reader(self._lexicon) for _ in range(self._most)]
        done = [] if self._idle else [self._busy[0].end()]
        reader = self._idle.pop() if self._idle else self._busy.popleft()
        reader.begin(texts)
        self._busy.append(reader)
        return done

    def rest(self) -> list[Read]:
        """Take what else was handed in, in order, when it is read."""
        done = [reader.end() for reader in self._busy]
        self._idle += self._busy
        self._busy.clear()
        return done

    def close(self) -> None:
        """Let the readers end; what was not taken is dropped."""
        for reader in (*self._idle, *self._busy):
            reader.close()


class _Reader:
    """One process, which has one batch at a time."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        from multiprocessing import get_context  # Not for whoever only searches.

        self._lexicon = lexicon
        self._texts: Sequence[str] = ()
        spawn = get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        with _uninterrupted():
            self._process.start()
        theirs.close()
        # As an argument it would be waited for without end, where the process is killed before it has read it all.
        self._send(lexicon)

    def begin(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._send(texts)

    def _send(self, what: object) -> None:
        with suppress(OSError):
            self._connection.send(what)

    def end(self) -> Read:
        try:
            done: Read = self._connection.recv()
        except (EOFError, OSError):
            return read(self._texts, self._lexicon)
        return done

    def close(self) -> None:
        self._connection.close()
        self._process.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let the processes that are started know nothing of Ctrl-C, not even while they start.

    At a terminal it reaches all of them; it is for the first to end the others.
    """
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # Starting it later would let through what is kept away here.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: "Connection") -> None:
    """Read batches with a lexicon, which comes first, until nobody hands in any more."""
    with suppress(EOFError, OSError):
        lexicon: Lexicon | None = connection.recv()
        while True:
            connection.send(read(connection.recv(), lexicon))
