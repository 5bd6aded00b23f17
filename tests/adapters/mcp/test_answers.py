"""What an answer holds for a program."""

from datetime import date

from adapters.mcp.answers import answer_of
from bot.domain.messages import Attachment, Button, Card, Message
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper

ID = PaperId("2310.06825")
CARD = Card(paper_id=ID, title="T", url="https://arxiv.org/abs/2310.06825", summary="S", why="matches words")


def test_what_is_known_of_a_paper_stands_beside_what_the_answer_says_of_it() -> None:
    paper = Paper(id=ID, title="T", abstract="A", authors=("Ana One",), published=date(2023, 10, 10), doi="10.1/a")
    (found,) = answer_of(Message(cards=(CARD,)), [CARD], {ID: paper}).papers
    assert (found.id, found.title, found.summary, found.reason) == (ID, "T", "S", "matches words")
    assert (found.abstract, found.authors, found.published, found.doi) == (
        "A",
        ("Ana One",),
        date(2023, 10, 10),
        "10.1/a",
    )
    assert found.pdf == "https://arxiv.org/pdf/2310.06825"


def test_a_paper_that_is_not_here_is_known_by_its_card() -> None:
    (found,) = answer_of(Message(cards=(CARD,)), [CARD], {}).papers
    assert (found.id, found.url, found.abstract) == (ID, CARD.url, "")


def test_the_next_page_is_the_one_after_this() -> None:
    back, more = Button("Back", command="saved --page 1"), Button("More", command="saved --page 3")
    assert answer_of(Message(buttons=(back, more)), [], {}, page=2).next_page == 3
    assert answer_of(Message(buttons=(back,)), [], {}, page=2).next_page is None


def test_a_file_comes_whole() -> None:
    message = Message(attachments=(Attachment("saved.bib", b"@misc{a}", "text/x-bibtex"),))
    (file,) = answer_of(message, [], {}).files
    assert (file.name, file.media_type, file.content) == ("saved.bib", "text/x-bibtex", "@misc{a}")
