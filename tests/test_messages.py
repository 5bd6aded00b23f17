"""Messages read well without any markup."""

from bot.messages import Attachment, Card, Image, Message, code, link, plain, plain_text, strong, text
from bot.papers import PaperId


def test_plain_text_tells_everything_in_order() -> None:
    message = Message(
        title="Search: diffusion",
        body=(text("Two of ", strong("many"), "; more with ", code("/papers more"), "."),),
        cards=(
            Card(paper_id=PaperId("2006.11239"), title="DDPM", url="https://arxiv.org/abs/2006.11239", rank=1, why="x"),
        ),
        images=(Image(b"", "A chart of the week"),),
        attachments=(Attachment("papers.bib", b"@misc{}", "text/x-bibtex"), Attachment("a.png", b"\x00", "image/png")),
        footer=text(link("help", "https://example.org")),
    )
    assert plain_text(message) == (
        "Search: diffusion\n\nTwo of many; more with /papers more.\n\n1. DDPM\nx\nhttps://arxiv.org/abs/2006.11239\n\n"
        "A chart of the week\n\n@misc{}\n\na.png\n\nhelp"
    )


def test_empty_parts_leave_no_trace() -> None:
    assert plain_text(Message()) == ""
    assert plain(text("", "a")) == "a"
