"""What the first set-up says and asks."""

from io import StringIO

from rich.console import Console

from bot.cli.first_setup.terminal import Terminal


def terminal(*answers: str) -> tuple[Terminal, list[bool], StringIO]:
    """A terminal at which somebody types; the list is what was typed unseen."""
    left, hidden, screen = list(answers), list[bool](), StringIO()

    def read(hiding: str) -> str:
        hidden.append(bool(hiding))
        return left.pop(0)

    return Terminal(Console(file=screen, width=60), read if answers else None), hidden, screen


def test_enter_is_the_default_and_so_is_nobody_to_ask() -> None:
    asked, _, screen = terminal("", " 5 ", "", "n", "Yes")
    assert [asked.ask("How many", "3"), asked.ask("How many", "3")] == ["3", "5"]
    assert "How many [3] ›" in screen.getvalue()
    assert [asked.agrees("So?", default=True) for _ in range(3)] == [True, False, True]
    alone, _, silent = terminal()
    assert not alone.asks
    assert alone.ask("How many", "3") == "3"
    assert alone.ask_secret("Token", "hidden") == ""
    assert alone.agrees("So?", default=True)
    assert silent.getvalue() == ""


def test_a_secret_is_read_unseen_and_not_said() -> None:
    asked, hidden, screen = terminal("s3cret")
    assert asked.ask_secret("Token", "hidden") == "s3cret"
    assert hidden == [True]
    assert "s3cret" not in screen.getvalue()


def test_what_a_service_says_is_no_markup_and_takes_no_terminal_over() -> None:
    asked, _, screen = terminal("x")
    for say in (asked.say, asked.good, asked.bad, asked.mind, lambda words: asked.copied(words, "https://x")):
        say("[red]no[/]\x1b]0;owned\x07")
    assert screen.getvalue().count("[red]no[/]") == 5
    assert "\x1b" not in screen.getvalue()


async def nothing() -> str:
    return "done"


def test_waiting_gives_what_came() -> None:
    asked, _, _ = terminal("x")
    assert asked.wait("waiting", nothing()) == "done"
