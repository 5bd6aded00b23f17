"""What a terminal shows of a message."""

import io
from dataclasses import replace

from rich.console import Console

from adapters.console.render import show
from bot.domain.messages import Attachment, Button, Card, Message, text
from bot.domain.paper_ids import PaperId


def shown(message: Message) -> str:
    screen = io.StringIO()
    show(message, Console(file=screen, width=80, color_system=None))
    return "".join(f"{line.rstrip()}\n" for line in screen.getvalue().splitlines())


CARD = Card(paper_id=PaperId("1"), title="A paper", byline="Ana", buttons=(Button("Save", command="save 1"),))


def test_buttons_that_do_something_are_the_last_line() -> None:
    buttons = (Button("More", command="more"), Button("PDF", url="https://a.org/"), Button("Forget [me]", command="f"))
    lines = shown(Message(title="T", cards=(CARD,), buttons=buttons, footer=text("the foot"))).splitlines()
    assert lines == ["T", "", "A paper", "Ana", "", "the foot", "", "[More] [Forget [me]]", ""]


def test_one_paper_comes_before_what_is_said_of_it() -> None:
    assert shown(Message(cards=(CARD,), body=(text("Abstract."), text("Links")))).splitlines() == [
        "A paper",
        "Ana",
        "",
        "Abstract.",
        "",
        "Links",
        "",
    ]


def test_a_list_comes_after_what_is_said_of_it() -> None:
    assert shown(Message(title="T", cards=(CARD,), body=(text("Found."),))).splitlines()[:3] == ["T", "Found.", ""]


def test_a_long_title_and_what_is_told_below_it_stand_clear_of_the_rank() -> None:
    card = replace(CARD, rank=12, title="A long title " * 9, byline="Ana and Ben " * 9)
    screen = io.StringIO()
    show(Message(cards=(card,)), Console(file=screen, width=60, color_system=None))
    first, *further = screen.getvalue().splitlines()[:-1]
    assert first.startswith("12. A long title")
    assert len(further) >= 3
    assert all(line.startswith("    ") and line[4] != " " for line in further)
    assert all(line == line.rstrip() and len(line) <= 60 for line in (first, *further))


def test_a_file_is_shown_as_it_is_and_paragraphs_end_in_no_space() -> None:
    content = "title = {" + "A long title " * 9 + "}"
    message = Message(
        body=(text("Said in many words. " * 9),),
        attachments=(Attachment("papers.bib", content.encode(), "text/plain"),),
    )
    screen = io.StringIO()
    show(message, Console(file=screen, width=60, color_system=None))
    lines = screen.getvalue().splitlines()
    assert content in lines
    assert all(line == line.rstrip() for line in lines)


def test_a_screen_narrower_than_a_rank_still_shows_the_paper() -> None:
    screen = io.StringIO()
    show(Message(cards=(replace(CARD, rank=12, title="Paper"),)), Console(file=screen, width=3, color_system=None))
    assert set("Paper") <= set(screen.getvalue())


def test_nothing_is_markup_or_an_escape_code() -> None:
    message = Message(title="[red]\x1b[31mT\u202e", buttons=(Button("\x1b[b]", command="x"),))
    assert shown(message).splitlines()[0] == "[red][31mT"
    assert "\x1b" not in shown(message)


def test_a_heading_stands_above_the_first_paper_of_its_part() -> None:
    cards = (replace(CARD, heading="Followed"), CARD, replace(CARD, heading="Trending papers"))
    paper = ["", "A paper", "Ana"]
    assert shown(Message(title="T", cards=cards)).splitlines()[:-1] == [
        *("T", "", "Followed", *paper, *paper),
        *("", "Trending papers", *paper),
    ]
