"""The things a text names."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import StaticEncoder
from bot.engine.phrases import Phrases, chunks, is_function_word
from bot.ports import PaperIndex, StoredPaper
from storage.index.disk_index import DiskIndex

SPLATTING = Paper(
    id=PaperId("test:1"),
    title="Learnable density control for 3D Gaussian splatting",
    abstract="Our method estimates the depth too. It is easy. We match content to images with 3DGS and a codec.",
)
OTHER = Paper(
    id=PaperId("test:2"),
    title="Faster rendering",
    abstract="A codec for Gaussian splatting estimates depth of content; this is easy too.",
)


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    index: PaperIndex = DiskIndex.open(tmp_path_factory.mktemp("index"), StaticEncoder.load())
    papers = [SPLATTING, OTHER]
    papers += [Paper(id=PaperId(f"test:{n}"), title="On content", abstract="Content is easy too.") for n in range(9)]
    with index.writer() as writer:
        writer.add([StoredPaper(row, row, paper) for row, paper in enumerate(papers, start=1)])
        writer.commit()
    return Phrases(index)


def test_a_chunk_is_whole_between_words_that_stand_around_a_noun_phrase() -> None:
    found = {" ".join(chunk.words): chunk.is_whole for chunk in chunks("We denoise the image of a small biped robot.")}
    assert found == {"denoise": False, "image": True, "biped robot": True}


def test_verbs_adverbs_and_function_words_name_nothing() -> None:
    assert all(map(is_function_word, ("estimates", "learned", "satisfying", "easily", "too", "how", "of")))
    assert not any(map(is_function_word, ("diffusion", "speech", "graphs")))


def test_things_are_phrases_names_and_telling_nouns(phrases: Phrases) -> None:
    things = set(phrases.things(SPLATTING).values())
    assert {"3D Gaussian splatting", "Gaussian splatting", "3DGS", "codec"} <= things
    assert not things & {"too", "easy", "estimates", "content", "method", "depth too"}


def test_shared_things_are_named_once(phrases: Phrases) -> None:
    assert phrases.shared(phrases.things(SPLATTING), OTHER, 3) == ["Gaussian splatting", "codec"]


def test_a_formula_is_no_thing(phrases: Phrases) -> None:
    formula = Paper(id=PaperId("test:f"), title="On N+2α", abstract="It holds for 2.47 and N+2α.")
    assert phrases.things(formula) == {}
