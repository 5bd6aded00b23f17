"""One process at a time on a SQLite database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.config import Settings
from bot.errors import UserError


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold a file that one process at a time can hold; it is free again when the process ends, however it ends."""
    import fcntl  # which Windows has not

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"Paperboy already runs on {path.parent}. With SQLite one process does everything; "
                "set PAPERBOY_DATABASE_URL to a PostgreSQL to run several."
            ) from None
        yield


@asynccontextmanager
async def process_lock(settings: Settings) -> AsyncIterator[None]:
    """Be the one process that runs on a SQLite database; PostgreSQL takes any number. Raises UserError."""
    if settings.database.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with _lock(settings.data_dir / "run.lock"):
            yield
    else:
        yield
