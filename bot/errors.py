"""Errors that say what a person can do about them."""

from collections.abc import Awaitable


class UserError(Exception):
    """A person's mistake; its text is the answer they get, so it says what to do instead."""


class QueryError(UserError):
    """A search that cannot be understood."""


class PaperNotFoundError(UserError):
    """An id or link of a paper that is not in the store."""


class LookupFailedError(UserError):
    """A paper that nobody here knows, and of which a service could not tell whether there is one."""


class LimitedError(UserError):
    """Somebody, or a workspace, has asked for much in a short time; its text says when more can be had."""


class BeingFetchedError(UserError):
    """A paper that is not here yet; `done` ends when it is, or when it is known that it cannot be."""

    def __init__(self, text: str, done: Awaitable[object]) -> None:
        super().__init__(text)
        self.done = done


class SourceError(Exception):
    """A paper source that did not answer as it should; its text says what was asked and what came back."""


class KeyRefusedError(SourceError):
    """A service does not let a key do what it is to do; asking again changes nothing."""


class AskedToWaitError(SourceError):
    """A service that wants to be left alone for `seconds`."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(text)
        self.seconds = seconds


class DeliveryError(Exception):
    """A message that did not go out as it should; its text is what an admin reads."""


class RefusedError(DeliveryError):
    """The platform will not take it, now or later: no such channel, no permission, not installed."""


class PostponedError(DeliveryError):
    """The platform has not taken it and may do so later, at the earliest in `retry_after` seconds."""

    def __init__(self, reason: str, *, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BusyError(PostponedError):
    """Nothing was tried: the next message may go in `retry_after` seconds, which counts as no failure."""


class UnclearError(DeliveryError):
    """Nobody knows whether the platform took it, as when the connection broke before the answer."""


class StoreError(Exception):
    """A store that cannot be used: not migrated, of a newer version, or in use by another process."""


class IndexUnusableError(Exception):
    """An index that cannot be used as it is; `paperboy index --rebuild` makes it anew."""


class IndexDamagedError(IndexUnusableError):
    """An index that is made anew from the store without asking: its files are not as they were written, or old.

    `reason` goes on from "The index".
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"The index in {place} {reason}; run `paperboy index --rebuild`.")
        self.reason = reason


class IndexBusyError(IndexUnusableError):
    """An index that another process, or another task of this one, is writing."""
