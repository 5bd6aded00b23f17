"""Topics, linked accounts, forget-me."""

from dataclasses import replace

import pytest

from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import plain_text
from bot.domain.people import Account
from bot.library.app import App
from bot.library.following import Following
from tests.support.commands import ask


async def test_a_topic_that_cannot_be_searched_for_is_refused(dispatcher: Dispatcher) -> None:
    assert "is not a date" in plain_text(await ask(dispatcher, "topics follow after:banana"))
    await ask(dispatcher, "topics follow agents before:2020")
    assert "went wrong" not in plain_text(await ask(dispatcher, "foryou"))


async def test_a_channel_is_told_what_is_read_for_its_topics(app: App) -> None:
    read = replace(app, following=Following(Settings(_env_file=None)))
    told = plain_text(await ask(Dispatcher(registry, read), "topics follow cat:math.AG"))
    assert "Following cat:math.AG. math.AG is read from the next sync on." in told
    assert plain_text(await ask(Dispatcher(registry, app), "topics follow cat:math.AC")).endswith("math.AC.")


async def test_a_topic_that_is_followed_already_changes_nothing(dispatcher: Dispatcher) -> None:
    assert "Following agents." in plain_text(await ask(dispatcher, "topics follow agents"))
    again = plain_text(await ask(dispatcher, "topics follow agents"))
    assert "Nothing changed: agents is already followed." in again
    await ask(dispatcher, "topics block crypto, coins")
    again = plain_text(await ask(dispatcher, "topics block crypto, coins"))
    assert "Nothing changed: crypto, coins are already blocked." in again


@pytest.mark.parametrize("command", ["topics", "digest topics"])
async def test_a_topic_without_what_to_do_with_it_is_not_passed_over(dispatcher: Dispatcher, command: str) -> None:
    told = plain_text(await ask(dispatcher, f"{command} unfollow robots", admin=True))
    assert f"Say what to do with “unfollow robots”: /papers {command} add TOPIC, " in told
    told = plain_text(await ask(dispatcher, f"{command} remove zebra", admin=True))
    assert f"/papers {command} lists them." in told


async def test_a_topic_that_is_removed_is_gone_by_its_whole_words_or_one_by_one(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "topics follow agents, robots")
    await ask(dispatcher, "topics block crypto")
    assert "Removed agents, robots." in plain_text(await ask(dispatcher, "topics remove agents, robots"))
    assert "Removed crypto." in plain_text(await ask(dispatcher, "topics remove crypto"))
    assert "“crypto” is not among the topics" in plain_text(await ask(dispatcher, "topics remove crypto"))
    assert "Say which topic" in plain_text(await ask(dispatcher, "topics remove"))


async def test_who_is_to_be_forgotten_is_told_all_that_ends(dispatcher: Dispatcher) -> None:
    assert "ends your own daily posts and mails" in plain_text(await ask(dispatcher, "forget-me"))


async def test_ones_own_link_code_stays_good(dispatcher: Dispatcher) -> None:
    code = plain_text(await ask(dispatcher, "link")).split()[-1]
    assert "your own" in plain_text(await ask(dispatcher, f"link {code}"))
    assert "one person" in plain_text(await ask(dispatcher, f"link {code}", account=Account("console", "ana2")))


async def test_a_topic_is_a_query_under_a_name_and_goes_by_it(dispatcher: Dispatcher) -> None:
    added = await ask(dispatcher, 'topics add "graph neural" -survey cat:cs.LG as graphs')
    assert plain_text(added) == 'Following "graph neural" -survey cat:cs.LG as "graphs".'
    await ask(dispatcher, 'topics block "position paper" author:doe as opinions')
    told = plain_text(await ask(dispatcher, "topics"))
    assert 'You: "graph neural" -survey cat:cs.LG as "graphs"; not "position paper" author:doe as "opinions"' in told
    await ask(dispatcher, 'topics add graph transformers as "Graphs"')
    assert 'You: graph transformers as "Graphs"; not ' in plain_text(await ask(dispatcher, "topics"))
    assert plain_text(await ask(dispatcher, "topics remove graphs")) == "Removed graphs."
    assert plain_text(await ask(dispatcher, 'topics remove "opinions"')) == "Removed opinions."
    assert "You: nothing yet" in plain_text(await ask(dispatcher, "topics"))


async def test_an_admin_is_told_how_the_channel_follows_a_topic_too(dispatcher: Dispatcher) -> None:
    told = plain_text(await ask(dispatcher, "topics add robots", admin=True))
    assert told.endswith("That is for you; the post of this channel: /papers digest topics add robots")
    assert "digest" not in plain_text(await ask(dispatcher, "topics add agents"))


async def test_what_was_called_follow_before_is_still_understood(dispatcher: Dispatcher) -> None:
    assert plain_text(await ask(dispatcher, "topics follow robots")) == "Following robots."


async def test_a_word_after_as_that_is_no_name_and_a_category_there_is_not_are_told(dispatcher: Dispatcher) -> None:
    told = plain_text(await ask(dispatcher, "topics add language models as agents"))
    quoted = 'If agents is to be its name, put that in quotes: language models as "agents".'
    assert told.endswith(f"Following language models as agents. {quoted}")
    assert plain_text(await ask(dispatcher, 'topics add robots as "r"')).endswith('Following robots as "r".')
    assert "There is no category cs.XX." in plain_text(await ask(dispatcher, "topics add cat:cs.XX"))


async def test_linked_accounts_are_named_with_where_they_are(dispatcher: Dispatcher) -> None:
    for account in (Account("slack", "T1/U1", "ana"), Account("discord", "7", "Ana")):
        code = plain_text(await ask(dispatcher, "link")).split()[-1]
        told = plain_text(await ask(dispatcher, f"link {code}", account=account))
    assert "one person: ana in the terminal, Ana on Discord, ana on Slack." in told
