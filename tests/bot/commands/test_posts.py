"""Several posts in one place."""

from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Message, plain_text
from bot.domain.named_posts import MOST_POSTS
from bot.domain.people import private_talk
from bot.library.app import App
from tests.support.commands import ANA, PAPERS
from tests.support.commands import ask as typed


async def ask(dispatcher: Dispatcher, line: str) -> str:
    return plain_text(await message(dispatcher, line))


async def message(dispatcher: Dispatcher, line: str) -> Message:
    return await typed(dispatcher, line, admin=True)


async def test_a_post_is_added_with_a_time_and_days_and_is_about_its_name(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest on 08:00 Berlin")
    told = await message(dispatcher, 'digest add "protein folding" 09:30 mon,thu')
    assert told.title == "Daily post: protein folding"
    assert "5 papers at 09:30 Europe/Berlin, Mon, Thu" in plain_text(told)
    assert "Topics: protein folding" in plain_text(told)
    [_, settings] = [line for line in (await ask(dispatcher, "digest list")).splitlines() if "papers at" in line]
    assert settings.startswith("protein folding: 5 papers at 09:30")
    assert "Next: " in settings


async def test_a_post_has_settings_and_topics_of_its_own_and_the_first_keeps_its_own(
    dispatcher: Dispatcher, app: App
) -> None:
    await ask(dispatcher, "digest on 08:00")
    await ask(dispatcher, "digest add graphs")
    for line in ("count 2", "layout compact", "scope topics-first", "time 17:00 Tokyo", "days fri", "minimum 9"):
        assert (await message(dispatcher, f"digest {line} post graphs")).title == "Daily post: graphs"
    told = await ask(dispatcher, 'digest topics add "graph neural" -survey cat:cs.LG as gnn post graphs')
    assert 'The post graphs: "graph neural" -survey cat:cs.LG as "gnn"' in told
    await ask(dispatcher, "digest topics block crypto")
    assert await ask(dispatcher, "digest topics") == "This channel: not crypto"
    assert (await ask(dispatcher, "digest topics post graphs")).endswith(' as "gnn"; not crypto')
    first, graphs = await app.store.posts_of(PAPERS.key)
    assert (first.count, f"{first.at:%H:%M}", first.timezone, first.minimum) == (5, "08:00", "UTC", 0)
    assert (graphs.count, f"{graphs.at:%H:%M}", graphs.timezone, graphs.days) == (
        2,
        "17:00",
        "Asia/Tokyo",
        frozenset({4}),
    )
    form = await message(dispatcher, "digest setup post graphs")
    assert {select.command.rpartition("{value}")[2] for select in form.selects} == {" post graphs"}
    assert "5 papers at 17:00" in await ask(dispatcher, form.selects[0].command.replace("{value}", "5"))


async def test_a_post_is_switched_off_and_on_by_its_name(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest add graphs")
    assert "/papers digest on post graphs starts them again" in await ask(dispatcher, "digest off post graphs")
    assert "It is off; /papers digest on post graphs starts it." in await ask(dispatcher, "digest count 3 post graphs")
    assert "Next: " in await ask(dispatcher, "digest on post graphs")


async def test_a_name_that_is_unknown_taken_or_none_is_told(dispatcher: Dispatcher) -> None:
    assert "There is no post “graphs” here" in await ask(dispatcher, "digest count 3 post graphs")
    assert "There is no post “graphs” here" in await ask(dispatcher, "digest remove graphs")
    await ask(dispatcher, "digest add graphs")
    assert "There is a post “Graphs” here already" in await ask(dispatcher, "digest add Graphs 09:00")
    assert "cannot be a name" in await ask(dispatcher, "digest add 09:00 graphs")


async def test_a_name_of_several_words_without_quotes_is_told_how_it_is_written(dispatcher: Dispatcher) -> None:
    told = await ask(dispatcher, "digest add robot manipulation 07:00")
    assert 'stands in quotes, as in /papers digest add "robot manipulation".' in told
    assert "in quotes" not in await ask(dispatcher, "digest add robotics 25:00")


async def test_a_place_has_only_so_many_posts(dispatcher: Dispatcher) -> None:
    for number in range(MOST_POSTS):
        assert "Next: " in await ask(dispatcher, f"digest add post{number}")
    await ask(dispatcher, "digest on")
    assert "makes room" in await ask(dispatcher, "digest add more")


async def test_a_post_that_is_removed_is_gone_with_its_topics(dispatcher: Dispatcher, app: App) -> None:
    await ask(dispatcher, "digest add graphs")
    await ask(dispatcher, "digest topics add trees post graphs")
    assert "Removed the post “graphs”." in await ask(dispatcher, "digest remove GRAPHS")
    assert await app.store.posts_of(PAPERS.key) == []
    assert await app.store.topics(f"{PAPERS.key}#graphs") == []
    assert "adds another" in await ask(dispatcher, "digest list")


async def test_posts_of_a_private_talk_are_ones_own(dispatcher: Dispatcher, app: App) -> None:
    talk = private_talk(ANA)
    person = await app.store.person(ANA)
    for line in ("digest me on 08:00", 'topics add graph neural networks as "graphs"', "topics block crypto"):
        await ask(dispatcher, line)
    request = Request(ANA, talk, "digest add graphs 18:00", admin=True)
    told = plain_text(await dispatcher.answer(request))
    assert told.startswith("Your daily post: graphs")
    assert 'Topics: graph neural networks as "graphs"; not crypto' in told
    assert {each.person for each in await app.store.posts_of(talk.key)} == {person}


async def test_what_starts_a_post_is_told_to_whoever_may_start_it(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest add graphs")
    await ask(dispatcher, "digest off post graphs")
    member = plain_text(await dispatcher.answer(Request(ANA, PAPERS, "digest list")))
    assert "It is off." in member
    assert "digest on" not in member
    assert "/papers digest on post graphs starts it." in await ask(dispatcher, "digest list")
