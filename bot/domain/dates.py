"""Dates as people write them, in the languages a post can have; the locale of the machine does not matter."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language for dates."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    PORTUGUESE = "pt"
    CHINESE = "zh"
    JAPANESE = "ja"
    KOREAN = "ko"


class _Style(NamedTuple):
    pattern: str
    weekdays: str
    months: str


_NUMBERS = "1 2 3 4 5 6 7 8 9 10 11 12"
_STYLES = {
    Language.ENGLISH: _Style(
        "{weekday}, {day} {month} {year}",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    ),
    Language.GERMAN: _Style(
        "{weekday}, {day}. {month} {year}",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    ),
    Language.FRENCH: _Style(
        "{weekday} {day} {month} {year}",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
    Language.SPANISH: _Style(
        "{weekday}, {day} de {month} de {year}",
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    Language.PORTUGUESE: _Style(
        "{weekday}, {day} de {month} de {year}",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ),
    Language.CHINESE: _Style(
        "{year}年{month}月{day}日 {weekday}", "星期一 星期二 星期三 星期四 星期五 星期六 星期日", _NUMBERS
    ),
    Language.JAPANESE: _Style(
        "{year}年{month}月{day}日 {weekday}", "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日", _NUMBERS
    ),
    Language.KOREAN: _Style(
        "{year}년 {month}월 {day}일 {weekday}", "월요일 화요일 수요일 목요일 금요일 토요일 일요일", _NUMBERS
    ),
}


WEEKDAYS = tuple(_STYLES[Language.ENGLISH].weekdays.split())
"""The days of the week in English, Monday first."""


def full_date(day: date, language: Language = Language.ENGLISH) -> str:
    """`Monday, 19 Jan 2026`, `Montag, 19. Januar 2026`."""
    style = _STYLES[language]
    return style.pattern.format(
        weekday=style.weekdays.split()[day.weekday()],
        day=day.day,
        month=style.months.split()[day.month - 1],
        year=day.year,
    )


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def long_date(day: date) -> str:
    """`19 Jun 2020`, the same in every locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
