"""What a mail is made of: read with the standard library, whatever a paper or an address brings."""

import re
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from adapters.email.mime import wire_address
from adapters.email.render import Recipient, render
from adapters.email.signed_links import Purpose
from bot.domain.mailboxes import parse_address
from bot.domain.messages import Button, Message, code, text
from bot.errors import UserError
from tests.support.email.letters import CARD, DIGEST, LINKS, Tags, written
from tests.support.email.world import body, parse

READER = Recipient("you@example.org", "tag")


def test_a_mail_has_both_forms_and_says_all_of_a_paper_in_each() -> None:
    mail = parse(written(DIGEST))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    shown = Tags(body(mail, "html")).text
    for said in (CARD.title, CARD.byline, CARD.summary, CARD.summary_by, CARD.why, CARD.signals, "PDF"):
        assert said in body(mail)
        assert said in shown
    assert "🔖" not in body(mail) + shown  # a mail takes no reactions


def test_the_links_of_a_mail_act_for_its_reader_each_for_one_thing() -> None:
    hrefs = [attrs["href"] or "" for tag, attrs in Tags(body(parse(written(DIGEST)), "html")).elements if tag == "a"]
    tokens = {found[1]: found[2] for href in hrefs if (found := re.search(r"/mail/(\w+)\?t=(.+)", href))}
    assert LINKS.read(Purpose.SAVE, tokens["save"]) == ("tag", "2601.03236")
    assert LINKS.read(Purpose.LESS, tokens["less"]) == ("tag", "2601.03236")
    assert LINKS.read(Purpose.SETTINGS, tokens["settings"]) == ("tag",)
    assert LINKS.read(Purpose.UNSUBSCRIBE, tokens["unsubscribe"]) == ("tag",)
    assert CARD.url in hrefs


def test_a_paper_has_its_abstract_and_pdf_before_what_is_rarely_pressed() -> None:
    hrefs = [attrs for tag, attrs in Tags(body(parse(written(DIGEST)), "html")).elements if tag == "a"]
    classes = [str(attrs.get("class")) for attrs in hrefs if attrs.get("class")]
    assert classes == ["save", "action", "action", "less"]
    [_, abstract, pdf, _] = [attrs["href"] for attrs in hrefs if attrs.get("class")]
    assert (abstract, pdf) == (CARD.url, "https://arxiv.org/pdf/2601.03236")
    assert body(parse(written(DIGEST))).count(CARD.url) == 1
    nowhere = render(replace(DIGEST, cards=(replace(CARD, url=""),)), LINKS, READER)
    assert "Abstract" not in Tags(nowhere.html).text + nowhere.text


def test_only_the_upvotes_lead_to_where_they_are_counted() -> None:
    url = "https://huggingface.co/papers/2601.03236"
    counted = replace(CARD, signals="▲ 46 upvotes, 1 save in all", signals_url=url)
    html = render(replace(DIGEST, cards=(counted,)), LINKS, READER).html
    assert re.search(rf'<a class="signals" href="{url}"[^>]*>▲ 46 upvotes</a>', html)
    assert "▲ 46 upvotes, 1 save in all" in Tags(html).text


def test_a_long_summary_is_shortened_between_words() -> None:
    words = "An ordinary sentence of the kind that abstracts are made of. " * 20
    shown = render(replace(DIGEST, cards=(replace(CARD, summary=words.strip()),)), LINKS, READER).text
    [summary] = [line for line in shown.splitlines() if line.startswith("An ordinary")]
    assert len(summary) <= 240
    assert words.startswith(summary.removesuffix("…").rstrip())


def test_nothing_in_a_mail_is_fetched_when_it_is_opened() -> None:
    for tag, attrs in Tags(body(parse(written(DIGEST)), "html")).elements:
        assert tag not in {"img", "link", "script", "iframe", "object", "video", "audio", "form", "base"}
        assert not {"src", "srcset", "background", "poster"} & attrs.keys()
        assert "url(" not in (attrs.get("style") or "")


def test_what_papers_say_is_text_and_their_links_lead_to_the_web_or_nowhere() -> None:
    hostile = replace(
        CARD,
        title="<script>alert(1)</script> & <b>bold</b>",
        url="javascript:alert(1)",
        summary='"><img src=x onerror=alert(1)>',
        buttons=(Button("PDF", url="data:text/html,x"), Button("</a>", url="https://ok.example/?a=1&b=\"'")),
    )
    rendered = render(replace(DIGEST, cards=(hostile,)), LINKS, READER)
    page = Tags(rendered.html)
    assert {"script", "b", "img"}.isdisjoint(tag for tag, _ in page.elements)
    assert "<script>alert(1)</script> & <b>bold</b>" in page.text
    hrefs = [attrs["href"] for tag, attrs in page.elements if tag == "a"]
    assert not any(href.startswith(("javascript", "data")) for href in hrefs if href)
    assert "https://ok.example/?a=1&b=\"'" in hrefs
    assert "javascript:" not in rendered.text


def test_right_to_left_titles_have_their_own_direction() -> None:
    page = Tags(render(replace(DIGEST, cards=(replace(CARD, title="מודלים של שפה"),)), LINKS, READER).html)
    assert all(attrs.get("dir") == "auto" for tag, attrs in page.elements if tag in {"h1", "h2"})


@given(typed=st.text(max_size=80) | st.emails())
@example("you@example.org\r\nBcc: all@example.org")
@example("you@example.org, all@example.org")
@example('"a\\"b"@example.org')
@example("a@example.org\0")
@example("ı@example.org")
def test_an_address_is_one_that_mails_can_be_written_to_or_is_refused(typed: str) -> None:
    try:
        address = parse_address(typed)
    except UserError:
        return
    assert parse_address(address) == address
    mail = parse(written(DIGEST, address))
    assert [each.addr_spec for each in mail["To"].addresses] == [wire_address(address)]
    assert mail["Bcc"] is None


def test_a_heading_stands_above_the_first_paper_of_its_part() -> None:
    cards = (replace(CARD, heading="Followed <b>"), replace(CARD, heading="Also today"))
    mail = parse(written(replace(DIGEST, cards=cards)))
    for shown in (body(mail), Tags(body(mail, "html")).text):
        said = shown[shown.index("Followed <b>") :]
        assert said.index(CARD.title) < said.index("Also today") < said.rindex(CARD.title)


def test_lines_of_a_chart_stand_close_together() -> None:
    chart = tuple(text(code(f"{day} 1")) for day in ("Mon", "Tue", "Wed"))
    mail = parse(written(Message(title="The week", body=(text("Look:"), *chart, text("3 saves.")))))
    html = body(mail, "html")
    gaps = re.findall(r'class="inner body" dir="auto" style="padding: (\d+)px', html)
    assert gaps == ["14", "14", "0", "0", "14"]
