"""What is expected of a paper before anybody voted."""

from datetime import UTC, datetime

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.prior import Prior

SEEN = datetime(2026, 1, 23, 15, tzinfo=UTC)
NOWHERE = np.zeros(4, np.float32)


def paper(number: int, **fields: object) -> Paper:
    known = {"id": PaperId(f"2601.{number:05}"), "title": f"Paper {number}", "first_seen": SEEN}
    return Paper(**{**known, **fields})  # type: ignore[arg-type]


def learn(prior: Prior, *results: tuple[Paper, float], vector: np.ndarray = NOWHERE) -> None:
    prior.learn([paper for paper, _ in results], np.tile(vector, (len(results), 1)), [votes for _, votes in results])


def expected(prior: Prior, paper: Paper, vector: np.ndarray = NOWHERE) -> float:
    return float(prior.expect([paper], vector[None, :])[0])


def test_before_anything_is_known_every_paper_promises_a_few_upvotes() -> None:
    assert expected(Prior(), paper(1)) == expected(Prior(), paper(2, authors=("Somebody",))) > 0
    assert len(Prior().expect([], np.empty((0, 4), np.float32))) == 0


def test_authors_who_did_well_are_expected_to_do_well() -> None:
    prior = Prior()
    for n in range(60):
        learn(prior, (paper(n, authors=("Known",)), 80), (paper(100 + n, authors=("Other",)), 4))
    good, new, bad = (expected(prior, paper(200, authors=(name,))) for name in ("Known", "New", "Other"))
    assert good > new > bad


def test_one_lucky_paper_proves_less_than_many() -> None:
    prior = Prior()
    for n in range(60):
        learn(prior, (paper(n, authors=("Often",)), 80), (paper(100 + n, authors=("Crowd",)), 4))
    learn(prior, (paper(300, authors=("Once",)), 80))
    assert expected(prior, paper(400, authors=("Often",))) > expected(prior, paper(401, authors=("Once",)))


def test_what_papers_are_about_tells_too() -> None:
    prior = Prior()
    one, other = np.eye(4, dtype=np.float32)[:2]
    for n in range(60):
        learn(prior, (paper(n), 90), vector=one)
        learn(prior, (paper(100 + n), 3), vector=other)
    assert expected(prior, paper(200), one) > 2 * expected(prior, paper(200), other)


def test_a_result_never_tells_of_itself() -> None:
    """A record that held the paper's own result would be trusted blindly; authors seen once teach it nothing."""
    prior = Prior()
    for n in range(200):
        learn(prior, (paper(n, authors=(f"Author {n}",)), 100 if n % 2 else 1))
    seen, unseen = (expected(prior, paper(900, authors=(name,))) for name in ("Author 199", "Nobody"))
    assert abs(seen - unseen) < 1


def test_a_promise_is_told_in_words() -> None:
    prior = Prior()
    for n in range(30):
        learn(prior, (paper(n, organization="Lab"), 90), (paper(100 + n, authors=("Other",)), 3))
    assert prior.because(paper(200, organization="Lab")) == "New, no votes yet, earlier papers by Lab did well"
    assert prior.because(paper(201, authors=("Other",))) == "New, no votes yet"
