"""Messages of every kind, for the properties that hold for any of them."""

from hypothesis import strategies as st

from bot.domain.messages import Attachment, Button, Card, Choice, Image, Message, Select, Span, Style
from bot.domain.paper_ids import PaperId

Texts = st.SearchStrategy[str]


def messages_of(texts: Texts, urls: Texts) -> st.SearchStrategy[Message]:
    """Messages whose every text is one of `texts` and whose every address is one of `urls`."""
    spans = st.builds(Span, texts, st.sampled_from(Style), urls)
    buttons = st.builds(Button, texts, command=texts, primary=st.booleans()) | st.builds(Button, texts, url=urls)
    choices = st.lists(st.builds(Choice, texts, texts, st.booleans()), max_size=120).map(tuple)
    cards = st.builds(
        Card,
        paper_id=texts.map(PaperId),
        title=texts,
        heading=st.just("") | texts,
        url=urls,
        byline=texts,
        summary=texts,
        summary_by=texts,
        why=texts,
        signals=texts,
        rank=st.none() | st.integers(1, 999),
        buttons=st.lists(buttons, max_size=6).map(tuple),
    )
    return st.builds(
        Message,
        title=texts,
        body=st.lists(st.lists(spans, max_size=5).map(tuple), max_size=6).map(tuple),
        cards=st.lists(cards, max_size=12).map(tuple),
        buttons=st.lists(buttons, max_size=30).map(tuple),
        selects=st.lists(st.builds(Select, texts, texts, choices), max_size=3).map(tuple),
        images=st.lists(st.builds(Image, st.binary(max_size=5), texts, texts), max_size=2).map(tuple),
        attachments=st.lists(st.builds(Attachment, texts, st.binary(max_size=5)), max_size=2).map(tuple),
        footer=st.lists(spans, max_size=3).map(tuple),
    )
