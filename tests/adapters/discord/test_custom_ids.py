"""Command lines fit into custom ids and come out as they went in."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.custom_ids import LIMIT, key_of, pack, pack_by_key, unpack

QUESTION = (
    "search How does retrieval augmented generation compare with long context models when the evidence is spread over "
    "many documents and the question needs several steps of reasoning over tables? after:2025 cat:cs.CL --page 2"
)


@given(st.text(max_size=300))
def test_what_fits_comes_out_as_it_went_in(line: str) -> None:
    packed = pack(line)
    assert len(packed) <= LIMIT
    assert not packed or unpack(packed) == " ".join(line.split())


def test_a_question_of_many_words_fits() -> None:
    assert len(QUESTION) > 200
    assert unpack(pack(QUESTION)) == QUESTION


def test_a_short_line_stays_readable() -> None:
    assert pack("save 2310.06825") == "psave 2310.06825"


def test_what_does_not_fit_is_not_packed() -> None:
    assert pack("search " + "".join(chr(0x3400 + 7 * n) for n in range(300))) == ""


@given(st.text())
def test_a_custom_id_that_is_not_ours_is_no_line(packed: str) -> None:
    assert isinstance(unpack(f"z{packed}"), str)


def test_a_bomb_unpacks_to_a_little() -> None:
    assert len(unpack(pack("a" * 100_000))) <= 4096


def test_a_page_of_a_line_that_does_not_fit_goes_by_a_key() -> None:
    line = "search " + "".join(chr(0x3400 + 7 * n) for n in range(290))
    packed, key = pack_by_key(f"{line} --page 2")
    assert len(packed) <= 60
    assert unpack(packed).endswith(" --page 2")
    assert key_of(unpack(packed)) == key == pack_by_key(f"{line} --page 30")[1]
    assert key_of("search kept: words") == ""
    assert pack_by_key(line) == ("", "")
