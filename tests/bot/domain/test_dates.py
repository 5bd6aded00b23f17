"""Dates are written as people write them in each language."""

from datetime import date, timedelta

import pytest

from bot.domain.dates import WEEKDAYS, Language, full_date, long_date

DAY = date(2026, 1, 19)


def test_dates_are_written_in_the_language_that_was_set() -> None:
    assert full_date(DAY, Language.GERMAN) == "Montag, 19. Januar 2026"
    assert full_date(DAY, Language.JAPANESE) == "2026年1月19日 月曜日"
    assert all(
        str(DAY.year) in full_date(date(2026, month, month), each) for each in Language for month in range(1, 13)
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.ENGLISH, "Monday, 19 Jan 2026"),
        (Language.FRENCH, "lundi 19 janvier 2026"),
        (Language.SPANISH, "lunes, 19 de enero de 2026"),
        (Language.PORTUGUESE, "segunda-feira, 19 de janeiro de 2026"),
        (Language.CHINESE, "2026年1月19日 星期一"),
        (Language.KOREAN, "2026년 1월 19일 월요일"),
    ],
)
def test_a_date_is_written_in_its_language(language: Language, written: str) -> None:
    assert full_date(DAY, language) == written


@pytest.mark.parametrize("language", Language)
def test_no_two_weekdays_or_months_share_a_name(language: Language) -> None:
    week = {full_date(DAY + timedelta(days=n), language).replace(str(19 + n), "") for n in range(7)}
    year = {full_date(date(2026, month, 1), language) for month in range(1, 13)}
    assert (len(week), len(year), len(WEEKDAYS)) == (7, 12, 7)


def test_the_date_of_a_paper_is_short() -> None:
    assert [long_date(date(2020, month, 9)) for month in (1, 6, 12)] == ["9 Jan 2020", "9 Jun 2020", "9 Dec 2020"]
