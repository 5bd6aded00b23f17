"""People and their accounts."""

from datetime import datetime
from typing import Protocol

from bot.domain.people import Account


class PeopleStore(Protocol):
    """People and their accounts. All moments are UTC with time zone."""

    async def person(self, account: Account) -> int:
        """The person with an account; a new person the first time."""

    async def is_known(self, account: Account) -> bool:
        """Whether somebody has ever used the bot with this account."""

    async def accounts(self, person: int) -> list[Account]:
        """Every account of a person."""

    async def offer_link(self, person: int, code: str, *, expires: datetime) -> None:
        """Keep a one-time code by which another account joins this person; it replaces an earlier code."""

    async def take_link(self, code: str, *, taker: int, now: datetime) -> int | None:
        """The person with this code, if it is valid; it can be used once. None when `taker` is that person."""

    async def join_people(self, kept: int, joined: int) -> None:
        """Make two people one: accounts, feedback and topics of `joined` become those of `kept`."""

    async def forget_person(self, person: int) -> None:
        """Delete a person and everything stored about them."""
