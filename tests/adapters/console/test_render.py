"""What a terminal shows of a message."""

import io

from rich.console import Console

from adapters.console.render import show
from bot.messages import Button, Card, Message, text
from bot.papers import PaperId


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


def test_nothing_is_markup_or_an_escape_code() -> None:
    message = Message(title="[red]\x1b[31mT\u202e", buttons=(Button("\x1b[b]", command="x"),))
    assert shown(message).splitlines()[0] == "[red][31mT"
    assert "\x1b" not in shown(message)
