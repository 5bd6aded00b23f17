"""Where a noun phrase may begin and end."""

from bot.engine.noun_phrases import chunks, is_function_word


def test_a_chunk_is_whole_between_words_that_stand_around_a_noun_phrase() -> None:
    found = {" ".join(chunk.words): chunk.is_whole for chunk in chunks("We denoise the image of a small biped robot.")}
    assert found == {"denoise": False, "image": True, "biped robot": True}


def test_verbs_adverbs_and_function_words_name_nothing() -> None:
    assert all(map(is_function_word, ("estimates", "learned", "satisfying", "easily", "too", "how", "of")))
    assert not any(map(is_function_word, ("diffusion", "speech", "graphs")))
