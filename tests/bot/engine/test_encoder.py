"""The static encoder: what its vectors promise, on the bundled weights and on vocabularies made up here."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.engine.encoder import BUNDLED_WEIGHTS, WORD_DIM, StaticEncoder, Vocabulary, fold, words

ABSTRACT = (
    "We study how large language models can be adapted to new tasks with few trainable parameters. Low-rank updates "
    "of the attention weights reach the accuracy of full fine-tuning at a fraction of its memory. "
)


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.load()


@pytest.fixture
def small() -> StaticEncoder:
    vocabulary = Vocabulary(["graph", "network", "##s"])
    vectors = np.array([[127, 0], [0, 127], [0, 0]], np.int8)
    return StaticEncoder(vocabulary, vectors, np.array([1, 2, 1], np.float32), "small")


def write_weights(path: Path, tokens: list[str], vectors: np.ndarray, weights: np.ndarray) -> Path:
    path.mkdir()
    (path / "vocabulary.json").write_text(json.dumps(tokens), encoding="utf-8")
    np.save(path / "vectors.npy", vectors)
    np.save(path / "weights.npy", weights)
    return path


def nearest(encoder: StaticEncoder, query: str, texts: list[str]) -> str:
    scores = encoder.encode(texts) @ encoder.encode([query])[0]
    return texts[int(scores.argmax())]


# --- tokens ---


def test_folding_drops_case_accents_and_compatibility_forms() -> None:
    assert fold("Schrödinger's ﬁeld ＡＢＣ") == "schrodinger's field abc"


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words("GPT-4o, $x_1$ & naïve/Bayes…") == ["gpt", "4o", "x", "1", "naive", "bayes"]


def test_a_text_is_its_known_words_in_order() -> None:
    vocabulary = Vocabulary(["graph", "neural"])
    assert vocabulary.token_ids("Neural graph; neural!") == [1, 0, 1]


def test_an_unknown_word_is_cut_into_the_longest_known_pieces() -> None:
    vocabulary = Vocabulary(["trans", "t", "##form", "##former", "##s"])
    assert vocabulary.token_ids("transformers") == [0, 3, 4]


def test_what_fits_no_piece_is_skipped() -> None:
    vocabulary = Vocabulary(["ab", "##d"])
    assert vocabulary.token_ids("abxd") == [0, 1]
    assert vocabulary.token_ids("日本語 🙂") == []


def test_a_vocabulary_lists_every_token_once() -> None:
    with pytest.raises(ValueError, match="once"):
        Vocabulary(["a", "a"])


# --- vectors ---


def test_a_text_is_the_weighted_sum_of_its_token_vectors(small: StaticEncoder) -> None:
    (row,) = small.encode(["network graph"])
    assert row == pytest.approx(np.array([1, 2]) / np.sqrt(5))


def test_a_token_counts_by_the_root_of_its_number(small: StaticEncoder) -> None:
    (row,) = small.encode(["graph; graph; graph; graph; network"])
    assert row == pytest.approx(np.array([1, 1]) / np.sqrt(2))


def test_rows_have_unit_length(encoder: StaticEncoder) -> None:
    rows = encoder.encode([ABSTRACT, "lora", "Navier-Stokes equations in $\\mathbb{R}^3$"])
    assert rows.shape == (3, encoder.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


@pytest.mark.parametrize("text", ["", "   \n", "!?—…", "🙂🙂", "\ud800", "\x00"])
def test_a_text_without_words_gets_zeros(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_no_texts_give_no_rows(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


@pytest.mark.parametrize(
    "text",
    [ABSTRACT * 20_000, "a" * 1_000_000, "ü" * 100_000, "量子 計算 " * 50_000, "مرحبا schrödinger \u200b\ufeff"],
    ids=["long text", "long word", "long accented word", "other script", "mixed scripts"],
)
def test_of_odd_and_huge_texts_the_beginning_is_read(encoder: StaticEncoder, text: str) -> None:
    row, beginning = encoder.encode([text, text[:50_000]])
    assert np.array_equal(row, beginning)
    assert np.isfinite(row).all()


def test_a_row_does_not_depend_on_its_neighbours(encoder: StaticEncoder) -> None:
    texts = [ABSTRACT, "", "graph neural networks", "protein folding"]
    together = encoder.encode(texts)
    assert all(np.array_equal(row, encoder.encode([text])[0]) for row, text in zip(together, texts, strict=True))


def test_threads_share_one_encoder(encoder: StaticEncoder) -> None:
    texts = [f"{ABSTRACT} unseenword{i}" for i in range(200)]
    expected = encoder.encode(texts)
    fresh = StaticEncoder.load()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: fresh.encode(texts), range(16)))
    assert all(np.array_equal(rows, expected) for rows in results)


# --- meaning ---


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        (
            "fine-tuning language models with few parameters",
            "LoRA: low-rank adaptation of large transformers",
            "Blow-up of solutions to the wave equation",
        ),
        (
            "drug discovery",
            "Predicting the binding affinity of molecules and proteins",
            "Autonomous driving with lidar point clouds",
        ),
        (
            "making robots walk",
            "Legged locomotion by reinforcement learning in simulation",
            "Machine translation of low-resource languages",
        ),
        (
            "text-to-image generation",
            "Diffusion models synthesise photographs from prompts",
            "Regularity of weak solutions of elliptic equations",
        ),
        (
            "hallucinated answers",
            "Factuality and truthfulness of large language models",
            "Image segmentation of brain tumours in MRI",
        ),
        (
            "speech recognition",
            "Transcribing spoken audio with acoustic models",
            "Community detection in social networks",
        ),
    ],
)
def test_related_science_is_nearer_than_unrelated(encoder: StaticEncoder, query: str, near: str, far: str) -> None:
    assert nearest(encoder, query, [near, far]) == near


def test_question_words_do_not_drown_the_subject(encoder: StaticEncoder) -> None:
    plain, asked, other = encoder.encode(
        [
            "offline reinforcement learning",
            "Could you list papers that are about offline reinforcement learning?",
            "Could you list papers that are about named entity recognition?",
        ]
    )
    assert plain @ asked > 0.6
    assert plain @ asked > asked @ other


# --- papers ---


def test_a_papers_title_counts_besides_its_whole_text(small: StaticEncoder) -> None:
    (row,) = small.encode_papers(["graph"], ["network"])
    whole, title = small.encode(["graph. network", "graph"])
    assert row == pytest.approx((whole + title / 2) / np.linalg.norm(whole + title / 2))


def test_a_paper_may_lack_an_abstract(encoder: StaticEncoder) -> None:
    title = "Attention is all you need"
    rows = encoder.encode_papers([title, ""], ["", ""])
    assert rows[0] == pytest.approx(encoder.encode([title])[0], abs=1e-6)
    assert not rows[1].any()


def test_every_title_needs_an_abstract(encoder: StaticEncoder) -> None:
    with pytest.raises(ValueError, match="shorter"):
        encoder.encode_papers(["a", "b"], ["a"])


# --- weights on disk ---


def test_the_bundle_is_small_and_mapped() -> None:
    assert sum(file.stat().st_size for file in BUNDLED_WEIGHTS.iterdir()) <= 10_000_000
    encoder = StaticEncoder.load()
    assert isinstance(encoder._vectors, np.memmap)
    assert encoder.dim == 256


def test_the_name_changes_with_the_weights(tmp_path: Path) -> None:
    vectors = np.array([[1, 2], [3, 4]], np.int8)
    weights = np.ones(2, np.float32)
    one = StaticEncoder.load(write_weights(tmp_path / "one", ["a", "b"], vectors, weights))
    same = StaticEncoder.load(write_weights(tmp_path / "same", ["a", "b"], vectors, weights))
    other = StaticEncoder.load(write_weights(tmp_path / "other", ["a", "b"], vectors, weights * 2))
    assert one.name == same.name != other.name


def test_weights_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "bad", ["a"], np.ones((2, 2), np.int8), np.ones(2, np.float32))
    with pytest.raises(ValueError, match="do not match"):
        StaticEncoder.load(path)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"vocabulary\.json"):
        StaticEncoder.load(tmp_path)


def test_words_are_compared_by_the_first_numbers_of_their_vectors_however_often(encoder: StaticEncoder) -> None:
    tokens, others = np.array([3, 500, 3]), np.arange(400, 900)
    heads = np.load(BUNDLED_WEIGHTS / "vectors.npy")[:, :WORD_DIM].astype(np.float64)
    lengths = np.sqrt((heads**2).sum(axis=1))
    expected = heads[tokens] @ heads[others].T / lengths[tokens, None] / lengths[others]
    for _ in range(2):
        assert np.allclose(encoder.closeness(tokens, others), expected, atol=1e-6)


def test_a_token_without_a_vector_is_near_nothing(small: StaticEncoder) -> None:
    assert small.closeness(np.array([2]), np.array([0, 1, 2])).tolist() == [[0, 0, 0]]
