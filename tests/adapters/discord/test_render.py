"""Whatever a message holds, Discord takes it."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import discord
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.discord.render import Rendered, post_name, render, thread_name
from bot.domain.messages import Attachment, Button, Card, Choice, Image, Message, Select, Span, Style, text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.cards import card
from tests.adapters.discord.test_escape import HOSTILE
from tests.support.discord.limits import BUTTON, FILE, SECTION, SEPARATOR, STRING_SELECT, V2, check_message, walk
from tests.support.strategies import messages_of

URLS = st.sampled_from(["", "https://arxiv.org/abs/2310.06825", "javascript:x", "https://evil.example/a"]) | HOSTILE
MESSAGES = messages_of(HOSTILE, URLS)


def stretched(value: Any, times: int) -> Any:
    """The value with every text in it repeated, up to 10,000 characters."""
    if isinstance(value, str) and not isinstance(value, Style):
        return (value * times)[:10_000]
    if isinstance(value, tuple):
        return tuple(stretched(each, times) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: stretched(getattr(value, field.name), times) for field in fields(value)})
    return value


def sent(rendered: Rendered) -> dict[str, Any]:
    """The message as it goes over the wire."""
    attachments = [{"id": number, "filename": file.filename} for number, file in enumerate(rendered.files)]
    return {"components": rendered.view.to_components(), "attachments": attachments, "flags": V2}


def parts(message: Message) -> list[dict[str, Any]]:
    return list(walk(render(message).view.to_components()))


def shown(message: Message) -> str:
    return "\n".join(part["content"] for part in parts(message) if "content" in part)


def paper(number: int = 1, **given: Any) -> Card:
    known = Paper(
        id=PaperId(f"2310.{number:05}"),
        title=f"Paper {number}",
        abstract="We show what is worth reading. " * 20,
        authors=("Ana One", "Ben Two"),
        published=date(2023, 10, 1),
    )
    return replace(card(known, why=["matches words"], rank=number), **given)


@settings(max_examples=60)
@given(MESSAGES, st.sampled_from([1, 1, 5, 1000]))
@example(Message(), 1)
@example(Message(selects=(Select("", "show {value}", (Choice("", "𐀀" * 51), Choice("", "𐀀" * 50))),)), 1)
@example(Message(title="\u200b", body=((),), footer=(Span("\n"),)), 1)
def test_discord_takes_any_message(message: Message, times: int) -> None:
    message = stretched(message, times)
    check_message(sent(render(message)))
    assert len(thread_name(message)) in range(1, 101)
    assert len(post_name(message)) in range(1, 101)


def test_a_forums_post_is_named_after_the_day_and_a_thread_after_its_paper() -> None:
    message = Message(title="Trending papers", cards=(paper(),))
    assert (post_name(message), thread_name(message)) == ("Trending papers", "Paper 1")


def test_a_card_says_what_is_to_say() -> None:
    assert shown(Message(cards=(paper(),))).splitlines() == [
        "### 1\\. [Paper 1](https://arxiv.org/abs/2310.00001)",
        "-# Ana One, Ben Two · 1 Oct 2023",
        "We show what is worth reading.",
        "-# 💡 matches words",
    ]


def styles(message: Message) -> set[int]:
    return {part["style"] for part in parts(message) if part["type"] == BUTTON}


def pressed(message: Message) -> list[str]:
    return [
        f"{(part.get('emoji') or {}).get('name', '')}{part['label']}"
        for part in parts(message)
        if part["type"] == BUTTON
    ]


def selects(message: Message) -> list[dict[str, Any]]:
    return [part for part in parts(message) if part["type"] == STRING_SELECT]


def test_one_paper_has_its_buttons_and_none_is_coloured() -> None:
    message = Message(cards=(paper(),))
    assert pressed(message) == ["🔖Save", "📄Abstract", "🔎Similar", "PDF"]
    assert styles(message) == {discord.ButtonStyle.secondary.value, discord.ButtonStyle.link.value}


def test_papers_of_a_list_share_a_row_of_numbers_and_a_select_that_opens_one() -> None:
    message = Message(title="Search", cards=tuple(map(paper, range(1, 6))), buttons=(Button("More", command="more"),))
    assert pressed(message) == ["🔖1", "🔖2", "🔖3", "🔖4", "🔖5", "More"]
    assert [select["placeholder"] for select in selects(message)] == ["📄 Abstract, similar …"]
    assert [option["value"] for option in selects(message)[0]["options"]] == [f"2310.0000{n}" for n in range(1, 6)]
    assert "[PDF](https://arxiv.org/pdf/2310.00005)" in shown(message)


def test_a_number_removes_a_paper_that_was_saved() -> None:
    known = card(Paper(id=PaperId("2310.00009"), title="Known"), rank=2, saved=True)
    assert pressed(Message(cards=(paper(1), known))) == ["🔖1", "🗑️2"]


def test_ten_papers_have_two_rows_of_numbers() -> None:
    message = Message(title="Papers", cards=tuple(map(paper, range(1, 11))), buttons=(Button("More", command="more"),))
    assert len(pressed(message)) == 11
    assert [len(select["options"]) for select in selects(message)] == [10]


def test_only_the_upvotes_lead_to_where_they_are_counted() -> None:
    url = "https://huggingface.co/papers/2310.00001"
    counted = paper(signals="▲ 22 upvotes on Hugging Face, ★ 13, 1 save in all", signals_url=url)
    assert f"**[▲ 22 upvotes on Hugging Face]({url})**, ★ 13, 1 save in all" in shown(Message(cards=(counted,)))
    assert "▲ 22 upvotes, ★ 13" in shown(Message(cards=(paper(signals="▲ 22 upvotes, ★ 13"),)))


def test_of_ten_papers_the_first_say_all_and_the_last_nothing_rather_than_all_a_few_words() -> None:
    sentence = "A sentence of the length that sentences of abstracts have, which is to say it is not a short one."
    byline = "Ana Maria Researcher, Benjamin Scientist, Charlotte Postdoc +7 · A University · 19 Jan 2026"
    long = {"summary": sentence, "byline": byline, "signals": "▲ 80 upvotes on Hugging Face, 3 comments, +7 today"}
    title = "A title that goes on for two lines: of the kind that is written more and more in these years, and more"
    message = Message(title="Papers", cards=tuple(paper(n, **long, title=title) for n in range(1, 11)))
    said = [line for line in shown(message).splitlines() if line.startswith("A sentence")]
    assert set(said) == {sentence}
    assert 1 < len(said) < 10
    assert shown(message).count("more](") == 10


def test_what_ten_papers_say_ends_between_words() -> None:
    long = "word" * 3 + " otherwise" * 60
    message = Message(title="Papers", cards=tuple(paper(n, summary=long) for n in range(1, 11)))
    said = [line for line in shown(message).splitlines() if line.startswith("word")]
    assert len(said) == 10
    assert {line.rpartition(" ")[2] for line in said} == {"otherwise…"}


def test_papers_that_cannot_be_opened_share_a_select_for_each_act() -> None:
    buttons = [(Button("Save", f"save 2310.0000{n}"), Button("Similar", f"similar 2310.0000{n}")) for n in (1, 2)]
    message = Message(cards=tuple(paper(n, rank=None, buttons=buttons[n - 1]) for n in (1, 2)))
    assert [select["placeholder"] for select in selects(message)] == ["🔖 Save …", "🔎 Similar …"]


PICTURE = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2310.00001.png"


def pictures(message: Message) -> list[str]:
    return [part["accessory"]["media"]["url"] for part in parts(message) if part["type"] == SECTION]


def test_a_paper_stands_beside_its_picture_where_there_is_one() -> None:
    assert pictures(Message(cards=(paper(1, thumbnail=PICTURE), paper(2)))) == [PICTURE]
    assert pictures(Message(cards=(paper(1, thumbnail=PICTURE),))) == [PICTURE]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a.png",
        "attachment://a.png",
    ],
)
def test_a_picture_from_elsewhere_is_not_shown(url: str) -> None:
    assert pictures(Message(cards=(paper(1, thumbnail=url),))) == []


def test_pictures_and_lines_between_papers_give_way_to_buttons() -> None:
    few = Message(title="Papers", cards=tuple(paper(n, thumbnail=PICTURE) for n in range(1, 6)))
    assert any(part["type"] == SEPARATOR for part in parts(few))
    many = Message(title="Papers", cards=tuple(paper(n, thumbnail=PICTURE) for n in range(1, 11)))
    assert (len(pictures(few)), len(pictures(many))) == (5, 0)
    assert len(pressed(many)) == 10


def test_an_abstract_stands_under_its_paper() -> None:
    message = Message(cards=(paper(),), body=(text("The whole abstract."),))
    assert shown(message).splitlines()[-1] == "The whole abstract."


def test_a_list_that_is_too_long_says_how_much_is_left_out() -> None:
    message = Message(body=tuple(text(f"Line {n} " + "x" * 90) for n in range(100)))
    assert "… and " in shown(message).splitlines()[-1]


def test_files_are_shown_by_their_name() -> None:
    message = Message(attachments=(Attachment("my papers.bib", b"@article{}"),), images=(Image(b"png", "A chart"),))
    rendered = render(message)
    assert [file.filename for file in rendered.files] == ["image.png", "1-my_papers.bib"]
    check_message(sent(rendered))


def test_a_file_too_large_is_left_out_and_said_so() -> None:
    message = Message(attachments=(Attachment("big.csv", b"x" * (10 * 1024 * 1024 + 1)),))
    assert "left out" in shown(message)
    assert not [part for part in parts(message) if part["type"] == FILE]


def test_a_button_whose_line_is_too_long_is_left_out() -> None:
    line = "search " + "".join(chr(0x3400 + 7 * n) for n in range(300))
    assert not [part for part in parts(Message(title="x", buttons=(Button("More", line),))) if part["type"] == BUTTON]


def test_a_heading_stands_above_the_first_paper_of_its_part() -> None:
    headings = ("Followed", "", "Trending")
    cards = tuple(Card(paper_id=PaperId(str(n)), title=f"Paper {n}", heading=each) for n, each in enumerate(headings))
    lines = shown(Message(title="T", cards=cards)).splitlines()
    assert lines == ["## T", "## Followed", "### Paper 0", "### Paper 1", "## Trending", "### Paper 2"]
