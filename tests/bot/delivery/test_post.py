"""What a post says."""

from datetime import date

from bot.delivery.post import Edition, chart, lay_out, round_up
from bot.domain.destinations import Layout, Quiet
from bot.domain.messages import Card, Image, plain, plain_text
from bot.domain.paper_ids import PaperId

DAY = date(2026, 1, 19)
CARDS = [Card(paper_id=PaperId(f"2601.0000{n}"), title=f"Paper {n}", rank=n) for n in (1, 2)]


def test_with_cards_each_paper_is_a_message_under_a_header() -> None:
    header, *papers = lay_out(Edition(DAY), CARDS)
    assert header.title == "Trending papers · Monday, 19 Jan 2026"
    assert header.cards == ()
    assert [message.cards for message in papers] == [(card,) for card in CARDS]


def test_papers_get_threads_where_they_are_wanted() -> None:
    assert [message.thread for message in lay_out(Edition(DAY, threads=True), CARDS)] == [False, True, True]
    assert not any(message.thread for message in lay_out(Edition(DAY), CARDS))
    [compact] = lay_out(Edition(DAY, layout=Layout.COMPACT, threads=True), CARDS)
    assert not compact.thread


def test_a_day_has_no_more_messages_than_can_be_published() -> None:
    ten = [Card(paper_id=PaperId(f"2601.000{n:02}"), title=f"Paper {n}", rank=n) for n in range(1, 11)]
    for messages, under_header in ((10, 1), (9, 2)):
        header, *papers = post = lay_out(Edition(DAY, threads=True, messages=messages), ten)
        assert len(post) == messages
        assert header.title == "Trending papers · Monday, 19 Jan 2026"
        assert [card.rank for message in post for card in message.cards] == list(range(1, 11))
        assert len(header.cards) == under_header
        assert [message.thread for message in post] == [under_header == 1] + [True] * len(papers)
    assert "1\ufe0f\u20e3 to 2\ufe0f\u20e3 save the paper with that number." in plain(header.footer)


def test_compact_is_one_message_where_numbers_save() -> None:
    [post] = lay_out(Edition(DAY, layout=Layout.COMPACT), CARDS)
    assert post.cards == tuple(CARDS)
    assert plain(post.footer) == "1\ufe0f\u20e3 to 2\ufe0f\u20e3 save the paper with that number."
    assert post.dense


def test_a_day_without_papers_says_why_or_nothing() -> None:
    [post] = lay_out(Edition(DAY, nothing="No new papers: arXiv rests."), [])
    assert "arXiv rests" in plain_text(post)
    assert lay_out(Edition(DAY, quiet=Quiet.SKIP), []) == ()


def test_what_readers_should_know_of_the_sources_stands_in_the_header() -> None:
    for layout in Layout:
        assert "arXiv was last read" in plain_text(
            lay_out(Edition(DAY, layout=layout, notice="arXiv was last read"), CARDS)[0]
        )


def test_a_persons_own_post_says_so() -> None:
    assert lay_out(Edition(DAY, own=True), CARDS)[0].title == "Your papers · Monday, 19 Jan 2026"


def test_the_round_up_shows_the_week_and_its_saves() -> None:
    [post] = round_up(Edition(DAY), CARDS, {DAY: 4, date(2026, 1, 14): 1})
    told = plain_text(post)
    assert post.title == "The week's papers · 13 Jan 2026 to 19 Jan 2026"
    assert "Mon ████████████████████ 4" in told
    assert "Wed █████ 1" in told
    assert "5 saves here" in told


def test_a_persons_own_round_up_speaks_of_what_they_saved() -> None:
    assert "You saved 2 papers:" in plain_text(round_up(Edition(DAY, own=True), CARDS, {DAY: 2})[0])
    assert "You saved nothing this week." in plain_text(round_up(Edition(DAY, own=True), [], {})[0])


def test_a_picture_of_the_week_takes_the_place_of_its_bars() -> None:
    picture = Image(b"png", "Saves by day: Mon 4.")
    [post] = round_up(Edition(DAY), CARDS, {DAY: 4}, picture)
    assert post.images == (picture,)
    assert [plain(line) for line in post.body] == ["4 saves here; the most saved:"]


def test_a_week_without_saves_says_so_or_nothing() -> None:
    assert "Nothing was saved" in plain_text(round_up(Edition(DAY), [], {})[0])
    assert round_up(Edition(DAY, quiet=Quiet.SKIP), [], {}) == ()


def test_a_chart_of_nothing_has_no_bars() -> None:
    assert [plain(line) for line in chart({"Mon": 0, "Tue": 0})] == ["Mon  0", "Tue  0"]
    assert chart({}) == ()
