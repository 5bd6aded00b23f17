"""What a reader sees of a paper."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.trending import Reading
from bot.library.app import App
from bot.library.cards import (
    SUMMARY_LENGTH,
    byline,
    card,
    cards,
    publication_date,
    summarize,
    trending_title,
    whole_card,
)

PAPER = Paper(
    id=PaperId("2006.11239"),
    title="Denoising diffusion",
    abstract="Images are hard. We propose to denoise them step by step. It works.",
    authors=("Jonathan Ho", "Ajay Jain"),
    categories=("cs.LG", "stat.ML", "cs.CV"),
    published=date(2020, 6, 19),
)
BARE = Paper(id=PaperId("test:1"), title="Nothing is known of this one")


def labels(paper: Paper, *, saved: bool) -> list[str]:
    return [button.label for button in card(paper, saved=saved).buttons]


def test_a_card_has_the_papers_picture() -> None:
    picture = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2006.11239.png"
    assert card(replace(PAPER, thumbnail=picture)).thumbnail == picture
    assert card(PAPER).thumbnail == ""


def test_a_byline_has_what_is_known_and_two_categories() -> None:
    assert byline(PAPER) == "Jonathan Ho, Ajay Jain · 19 Jun 2020 · cs.LG, stat.ML"
    assert byline(BARE) == ""


def test_a_date_is_as_exact_as_is_known() -> None:
    assert publication_date(PAPER) == "19 Jun 2020"
    assert publication_date(BARE) == ""


def test_a_summary_says_who_wrote_it_unless_it_is_the_authors() -> None:
    sentence, author = summarize(PAPER)
    assert (sentence, author) == ("We propose to denoise them step by step.", "")
    written = Paper(id=PaperId("test:2"), title="T", abstract="A.", summary="words " * 200)
    shown, author = summarize(written)
    assert author == "AI summary"
    assert len(shown) <= SUMMARY_LENGTH


def test_a_paper_can_be_saved_or_removed_but_not_both() -> None:
    assert labels(PAPER, saved=False) == ["Save", "Abstract", "Similar", "PDF"]
    assert labels(PAPER, saved=True) == ["Remove", "Abstract", "Similar", "PDF"]
    assert labels(BARE, saved=False) == ["Save", "Abstract", "Similar"]


def test_what_the_signals_say_is_not_said_twice() -> None:
    signals = card(PAPER, reading=Reading(upvotes=7)).signals
    assert "7" in signals
    assert (
        card(PAPER, reading=Reading(upvotes=7), why=["close to what you like", signals]).why == "close to what you like"
    )


def test_beside_the_whole_abstract_none_of_its_sentences_is_repeated() -> None:
    assert whole_card(PAPER, Reading()).summary == ""
    written = Paper(id=PaperId("test:2"), title="T", abstract="A.", summary="Somebody else's words.")
    assert whole_card(written, Reading()).summary == "Somebody else's words."


@pytest.mark.parametrize(
    ("title", "topic", "expected"),
    [("day", "", "Trending today"), ("week", "robots", "Trending this week about robots")],
)
def test_a_window_is_told_in_words(title: str, topic: str, expected: str) -> None:
    assert trending_title("day" if title == "day" else "week", topic) == expected


async def test_cards_are_numbered_on_and_saved_ones_can_be_removed(app: App) -> None:
    results = await app.library.search("memory", 3)
    saved = results[1].stored.paper.id
    shown = await cards(app.library, results, as_of=app.clock.now(), first=6, saved={saved})
    assert [each.rank for each in shown] == [6, 7, 8]
    assert [each.buttons[0].label for each in shown] == ["Save", "Remove", "Save"]
