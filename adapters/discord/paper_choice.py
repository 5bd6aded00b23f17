"""Asking which paper of a message is meant, where it is about several."""

from collections.abc import Sequence

from adapters.discord.components import CHOICES, VALUE
from bot.domain.messages import Choice, Message, Select, text
from bot.domain.papers import PaperId
from bot.ports import StoredPaper

_NO_PAPER = "I found no paper in this message. I recognise links to arXiv, Hugging Face papers and DOIs, and arXiv ids."
NO_PAPER = Message(body=(text(_NO_PAPER),), private=True)


def which_paper(word: str, papers: Sequence[PaperId], known: Sequence[StoredPaper]) -> Message:
    """A select of the papers, by their titles where they are known; choosing one runs the command `word` for it."""
    titles = {stored.paper.id: stored.paper.title for stored in known}
    choices = tuple(Choice(titles.get(paper) or paper, paper) for paper in papers[:CHOICES])
    return Message(
        body=(text("This message is about several papers."),),
        selects=(Select("Which one?", f"{word} {VALUE}", choices),),
        private=True,
    )
