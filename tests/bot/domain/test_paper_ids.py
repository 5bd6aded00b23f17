"""Ids of papers."""

import pytest

from bot.domain import papers, references
from bot.domain.paper_ids import PaperId, arxiv_id, best_id, close_ids, is_arxiv


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("arXiv:2310.06825v2", "2310.06825"),
        ("math.AG/0601001v1", "math/0601001"),
        (" HEP-TH/9901001 ", "hep-th/9901001"),
        ("2313.06825", None),
        ("foo/9901001", None),
    ],
)
def test_an_id_of_arxiv_has_neither_version_nor_subject_class(written: str, meant: str | None) -> None:
    assert arxiv_id(written) == meant


def test_of_a_papers_ids_arxivs_is_the_main_one_and_that_of_its_title_the_last() -> None:
    ids = [PaperId(each) for each in ("title:ab", "s2:1", "pmid:1", "doi:10.1/a", "2310.06825")]
    while ids:
        assert best_id(ids) == ids.pop()
    assert is_arxiv("2310.06825")
    assert not is_arxiv("doi:10.1/a")


def test_an_id_with_two_digits_swapped_or_one_wrong_is_close() -> None:
    close = close_ids(PaperId("2310.06825"))
    assert {"2310.08625", "2310.06826"} <= set(close)
    assert "2310.06825" not in close


def test_papers_in_a_text_are_found_by_the_same_function_wherever_it_is_imported_from() -> None:
    assert vars(papers)["find_paper_ids"] is references.find_paper_ids
