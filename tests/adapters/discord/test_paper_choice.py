"""Asking which paper of a message is meant."""

from adapters.discord.components import CHOICES
from adapters.discord.paper_choice import NO_PAPER, which_paper
from bot.domain.papers import Paper, PaperId
from bot.ports import StoredPaper

MAGMA, OTHER = PaperId("2601.03236"), PaperId("2601.11087")


def test_papers_are_offered_by_title_where_it_is_known() -> None:
    known = [StoredPaper(1, 1, Paper(id=MAGMA, title="MAGMA: memory for agents"))]
    message = which_paper("save", [MAGMA, OTHER], known)
    [select] = message.selects
    assert select.command == "save {value}"
    assert [(choice.label, choice.value) for choice in select.choices] == [
        ("MAGMA: memory for agents", MAGMA),
        (OTHER, OTHER),
    ]


def test_it_is_between_the_bot_and_who_asked() -> None:
    assert which_paper("save", [MAGMA, OTHER], []).private
    assert NO_PAPER.private


def test_no_more_is_offered_than_a_select_takes() -> None:
    many = [PaperId(f"2601.{number:05}") for number in range(1, 40)]
    [select] = which_paper("similar", many, []).selects
    assert [choice.value for choice in select.choices] == many[:CHOICES]
