"""Messages -> answers that a program can read: papers with ids and links, files, the next page."""

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import BaseModel, Field

from bot.chat.paging import split_page
from bot.domain.messages import Attachment, Card, Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper


class PaperAnswer(BaseModel):
    """A paper, and what the answer says of it."""

    id: str = Field(description="The paper's id, which every tool takes.")
    title: str
    url: str = Field(description="Where it can be read.")
    pdf: str = Field("", description="Its PDF, where one is known.")
    doi: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    venue: str = ""
    abstract: str = ""
    summary: str = Field("", description="One sentence on it, of its abstract unless summary_by says otherwise.")
    summary_by: str = ""
    reason: str = Field("", description="Why it is in this answer.")
    signals: str = Field("", description="Votes and citations.")


class FileAnswer(BaseModel):
    """A file that comes with the answer."""

    name: str
    media_type: str
    content: str


class Answer(BaseModel):
    """What a tool answers."""

    text: str = Field(description="The answer as people read it.")
    papers: tuple[PaperAnswer, ...] = ()
    files: tuple[FileAnswer, ...] = ()
    next_page: int | None = Field(None, description="The page to ask for next, where there is one.")


def answer_of(message: Message, cards: Sequence[Card], papers: Mapping[PaperId, Paper], *, page: int = 1) -> Answer:
    """A message, which is the given page of its list, with the papers of some cards; `papers` tells more of them."""
    return Answer(
        text=plain_text(message),
        papers=tuple(_paper(card, papers.get(card.paper_id)) for card in cards),
        files=tuple(map(_file, message.attachments)),
        next_page=next((after for after in _pages(message) if after > page), None),
    )


def _paper(card: Card, paper: Paper | None) -> PaperAnswer:
    """The paper of a card; one that was found elsewhere and is not here is known by its card alone."""
    shown = PaperAnswer(
        id=card.paper_id,
        title=card.title,
        url=card.url,
        summary=card.summary,
        summary_by=card.summary_by,
        reason=card.why,
        signals=card.signals,
    )
    if paper is None:
        return shown
    known = {
        "pdf": paper.pdf,
        "doi": paper.doi,
        "authors": paper.authors,
        "published": paper.published,
        "venue": paper.venue,
        "abstract": paper.abstract,
    }
    return shown.model_copy(update=known)


def _file(file: Attachment) -> FileAnswer:
    return FileAnswer(name=file.name, media_type=file.media_type, content=file.content.decode("utf-8", "replace"))


def _pages(message: Message) -> list[int]:
    """The pages that the buttons lead to."""
    return [page for button in message.buttons if (page := split_page(button.command)[1])]
