"""How functions become commands, and lines become options."""

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.registry import OptionHelp, Registry
from bot.domain.messages import Message
from bot.errors import UserError


@pytest.fixture
def registry() -> Registry:
    made = Registry()

    @made.command()
    async def find(call: Any, query: Annotated[str, OptionHelp("Words.", rest=True)]) -> Message:
        """Find things.

        With words.
        """
        return Message()

    @made.command("show-all", private=True)
    async def show_all(
        call: Any,
        window: Annotated[Literal["day", "week"], OptionHelp("How long.")] = "day",
        topic: Annotated[str, OptionHelp("About what.", rest=True)] = "",
    ) -> Message:
        """Show all."""
        return Message()

    @made.command("post time", admin=True)
    async def post_time(
        call: Any,
        at: Annotated[str, OptionHelp("When.")],
        count: Annotated[int, OptionHelp("How many.", minimum=1, maximum=10)] = 5,
    ) -> Message:
        """Set the time."""
        return Message()

    @made.command("post off", admin=True)
    async def post_off(call: Any) -> Message:
        """Stop."""
        return Message()

    return made


def values(registry: Registry, line: str) -> dict[str, Any]:
    command, rest = registry.find(line)
    return command.parse(rest)


def test_signature_docstring_and_marks_make_the_command(registry: Registry) -> None:
    find, show_all, post_time, _ = registry
    assert (find.name, find.summary, find.details) == ("find", "Find things.", "With words.")
    assert show_all.usage == "show-all [day|week] [TOPIC]"
    assert (show_all.private, show_all.admin, post_time.admin) == (True, False, True)
    assert [(o.name, o.kind, o.required, o.default) for o in post_time.options] == [
        ("at", str, True, ""),
        ("count", int, False, 5),
    ]
    assert registry.groups() == {"post": [registry["post time"], registry["post off"]]}


def test_the_rest_of_a_line_is_taken_as_typed(registry: Registry) -> None:
    assert values(registry, 'find  "chain of thought"  -video') == {"query": '"chain of thought"  -video'}


def test_a_choice_left_out_is_skipped(registry: Registry) -> None:
    assert values(registry, "show-all week protein folding") == {"window": "week", "topic": "protein folding"}
    assert values(registry, "show-all protein folding") == {"window": "day", "topic": "protein folding"}
    assert values(registry, "SHOW-ALL Week") == {"window": "week", "topic": ""}
    assert values(registry, "show-all") == {"window": "day", "topic": ""}


def test_quotes_hold_a_word_together(registry: Registry) -> None:
    assert values(registry, 'post time "9 in the morning" 3') == {"at": "9 in the morning", "count": 3}
    assert values(registry, "post time “9 sharp”") == {"at": "9 sharp", "count": 5}


def test_a_line_and_its_options_say_the_same(registry: Registry) -> None:
    for line in ("find a b", "show-all week x", "post time 9:00 3", "post off"):
        command, rest = registry.find(line)
        assert command.line(command.parse(rest)) == line


def test_options_a_platform_has_parsed_are_checked_alike(registry: Registry) -> None:
    assert registry["post time"].accept({"at": "9:00", "count": 3, "other": 1}) == {"at": "9:00", "count": 3}
    with pytest.raises(UserError, match="from 1 to 10"):
        registry["post time"].accept({"at": "9:00", "count": 11})


@pytest.mark.parametrize(
    ("line", "teaches"),
    [
        ("", "`/papers help` lists everything"),
        ("fnd cats", "Did you mean `find`"),
        ("post", "needs one more word: time, off"),
        ("post tme 9", "Did you mean `post time`"),
        ("find", "Something is missing after `/papers find`: .* Usage: `/papers find QUERY`"),
        ("post off now", "`/papers post off` does not take “now”"),
        ("post time 9 many", "count must be a number from 1 to 10, not “many”"),
        ("post time 9 0", "from 1 to 10"),
    ],
)
def test_mistakes_teach(registry: Registry, line: str, teaches: str) -> None:
    with pytest.raises(UserError, match=teaches):
        values(registry, line)


def test_a_command_must_explain_itself(registry: Registry) -> None:
    async def silent(call: Any) -> Message:
        return Message()

    async def vague(call: Any, what: str) -> Message:
        """Do something."""
        return Message()

    with pytest.raises(ValueError, match="docstring"):
        registry.command()(silent)
    with pytest.raises(TypeError, match="does not say"):
        registry.command()(vague)


words = st.text(st.sampled_from('abc find show-all post time off week "“” 0123'), max_size=40)


@given(words | st.text(max_size=40))
def test_any_line_is_parsed_or_answered(line: str) -> None:
    from bot.commands import registry as real

    try:
        command, rest = real.find(line)
        parsed = command.parse(rest)
    except UserError as error:
        assert str(error)
    else:
        assert set(parsed) == {option.name for option in command.options}


@pytest.fixture
def worded() -> Registry:
    """With an option that comes after its word, at the end of a line."""
    made = Registry()

    @made.command("post topics")
    async def post_topics(
        call: Any,
        act: Annotated[Literal["show", "add"], OptionHelp("What.", synonyms={"follow": "add"})] = "show",
        topic: Annotated[str, OptionHelp("About what.", rest=True)] = "",
        post: Annotated[str, OptionHelp("Which.", word="post")] = "",
    ) -> Message:
        """Show or change topics."""
        return Message()

    return made


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("post topics post robotics", ("show", "", "robotics")),
        ("post topics add blog post ideas", ("add", "blog", "ideas")),
        ('post topics add "blog post ideas"', ("add", '"blog post ideas"', "")),
        ('post topics FOLLOW arms POST "robot arms" ', ("add", "arms", "robot arms")),
        ("post topics add signpost", ("add", "signpost", "")),
    ],
)
def test_an_option_with_a_word_comes_at_the_end_of_a_line(
    worded: Registry, line: str, given: tuple[str, str, str]
) -> None:
    found = values(worded, line)
    assert (found["act"], found["topic"].strip(), found["post"]) == given
    [command] = worded
    again = values(worded, command.line(found))
    assert {**again, "topic": again["topic"].strip()} == {**found, "topic": found["topic"].strip()}
    assert command.usage == "post topics [show|add] [TOPIC] [post POST]"
