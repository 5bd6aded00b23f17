"""Asking which paper of a message is meant, where it is about several."""

from collections.abc import Sequence

from bot.domain.messages import Choice, Message, Select, Text
from bot.domain.paper_ids import PaperId
from bot.ports import StoredPaper


def which_paper(question: Text, word: str, papers: Sequence[PaperId], known: Sequence[StoredPaper]) -> Message:
    """A question with a select of papers, by their titles where these are known.

    Choosing one runs the command `word` for it.
    """
    titles = {stored.paper.id: stored.paper.title for stored in known}
    choices = tuple(Choice(titles.get(paper) or paper, paper) for paper in papers)
    return Message(body=(question,), selects=(Select("Which one?", f"{word} {{value}}", choices),), private=True)
