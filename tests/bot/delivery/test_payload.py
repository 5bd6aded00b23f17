"""Posts survive being kept as text."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.payload import freeze, thaw
from bot.domain.messages import Attachment, Button, Card, Image, Message, Span, Style
from bot.domain.paper_ids import PaperId

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
texts = st.lists(st.builds(Span, words, st.sampled_from(Style), words), max_size=2).map(tuple)
buttons = st.lists(st.builds(Button, words, words, words, st.booleans()), max_size=2).map(tuple)
cards = st.builds(
    Card, paper_id=words.map(PaperId), title=words, why=words, rank=st.none() | st.integers(1, 10), buttons=buttons
)
messages = st.builds(
    Message,
    title=words,
    body=st.lists(texts, max_size=2).map(tuple),
    cards=st.lists(cards, max_size=2).map(tuple),
    buttons=buttons,
    images=st.lists(st.builds(Image, st.binary(max_size=20), words), max_size=1).map(tuple),
    attachments=st.lists(st.builds(Attachment, words, st.binary(max_size=20)), max_size=1).map(tuple),
    footer=texts,
    private=st.booleans(),
    thread=st.booleans(),
    dense=st.booleans(),
)


@given(st.lists(messages, max_size=3).map(tuple))
def test_a_post_is_the_same_after_it_was_frozen(post: tuple[Message, ...]) -> None:
    assert thaw(freeze(post)) == post
