"""Recommendations."""

from bot.chat.dispatch import Dispatcher
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Topic
from bot.engine.profile import Rating
from bot.library.app import App
from bot.library.library import Result
from tests.support.commands import ANA, ask

MAGMA = PaperId("2601.03236")


async def test_for_you_never_shows_a_paper_twice(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    ids = [card.paper_id for _ in range(4) for card in (await ask(dispatcher, "foryou")).cards]
    assert len(ids) == len(set(ids)) == 20
    assert MAGMA not in ids


async def test_for_you_says_why(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    why = [card.why for card in (await ask(dispatcher, "foryou")).cards]
    assert why[0].startswith("because you saved “MAGMA")
    assert all(reason.startswith("because you saved “MAGMA") for reason in why if reason)


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


async def test_pasted_links_stand_in_for_saves(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, f"foryou https://arxiv.org/abs/{MAGMA}v2")
    assert answer.cards[0].why.startswith("because you named “MAGMA")
    assert MAGMA not in [card.paper_id for card in answer.cards]
    assert "No paper 2401.99999 here" in plain_text(await ask(dispatcher, "foryou 2401.99999"))


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
        for follows in ([], [Topic(f'author:"{name}"')])
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


async def test_of_pasted_papers_those_that_cannot_be_had_are_told(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, f"foryou {MAGMA} 2401.99999")
    assert len(answer.cards) == 5
    assert "No paper 2401.99999 here." in plain_text(answer)


async def test_a_channel_is_not_spoken_to_as_a_person(dispatcher: Dispatcher) -> None:
    assert "Nobody has saved a paper here yet" in plain_text(await ask(dispatcher, "foryou channel"))
    await ask(dispatcher, "digest topics follow robot manipulation", admin=True)
    answer = plain_text(await ask(dispatcher, "foryou channel"))
    assert "From what this channel follows (robot manipulation)" in answer
