"""Whom papers are recommended to."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.people import WEIGHTS, Account, FeedbackAct, FeedbackKind, Place, Topic, person_key
from bot.library.app import App
from bot.library.readers import Reader, channel_reader, person_reader

PAPERS = Place("slack", "T1", "C1", "#papers")
MAGMA, OTHER = PaperId("2601.03236"), PaperId("2601.11087")
ANA, BEN = Account("slack", "T1/U1", "ana"), Account("slack", "T1/U2", "ben")


async def give(app: App, account: Account, paper_id: PaperId, kind: FeedbackKind) -> int:
    person = await app.store.person(account)
    act = FeedbackAct(person=person, paper_id=paper_id, kind=kind, present=True, at=app.clock.now(), place=PAPERS.key)
    await app.store.give_feedback(act)
    return person


def test_topics_are_wanted_or_blocked() -> None:
    reader = Reader(topics=[Topic("robots"), Topic("crypto", wanted=False)])
    assert (reader.wanted, reader.blocked) == ([Topic("robots")], ["crypto"])


async def test_a_person_is_what_they_said_and_follow(app: App) -> None:
    ana = await give(app, ANA, MAGMA, FeedbackKind.SAVE)
    await give(app, ANA, OTHER, FeedbackKind.DISLIKE)
    await app.store.follow(person_key(ana), Topic("robots"))
    reader = await person_reader(app.store, ana)
    assert {rating.paper.id: (rating.weight, rating.verb) for rating in reader.ratings} == {
        MAGMA: (WEIGHTS[FeedbackKind.SAVE], "saved"),
        OTHER: (WEIGHTS[FeedbackKind.DISLIKE], "disliked"),
    }
    assert reader.wanted == [Topic("robots")]


async def test_in_a_channel_weights_add_up_and_nobody_is_named(app: App) -> None:
    await give(app, ANA, MAGMA, FeedbackKind.SAVE)
    await give(app, BEN, MAGMA, FeedbackKind.LIKE)
    [rating] = (await channel_reader(app.store, PAPERS)).ratings
    assert rating.weight == pytest.approx(WEIGHTS[FeedbackKind.SAVE] + WEIGHTS[FeedbackKind.LIKE])
    assert rating.by == "people here"


async def test_where_a_channel_disagrees_the_side_with_more_weight_speaks(app: App) -> None:
    await give(app, BEN, MAGMA, FeedbackKind.DISLIKE)
    await give(app, ANA, MAGMA, FeedbackKind.LIKE)
    [rating] = (await channel_reader(app.store, PAPERS)).ratings
    assert rating.weight == pytest.approx(WEIGHTS[FeedbackKind.LIKE] + WEIGHTS[FeedbackKind.DISLIKE])
    assert (rating.weight < 0, rating.verb) == (True, "disliked")


async def test_somebody_new_is_nobody_yet(app: App) -> None:
    reader = await person_reader(app.store, await app.store.person(BEN))
    assert (reader.ratings, reader.topics) == ([], [])
