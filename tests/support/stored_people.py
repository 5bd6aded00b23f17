"""Two papers, two people and a channel that tests of the store know."""

from datetime import UTC, datetime

from bot.domain.papers import PaperId
from bot.domain.people import Account, Place

NOW = datetime(2026, 1, 19, 23, tzinfo=UTC)
ONE, TWO = PaperId("2601.00001"), PaperId("2601.00002")
ANA, BEN = Account("slack", "T1/U1", "ana"), Account("discord", "7", "ben")
PAPERS = Place("slack", "T1", "C1", "#papers")
