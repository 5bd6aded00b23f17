"""Dates are written as people write them in each language."""

from datetime import date

from bot.domain.dates import Language, full_date

DAY = date(2026, 1, 19)


def test_dates_are_written_in_the_language_that_was_set() -> None:
    assert full_date(DAY, Language.GERMAN) == "Montag, 19. Januar 2026"
    assert full_date(DAY, Language.JAPANESE) == "2026年1月19日 月曜日"
    assert all(
        str(DAY.year) in full_date(date(2026, month, month), each) for each in Language for month in range(1, 13)
    )
