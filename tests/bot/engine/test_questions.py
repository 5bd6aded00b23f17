"""Questions about a paper's own sentences."""

from bot.engine.questions import questions

NEW = "We introduce a loom that weaves rings."
RESULT = "On two benchmarks it outperforms earlier looms by 3.5%."
LIMIT = "We only consider commutative rings."
GAP = "However, existing looms fail on large rings."


def test_each_question_is_about_another_kind_of_sentence_as_it_stands_there() -> None:
    asked = questions(f"Rings are woven. {NEW} {RESULT} {LIMIT}")
    assert [each.quote for each in asked] == [NEW, RESULT, LIMIT]
    assert len({each.asks for each in asked}) == 3


def test_a_gap_is_asked_about_where_there_is_room() -> None:
    assert [each.quote for each in questions(f"{GAP} {NEW} {RESULT}")] == [NEW, RESULT, GAP]
    assert [each.quote for each in questions(f"{GAP} {NEW} {RESULT} {LIMIT}")] == [NEW, RESULT, LIMIT]


def test_no_sentence_is_asked_about_twice() -> None:
    both = "We propose a loom that improves over others by 12%."
    assert [each.quote for each in questions(both)] == [both]


def test_nothing_is_asked_where_nothing_gives_rise_to_it() -> None:
    assert questions("") == []
    assert questions("Rings are woven. Looms are old.") == []


def test_a_long_sentence_is_cut_where_a_word_ends() -> None:
    [asked] = questions(f"We propose a loom {'of many kumquats ' * 40}.")
    assert len(asked.quote) <= 280
    assert asked.quote.endswith("…")
