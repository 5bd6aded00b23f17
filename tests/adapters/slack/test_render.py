"""Whatever a message holds, Slack takes it and shows it as text."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.markup import length
from adapters.slack.render import read_shared, render
from bot.domain.messages import (
    Button,
    Card,
    Choice,
    Message,
    Select,
    Span,
    Style,
    code,
    link,
    plain_text,
    quiet,
    strong,
    text,
)
from bot.domain.paper_ids import PaperId
from tests.support.slack.checker import check_blocks
from tests.support.slack.hostile import texts
from tests.support.strategies import messages_of

urls = (
    st.sampled_from(["", "https://arxiv.org/abs/2006.11239", "javascript:alert(1)", "https://a.b/<!channel>|x"]) | texts
)

messages = messages_of(texts, urls)


@given(messages, st.booleans())
@example(Message(body=((Span("", Style.EMOJI),), (Span(":tada:", Style.EMOJI),))), False)
@example(Message(cards=tuple(Card(paper_id=PaperId("1"), title="<!channel>" * 500) for _ in range(60))), True)
@example(Message(cards=(Card(paper_id=PaperId("1"), title="t", url="https://example.org/?" + "&" * 1400),)), False)
@example(
    Message(
        cards=(
            Card(paper_id=PaperId("1"), title="t" * 600, url="https://example.org/" + "x" * 1470, summary="s" * 2000),
        )
    ),
    False,
)
@example(
    Message(
        selects=tuple(Select(f"pick {n}", "show", tuple(Choice("l" * 75, f"{i}") for i in range(100))) for n in (1, 2))
    ),
    False,
)
def test_any_message_is_within_every_limit_and_mentions_nobody(message: Message, share: bool) -> None:
    rendered = render(message, share=share)
    check_blocks(rendered.blocks)
    assert rendered.text
    assert length(rendered.text) <= 4000
    assert not re.search(r"<[@!#h]", rendered.text)
    json.dumps(rendered.blocks).encode()
    rendered.text.encode()


def test_a_paper_reads_title_summary_small_print_and_buttons() -> None:
    card = Card(
        paper_id=PaperId("2006.11239"),
        title="Denoising <Diffusion> & more",
        url="https://arxiv.org/abs/2006.11239",
        byline="Jonathan Ho · 19 Jun 2020",
        summary="It denoises.",
        summary_by="AI summary",
        why="because you saved “Attention Is All You Need”",
        signals="120 upvotes",
        rank=2,
        buttons=(Button("Save", command="save 2006.11239", primary=True), Button("PDF", url="https://arxiv.org/pdf/1")),
    )
    title, section, small, why, pressed = render(Message(cards=(card,))).blocks
    [words] = title["elements"]
    assert words["elements"] == [
        {"type": "text", "text": "2. ", "style": {"bold": True}},
        {
            "type": "link",
            "url": "https://arxiv.org/abs/2006.11239",
            "text": "Denoising <Diffusion> & more",
            "style": {"bold": True},
        },
    ]
    assert section["text"] == {"type": "mrkdwn", "text": "It denoises.", "verbatim": True}
    [line] = small["elements"]
    assert line["text"] == "Jonathan Ho · 19 Jun 2020 · 120 upvotes · AI summary · <https://arxiv.org/pdf/1|PDF>"
    assert why["elements"][0]["text"] == "→ because you saved “Attention Is All You Need”"
    [save] = pressed["elements"]
    assert save["value"] == "save 2006.11239"
    assert "style" not in save


def test_a_short_reason_stands_on_the_line_of_the_rest() -> None:
    card = Card(paper_id=PaperId("1"), title="T", url="", byline="Jonathan Ho", why="matches noise")
    _, small = render(Message(cards=(card,))).blocks
    assert [each["text"] for each in small["elements"]] == ["Jonathan Ho → matches noise"]


def test_in_a_list_save_stands_beside_each_paper_and_the_rest_in_one_menu() -> None:
    cards = tuple(
        Card(
            paper_id=PaperId(f"{n}"),
            title=f"A* and π_{n}",
            byline="Ho",
            summary="It denoises.",
            rank=n,
            buttons=(
                Button("Save", command=f"save {n}", primary=True),
                Button("Similar", command=f"similar {n}"),
                Button("Less like this", command=f"dislike {n}"),
                Button("PDF", url=f"https://arxiv.org/pdf/{n}"),
            ),
        )
        for n in range(1, 11)
    )
    blocks = render(Message(title="Trending", cards=cards, dense=True)).blocks
    check_blocks(blocks)
    kinds = [block["type"] for block in blocks]
    assert (kinds.count("divider"), kinds.count("actions")) == (9, 1)
    beside = [block["accessory"]["value"] for block in blocks if "accessory" in block]
    assert beside == [f"save {n}" for n in range(1, 11)]
    assert [each["text"] for each in blocks[3]["elements"]] == ["Ho · <https://arxiv.org/pdf/1|PDF>"]
    [menu] = blocks[-1]["elements"]
    assert menu["option_groups"][0]["label"]["text"] == "1. A* and π_1"
    values = [option["value"] for group in menu["option_groups"] for option in group["options"]]
    assert values[:2] == ["similar 1", "dislike 1"]


@pytest.mark.parametrize("title", ["A* search", "S*: Test `Time`", "_it_ ~no~ :tada:", "a<b & c>d", "> quoted"])
def test_a_title_can_be_copied_as_it_is(title: str) -> None:
    [block, *_] = render(Message(cards=(Card(paper_id=PaperId("1"), title=title),))).blocks
    assert [each["text"] for each in block["elements"][0]["elements"]] == [title]


def test_spans_keep_their_style_and_small_print_stands_back() -> None:
    body = (text(strong("You: "), code("topics `x`"), " or ", link("here", "https://a.org/")), text(quiet("quietly")))
    section, small = render(Message(body=body)).blocks
    assert section["text"]["text"] == "*You:* `topics ˋxˋ` or <https://a.org/|here>"
    assert small["elements"][0]["text"] == "quietly"


def test_papers_that_do_not_fit_are_left_out_and_that_is_said() -> None:
    cards = tuple(
        Card(paper_id=PaperId(str(n)), title="T", byline="b", buttons=(Button("S", command="s"),)) for n in range(40)
    )
    blocks = render(Message(title="Many", cards=cards, footer=text("the end"))).blocks
    assert len(blocks) <= 50
    assert [b["elements"][0]["text"] for b in blocks[-2:]] == ["Some papers did not fit here.", "the end"]


def test_a_share_button_carries_title_and_papers() -> None:
    message = Message(title="For you", cards=(Card(paper_id=PaperId("1"), title="T"),), private=True)
    button = render(message, share=True).blocks[-1]["elements"][0]
    assert read_shared(button["value"]) == ("For you", ["1"], 1)
    assert read_shared('{"title":"Of before","ids":["1"]}') == ("Of before", ["1"], 1)
    assert render(message).blocks[-1]["type"] == "rich_text"
    many = Message(cards=tuple(Card(paper_id=PaperId("i" * 300), title="T") for _ in range(9)))
    assert "actions" not in {block["type"] for block in render(many, share=True).blocks}


def test_a_select_runs_its_command_and_shows_what_is_chosen() -> None:
    choices = (Choice("Day", "day"), Choice("Week", "week", selected=True), Choice("Long", "x" * 151))
    element = render(Message(selects=(Select("Window", "trending {value}", choices),))).blocks[0]["elements"][0]
    assert element["action_id"] == "choose:0:trending {value}"
    assert [option["value"] for option in element["options"]] == ["day", "week"]
    assert element["initial_option"]["value"] == "week"


PICTURE = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2310.00001.png"


@pytest.mark.parametrize("summary", ["It works.", ""])
def test_one_paper_stands_beside_its_picture(summary: str) -> None:
    card = Card(paper_id=PaperId("1"), title="DDPM", summary=summary, byline="Ho", thumbnail=PICTURE)
    blocks = render(Message(cards=(card,))).blocks
    check_blocks(blocks)
    [beside] = [block["accessory"] for block in blocks if "accessory" in block]
    assert (beside["type"], beside["image_url"]) == ("image", PICTURE)
    elsewhere = render(Message(cards=(replace(card, thumbnail="https://evil.example/a.png"),)))
    assert not any("accessory" in block for block in elsewhere.blocks)


def test_papers_of_a_list_have_save_beside_them_and_no_picture() -> None:
    shown = [
        Card(
            paper_id=PaperId(f"{n}"),
            title="DDPM",
            summary="It works.",
            thumbnail=PICTURE,
            buttons=(Button("Save", "save 1"),),
        )
        for n in (1, 2)
    ]
    blocks = render(Message(cards=tuple(shown))).blocks
    assert [block["accessory"]["type"] for block in blocks if "accessory" in block] == ["button"] * 2


def test_only_the_upvotes_lead_to_where_they_are_counted() -> None:
    url = "https://huggingface.co/papers/2310.00001"
    card = Card(paper_id=PaperId("1"), title="T", signals="▲ 22 upvotes, ★ 13, 1 save in all", signals_url=url)
    [_, line] = render(Message(cards=(card,))).blocks
    assert [each["text"] for each in line["elements"]] == [f"<{url}|▲ 22 upvotes>, ★ 13, 1 save in all"]


def test_what_is_rarely_pressed_is_behind_a_menu() -> None:
    card = Card(
        paper_id=PaperId("1"),
        title="DDPM",
        buttons=(Button("Save", "save 1"), Button("Abstract", "show 1")),
        menu=(Button("Less like this", "dislike 1"),),
    )
    [*_, row] = render(Message(cards=(card,))).blocks
    *pressed, more = row["elements"]
    assert [button["text"]["text"] for button in pressed] == ["Save", "Abstract"]
    assert (more["type"], [choice["value"] for choice in more["options"]]) == ("overflow", ["dislike 1"])
    check_blocks(render(Message(cards=(card,))).blocks)
    [*_, row] = render(Message(cards=(card, card))).blocks
    [group, _] = row["elements"][0]["option_groups"]
    assert [choice["value"] for choice in group["options"]] == ["show 1", "dislike 1"]


def test_one_paper_comes_before_what_is_said_of_it() -> None:
    card = Card(paper_id=PaperId("1"), title="DDPM")
    title, body = render(Message(cards=(card,), body=(text("Abstract."),))).blocks
    assert "DDPM" in json.dumps(title)
    assert body["text"]["text"] == "Abstract."


def test_the_fallback_is_the_plain_text() -> None:
    message = Message(title="A & B", body=(text("<!channel>"),))
    assert render(message).text == plain_text(message).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_user_group_is_mentioned_where_a_message_says_so_and_nobody_else_ever() -> None:
    shown = render(Message(title="<!channel>", mentions=("S0123", "!channel", "S1> <!here")))
    assert str([block for block in shown.blocks if block["type"] != "header"]).count("<!") == 1
    assert shown.blocks[0]["text"] == {"type": "mrkdwn", "text": "<!subteam^S0123>", "verbatim": True}


def test_a_heading_stands_in_place_of_the_line_between_two_papers() -> None:
    cards = tuple(
        Card(paper_id=PaperId(str(n)), title=f"Paper {n}", heading=heading)
        for n, heading in enumerate(("Followed", "", "Trending"))
    )
    blocks = render(Message(title="T", cards=cards)).blocks
    assert [block["text"]["text"] for block in blocks if block["type"] == "header"] == ["T", "Followed", "Trending"]
    assert sum(block["type"] == "divider" for block in blocks) == 1
