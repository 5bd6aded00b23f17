"""What the bot was heard to say."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A message as lines; `private` where one person alone sees it, `instead` where it takes another's place.

    `where` says it in words where it is not in the channel.
    """

    lines: Sequence[str]
    where: str = ""
    private: bool = False
    instead: bool = False
