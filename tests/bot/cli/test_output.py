"""Answers on standard output."""

import json
from io import StringIO

import pytest
from rich.console import Console

from bot.cli.output import line, print_json, print_line, print_results, require_platform, row
from bot.errors import UserError
from bot.library.app import App


def test_nothing_in_a_line_breaks_it_or_is_markup() -> None:
    output = StringIO()
    print_line("[bold]a[/]\nb\tc\x1b[2J" + "x" * 200, Console(file=output, width=40))
    assert output.getvalue() == "[bold]a[/] b c[2J" + "x" * 200 + "\n"
    assert line("a\nb").plain == "a b"


def test_json_keeps_every_letter_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "Schrödinger\n模型"})
    assert capsys.readouterr().out == '{"title": "Schrödinger\\n模型"}\n'


def test_a_platform_that_is_not_there_is_told_with_those_that_are() -> None:
    require_platform("console")
    with pytest.raises(UserError, match=r"choose from .*console"):
        require_platform("fax")


async def test_results_are_rows_for_programs_and_cards_for_people(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    results = await app.library.search("memory", 2)
    await print_results(app, "Search", results, as_json=True, nothing="")
    assert json.loads(capsys.readouterr().out)["results"] == [row(result) for result in results]
    await print_results(app, "Search", results, as_json=False, nothing="")
    shown = " ".join(capsys.readouterr().out.split())
    assert all(result.stored.paper.title[:30] in shown for result in results)
    await print_results(app, "Search", [], as_json=False, nothing="Nothing found.")
    assert "Nothing found." in capsys.readouterr().out
