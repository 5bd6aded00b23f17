"""Asking which paper of a message is meant."""

from bot.chat.paper_choice import which_paper
from bot.domain.messages import plain_text, text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import StoredPaper

MAGMA, OTHER = PaperId("2601.03236"), PaperId("2601.11087")
KNOWN = [StoredPaper(1, 1, Paper(id=MAGMA, title="MAGMA: memory for agents"))]


def test_papers_are_offered_in_their_order_by_title_where_it_is_known() -> None:
    [select] = which_paper(text("Which?"), "save", [OTHER, MAGMA], KNOWN).selects
    offered = [(choice.label, choice.value) for choice in select.choices]
    assert offered == [(OTHER, OTHER), ("MAGMA: memory for agents", MAGMA)]


def test_choosing_one_runs_the_command_that_was_meant() -> None:
    [select] = which_paper(text("Which?"), "similar", [MAGMA, OTHER], KNOWN).selects
    assert select.command.replace("{value}", select.choices[0].value) == f"similar {MAGMA}"


def test_the_question_is_between_the_bot_and_who_asked() -> None:
    message = which_paper(text("This message is about several papers."), "save", [MAGMA, OTHER], KNOWN)
    assert message.private
    assert "This message is about several papers." in plain_text(message)


def test_a_paper_without_a_title_is_offered_by_its_id() -> None:
    untitled = [StoredPaper(1, 1, Paper(id=MAGMA, title=""))]
    [select] = which_paper(text("Which?"), "save", [MAGMA], untitled).selects
    assert [choice.label for choice in select.choices] == [MAGMA]
