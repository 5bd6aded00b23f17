"""The form that connects a library of Zotero."""

import pytest

from bot.chat.zotero_form import ZoteroForm, zotero_form
from bot.domain.people import private_talk
from tests.support.commands import ANA, PAPERS


@pytest.mark.parametrize(
    ("line", "whose"), [("zotero connect", "me"), ("Zotero  connect ME", "me"), ("zotero connect channel", "channel")]
)
def test_a_line_that_connects_asks_for_the_form(line: str, whose: str) -> None:
    assert zotero_form(line, PAPERS) == ZoteroForm(whose)


@pytest.mark.parametrize("line", ["zotero", "zotero connect somebody", "zotero connect me key", "zotero off me"])
def test_other_lines_ask_for_none(line: str) -> None:
    assert zotero_form(line, PAPERS) is None
    assert zotero_form("zotero connect channel", private_talk(ANA)) is None, "the command says why"


def test_only_the_key_is_needed_and_it_says_what_empty_fields_mean() -> None:
    for form in (ZoteroForm("me"), ZoteroForm("channel")):
        assert [field.name for field in form.fields if field.needed] == ["key"]
        assert all(len(field.label) <= 45 and len(field.hint) <= 100 for field in form.fields), "Discord's limits"
        assert form.command == ("zotero connect", {"whose": form.whose})
    assert "your own library" in ZoteroForm("me").fields[1].hint
    assert "the one group" in ZoteroForm("channel").fields[1].hint
