"""Messages read well without any markup."""

from dataclasses import replace

from bot.domain.messages import (
    Attachment,
    Button,
    Card,
    Image,
    Message,
    code,
    full_stop,
    link,
    plain,
    plain_text,
    printable,
    strong,
    text,
)
from bot.domain.paper_ids import PaperId


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


def test_only_the_first_of_the_signals_is_what_their_address_shows() -> None:
    card = Card(paper_id=PaperId("1"), title="DDPM", signals="▲ 2 upvotes on Hugging Face, ★ 13, 1 save in all")
    assert card.linked_signals == ("", card.signals)
    linked = replace(card, signals_url="https://huggingface.co/papers/2006.11239")
    assert linked.linked_signals == ("▲ 2 upvotes on Hugging Face", ", ★ 13, 1 save in all")
    assert replace(linked, signals="▲ 2 upvotes").linked_signals == ("▲ 2 upvotes", "")


def test_a_title_that_ends_a_sentence_gets_no_full_stop() -> None:
    titles = ("Graphs", "How Far are We From Human Memory?", "On collective abilities.")
    assert [title + full_stop(title) for title in titles] == ["Graphs.", *titles[1:]]


def test_empty_parts_leave_no_trace() -> None:
    assert plain_text(Message()) == ""
    assert plain(text("", "a")) == "a"


def test_buttons_are_named_at_the_end_and_one_paper_comes_before_what_is_said_of_it() -> None:
    card = Card(paper_id=PaperId("1"), title="DDPM")
    more = (Button("More", command="more"), Button("Web", url="https://a.org"), Button("Undo", command="undo"))
    assert plain_text(Message(cards=(card,), body=(text("Abstract."),), buttons=more)) == (
        "DDPM\n\nAbstract.\n\n[More] [Undo]"
    )


def test_what_could_take_a_terminal_over_is_not_printable() -> None:
    assert printable("a\x1b[31mb\u202ec\ud800d\ne") == "a[31mbcd\ne"
