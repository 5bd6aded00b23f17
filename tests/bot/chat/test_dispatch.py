"""Requests are answered, whatever was asked, by whomever, wherever."""

import csv
import io
import json
from datetime import date
from typing import Annotated, Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.console.chat import Chat
from bot.chat.call import Call
from bot.chat.completion import complete
from bot.chat.dispatch import Dispatcher, Outcome, Request
from bot.chat.reactions import Reaction, Reactions, meaning
from bot.chat.registry import Command, OptionHelp, Registry
from bot.cli.reference import markdown
from bot.commands import registry
from bot.domain.messages import Message, plain_text, text
from bot.domain.papers import PaperId
from bot.domain.people import Account, FeedbackKind, Place
from bot.engine.profile import Rating
from bot.library.app import App
from bot.library.library import Result

ANA = Account("console", "ana", "ana")
PAPERS = Place("console", "terminal", "#papers")
MAGMA = PaperId("2601.03236")

PRIVATE = {"foryou", "save", "unsave", "like", "dislike", "saved", "export", "topics", "link", "forget-me"}


@pytest.fixture
def dispatcher(app: App) -> Dispatcher:
    return Dispatcher(registry, app)


async def ask(
    dispatcher: Dispatcher, line: str, *, account: Account = ANA, admin: bool = False, **options: Any
) -> Message:
    return await dispatcher.answer(Request(account, PAPERS, line, options or None, admin=admin))


async def saved(dispatcher: Dispatcher, account: Account = ANA) -> list[str]:
    return [card.paper_id for card in (await ask(dispatcher, "saved", account=account)).cards]


def test_a_command_added_in_one_place_is_everywhere() -> None:
    added = Registry()

    @added.command()
    async def shout(call: Call, word: Annotated[str, OptionHelp("What to shout.", rest=True)]) -> Message:
        """Shout a word."""
        return Message(title=word.upper())

    assert "## shout" in markdown(added)
    assert "`/papers shout WORD`" in markdown(added)
    command, rest = added.find("shout hello")
    assert (command.name, command.parse(rest)) == ("shout", {"word": "hello"})


async def test_a_command_added_in_one_place_answers_and_is_completed(app: App) -> None:
    added = Registry()

    @added.command(private=True)
    async def shout(call: Call, word: Annotated[str, OptionHelp("What to shout.", rest=True)]) -> Message:
        """Shout a word."""
        return Message(body=(text(word.upper()),))

    answer = await Dispatcher(added, app).answer(Request(ANA, PAPERS, "shout hello"))
    assert (plain_text(answer), answer.private) == ("HELLO", True)
    assert [choice.value for choice in await complete(added, app, "commands", "sh")] == ["shout"]


@pytest.mark.parametrize("command", list(registry), ids=lambda command: command.name)
async def test_every_command_explains_itself_and_keeps_to_whom_it_answers(
    dispatcher: Dispatcher, command: Command
) -> None:
    explained = await ask(dispatcher, f"help {command.name}")
    assert explained.title == command.usage
    assert command.summary in plain_text(explained)
    given: dict[str, Any] = {
        "query": "memory",
        "paper": str(MAGMA),
        "at": "9:00",
        "days": "daily",
        "timezone": "UTC",
    }
    options: dict[str, Any] = {option.name: given[option.name] for option in command.options if option.name in given}
    options |= {option.name: option.choices[0] for option in command.options if option.choices}
    options |= {option.name: option.help.minimum for option in command.options if option.kind is int}
    answer = await ask(dispatcher, command.name, admin=True, **options)
    assert "went wrong" not in plain_text(answer)
    assert answer.private or not command.private


def test_what_concerns_one_person_is_answered_in_private() -> None:
    assert {command.name for command in registry if command.private} >= PRIVATE


@pytest.mark.parametrize("command", [c for c in registry if c.admin], ids=lambda command: command.name)
async def test_what_is_for_admins_is_refused_to_others_and_changes_nothing(
    dispatcher: Dispatcher, command: Command
) -> None:
    answer = await ask(dispatcher, f"{command.name} 1")
    assert "for people who manage this" in plain_text(answer)
    assert answer.private
    assert await dispatcher.app.store.destination(PAPERS.key) is None


async def test_a_mistake_of_ours_is_told_without_its_inside(app: App) -> None:
    broken = Registry()

    @broken.command()
    async def fail(call: Call) -> Message:
        """Fail."""
        raise RuntimeError("secret")

    answer = await Dispatcher(broken, app).answer(Request(ANA, PAPERS, "fail"))
    assert "went wrong" in plain_text(answer)
    assert "secret" not in plain_text(answer)
    assert answer.private


async def test_an_observer_is_told_of_every_answer_once(app: App) -> None:
    told: list[tuple[str, Outcome]] = []
    took: list[float] = []

    def observe(command: str, outcome: Outcome, seconds: float) -> None:
        told.append((command, outcome))
        took.append(seconds)

    made = Registry()

    @made.command()
    async def work(call: Call, how: Annotated[str, OptionHelp("How.")]) -> Message:
        """Work."""
        if how == "badly":
            raise RuntimeError("ours")
        return Message()

    dispatcher = Dispatcher(made, app, observe)
    for line in ("WORK well", "work badly", "work", "rest"):
        await dispatcher.answer(Request(ANA, PAPERS, line))
    assert told == [
        ("work", Outcome.ANSWERED),
        ("work", Outcome.FAILED),
        ("work", Outcome.REFUSED),
        ("", Outcome.REFUSED),
    ]
    assert all(seconds > 0 for seconds in took)


async def test_pages_follow_each_other_without_a_gap_or_repetition(dispatcher: Dispatcher) -> None:
    first = await ask(dispatcher, "search language models")
    second = await ask(dispatcher, first.buttons[-1].command)
    ids = [card.paper_id for message in (first, second) for card in message.cards]
    assert len(ids) == len(set(ids)) == 10
    assert [card.rank for card in second.cards] == [6, 7, 8, 9, 10]
    beyond = await ask(dispatcher, "search language models --page 400")
    assert "That's all" in plain_text(beyond)


async def test_all_pages_together_bring_every_paper_once(dispatcher: Dispatcher) -> None:
    ids: list[str] = []
    for page in range(1, 40):
        cards = (await ask(dispatcher, f"search model --page {page}")).cards
        ids += [card.paper_id for card in cards]
        if not cards:
            break
    assert len(ids) == len(set(ids)) > 50


async def test_results_can_be_had_the_newest_or_the_most_upvoted_first(app: App) -> None:
    newest = [result.stored.paper.published or date.min for result in await app.library.search("agents sort:new", 20)]
    assert newest == sorted(newest, reverse=True)
    found = [result.stored.paper.id for result in await app.library.search("agents sort:top", 20)]
    readings = await app.library.readings(found, app.clock.now())
    votes = [readings[paper_id].upvotes or 0 for paper_id in found]
    assert votes == sorted(votes, reverse=True)


async def test_a_save_here_raises_a_paper_in_what_is_trending(dispatcher: Dispatcher) -> None:
    before = [card.paper_id for card in (await ask(dispatcher, "trending day")).cards]
    for name in ("a", "b", "c", "d", "e", "f"):
        await ask(dispatcher, f"save {before[-1]}", account=Account("console", name))
    after = await ask(dispatcher, "trending day")
    assert [card.paper_id for card in after.cards].index(before[-1]) < len(before) - 1
    assert "6 saves here" in plain_text(after)


async def test_a_topic_that_cannot_be_searched_for_is_refused(dispatcher: Dispatcher) -> None:
    assert "is not a date" in plain_text(await ask(dispatcher, "topics follow after:banana"))
    await ask(dispatcher, "topics follow agents before:2020")
    assert "went wrong" not in plain_text(await ask(dispatcher, "foryou"))


async def test_a_topic_that_is_followed_already_changes_nothing(dispatcher: Dispatcher) -> None:
    assert "Following agents." in plain_text(await ask(dispatcher, "topics follow agents"))
    assert "Nothing changed; agents is already set." in plain_text(await ask(dispatcher, "topics follow agents"))


async def test_ones_own_link_code_stays_good(dispatcher: Dispatcher) -> None:
    code = plain_text(await ask(dispatcher, "link")).split()[-1]
    assert "your own" in plain_text(await ask(dispatcher, f"link {code}"))
    assert "one person" in plain_text(await ask(dispatcher, f"link {code}", account=Account("console", "ana2")))


def test_a_line_made_from_options_is_read_as_the_same_options() -> None:
    trending = registry["trending"]
    values = {"window": "day", "topic": "week of agents"}
    assert trending.parse(trending.line(values).removeprefix("trending")) == values


async def test_every_button_of_an_answer_is_a_command(dispatcher: Dispatcher) -> None:
    for line in ("search memory", "similar 2601.03236", f"save {MAGMA}", "saved", "forget-me"):
        answer = await ask(dispatcher, line)
        buttons = [*answer.buttons, *(button for card in answer.cards for button in card.buttons)]
        for command in (button.command for button in buttons if button.command):
            pressed = await ask(dispatcher, command)
            assert "went wrong" not in plain_text(pressed)
            assert "There is no command" not in plain_text(pressed)


async def test_saves_by_command_and_by_reaction_are_one_list(dispatcher: Dispatcher, app: App) -> None:
    await ask(dispatcher, f"save https://arxiv.org/abs/{MAGMA}v3")
    await app.store.record_post(PAPERS.key, "m1", [PaperId("2601.08079")])
    reactions = Reactions(app.store)
    told = await reactions.take(Reaction(ANA, PAPERS, "m1", "🔖", True, app.clock.now()))
    assert told is None
    assert set(await saved(dispatcher)) == {MAGMA, "2601.08079"}
    await reactions.take(Reaction(ANA, PAPERS, "m1", "🔖", False, app.clock.now()))
    assert await saved(dispatcher) == [MAGMA]


async def test_the_first_save_explains_itself_and_the_second_is_quiet(app: App) -> None:
    reactions = Reactions(app.store)
    for number, paper_id in enumerate([MAGMA, PaperId("2601.08079")]):
        await app.store.record_post(PAPERS.key, f"m{number}", [paper_id])
        told = await reactions.take(Reaction(ANA, PAPERS, f"m{number}", "🔖", True, app.clock.now()))
        assert (told is not None) is (number == 0)


def test_emoji_mean_what_they_show() -> None:
    two = {1: MAGMA, 2: PaperId("2601.08079")}
    one: dict[int, PaperId] = {1: MAGMA}
    assert meaning("🔖", {1: MAGMA}) == (MAGMA, FeedbackKind.SAVE)
    assert meaning("👎", {1: MAGMA}) == (MAGMA, FeedbackKind.DISLIKE)
    assert meaning("2️⃣", two) == (two[2], FeedbackKind.SAVE)
    for emoji, papers in (("🔖", two), ("3️⃣", two), ("1️⃣", one), ("🎉", one), ("🔖", {})):
        assert meaning(emoji, papers) is None


async def test_for_you_never_shows_a_paper_twice(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    ids = [card.paper_id for _ in range(4) for card in (await ask(dispatcher, "foryou")).cards]
    assert len(ids) == len(set(ids)) == 20
    assert MAGMA not in ids


async def test_for_you_says_why(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    why = [card.why for card in (await ask(dispatcher, "foryou")).cards]
    assert why[0].startswith("because you saved “MAGMA")
    assert all(why)


async def test_a_dislike_keeps_papers_like_it_away(dispatcher: Dispatcher) -> None:
    ben = Account("console", "ben", "ben")
    for account in (ANA, ben):
        await ask(dispatcher, f"save {MAGMA}", account=account)
    before = [card.paper_id for card in (await ask(dispatcher, "foryou", account=ben)).cards]
    await ask(dispatcher, f"dislike {before[0]}")
    assert before[0] not in [card.paper_id for card in (await ask(dispatcher, "foryou")).cards]


async def test_topics_stand_in_for_saves(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "topics follow robot manipulation")
    answer = await ask(dispatcher, "foryou")
    assert "From what you follow (robot manipulation)" in plain_text(answer)
    assert "robot" in plain_text(answer).lower()


async def test_a_blocked_topic_stays_away_from_for_you(dispatcher: Dispatcher) -> None:
    ben = Account("console", "ben", "ben")
    for account in (ANA, ben):
        await ask(dispatcher, f"save {MAGMA}", account=account)
    before = [card.title for card in (await ask(dispatcher, "foryou", account=ben)).cards]
    await ask(dispatcher, "topics block memory")
    after = [card.title for card in (await ask(dispatcher, "foryou")).cards]
    assert any("Memory" in title for title in before)
    assert after
    assert not any("Memory" in title for title in after)


async def test_what_is_saved_can_be_removed_where_only_its_reader_sees_it(dispatcher: Dispatcher) -> None:
    def first(message: Message) -> str:
        return next(card for card in message.cards if card.paper_id == MAGMA).buttons[0].label

    assert first(await ask(dispatcher, f"show {MAGMA}")) == "Save"
    assert "Undo" in [button.label for button in (await ask(dispatcher, f"save {MAGMA}")).buttons]
    assert first(await ask(dispatcher, "saved")) == "Remove"
    assert first(await ask(dispatcher, f"show {MAGMA}")) == "Save", "others see this answer as well"
    for line in (f"show {MAGMA}", "search magma memory"):
        alone = await dispatcher.answer(Request(ANA, PAPERS, line, ephemeral=True))
        assert first(alone) == "Remove"
    assert "Undo" in [button.label for button in (await ask(dispatcher, f"unsave {MAGMA}")).buttons]


async def test_one_can_go_back_in_lists_that_stay_as_they_are(dispatcher: Dispatcher) -> None:
    second = await ask(dispatcher, "search model --page 2")
    assert [button.command for button in second.buttons] == ["search model --page 1", "search model --page 3"]
    first = await ask(dispatcher, second.buttons[0].command)
    assert [button.label for button in first.buttons] == ["More"]
    assert first.cards == (await ask(dispatcher, "search model")).cards
    beyond = await ask(dispatcher, "search model --page 400")
    assert [button.label for button in beyond.buttons] == ["Back"]
    await ask(dispatcher, "topics follow robots")
    assert [b.label for b in (await ask(dispatcher, "foryou --page 2")).buttons if b.label == "Back"] == []


async def test_pasted_links_stand_in_for_saves(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, f"foryou https://arxiv.org/abs/{MAGMA}v2")
    assert answer.cards[0].why.startswith("because you named “MAGMA")
    assert MAGMA not in [card.paper_id for card in answer.cards]
    assert "None of these papers is here: 2401.99999" in plain_text(await ask(dispatcher, "foryou 2401.99999"))


async def test_a_channel_gets_recommendations_because_of_what_people_there_saved(dispatcher: Dispatcher) -> None:
    for act, name in (("save", "ben"), ("save", "ida"), ("dislike", "eve")):
        await ask(dispatcher, f"{act} {MAGMA}", account=Account("console", name, name))
    answer = await ask(dispatcher, "foryou channel")
    assert answer.title == "For this channel"
    assert answer.cards[0].why.startswith("because people here saved “MAGMA")
    assert "Save papers" in plain_text(await ask(dispatcher, "foryou"))


async def test_an_author_who_is_followed_gains_and_it_says_so(app: App) -> None:
    magma = await app.library.find(MAGMA)
    name = (await app.library.search("diffusion images"))[0].stored.paper.authors[0]
    rating = Rating(magma.row, magma.paper, 1.0)
    plain, followed = [
        next(result for result in await app.library.recommend([rating], 199, follows=follows) if _is_by(result, name))
        for follows in ([], [f'author:"{name}"'])
    ]
    assert f"by {name}, whom you follow" in followed.reasons
    assert followed.score > plain.score


def _is_by(result: Result, name: str) -> bool:
    return name in result.stored.paper.authors


async def test_a_day_of_exploring_shows_the_same_surprises(app: App) -> None:
    magma = await app.library.find(MAGMA)
    rating = Rating(magma.row, magma.paper, 1.0)
    plain, first, again = [
        [result.stored.row for result in await app.library.recommend([rating], 10, explore=explore)]
        for explore in (False, True, True)
    ]
    assert first == again
    assert first[:4] == plain[:4]
    assert first[5:9] == plain[5:9]
    assert not {first[4], first[9]} & set(plain)


async def test_exports_are_read_back_by_other_programs(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    files = {name: (await ask(dispatcher, f"export {name}")).attachments[0] for name in ("bibtex", "json", "csv")}
    assert parse_string(files["bibtex"].content.decode()).entries[0]["eprint"] == MAGMA
    assert json.loads(files["json"].content)[0]["id"] == MAGMA
    assert next(csv.DictReader(io.StringIO(files["csv"].content.decode())))["id"] == MAGMA


lines = st.text(max_size=60) | st.builds(
    lambda name, rest: f"{name} {rest}",
    st.sampled_from([command.name for command in registry]),
    st.text(st.sampled_from("ab 12-:\"'`*_<@!>\n\\/") | st.characters(), max_size=40),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines, admin=st.booleans())
async def test_no_line_breaks_the_bot_or_loses_what_was_saved(dispatcher: Dispatcher, line: str, admin: bool) -> None:
    keeper = Account("console", "keeper")
    await ask(dispatcher, f"save {MAGMA}", account=keeper)
    answer = await ask(dispatcher, line, admin=admin)
    told = plain_text(answer)
    assert told
    assert "went wrong" not in told
    assert "Traceback" not in told
    assert await saved(dispatcher, keeper) == [MAGMA]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.text(max_size=30) | st.sampled_from([":bookmark: 1", "more", "/as x", "/join y"]), max_size=5))
async def test_nothing_typed_into_the_chat_breaks_it(app: App, typed: list[str]) -> None:
    from rich.console import Console

    chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), Console(file=io.StringIO()))
    for line in typed:
        await chat.take(line)
