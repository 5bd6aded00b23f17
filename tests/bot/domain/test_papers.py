"""Ids, links and the union of what two sources know."""

from datetime import UTC, date, datetime
from functools import reduce
from itertools import permutations

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, shorten_authors, title_id, title_key
from bot.library.cards import byline, publication_date


def test_spelling_of_a_title_does_not_matter() -> None:
    assert title_key("Attention Is All You Need!") == title_key("attention  is all you-need")
    assert title_id("A: B") == title_id("a b")
    assert title_id("A: B") != title_id("a c")


def test_two_records_of_a_paper_become_their_union() -> None:
    listed = Paper(
        id=PaperId("2310.06825"),
        title="Mistral 7B",
        authors=("A. Jiang",),
        categories=("cs.CL",),
        first_seen=datetime(2023, 10, 11, tzinfo=UTC),
        code="https://github.com/mistralai/mistral-src",
        source="huggingface",
    )
    indexed = Paper(
        id=PaperId("2310.06825"),
        title="Mistral 7B",
        abstract="A 7-billion-parameter language model.",
        categories=("cs.LG", "cs.CL"),
        published=date(2023, 10, 10),
        first_seen=datetime(2023, 10, 10, tzinfo=UTC),
        source="arxiv",
    )
    both = listed.merge(indexed)
    assert both.abstract == indexed.abstract
    assert both.authors == listed.authors
    assert both.code == listed.code
    assert both.categories == ("cs.CL", "cs.LG")
    assert both.first_seen == indexed.first_seen
    assert both.source == "huggingface"
    assert both.merge(indexed) == both
    assert both.merge(listed) == both


def test_a_later_version_corrects_an_earlier_one() -> None:
    first = Paper(id=PaperId("2310.06825"), title="Old title", abstract="Old.", updated=date(2023, 10, 10))
    second = Paper(id=PaperId("2310.06825"), title="New title", updated=date(2024, 1, 1))
    merged = first.merge(second)
    assert (merged.title, merged.abstract, merged.updated) == ("New title", "Old.", date(2024, 1, 1))
    assert merged.merge(first) == merged


@pytest.mark.parametrize(
    ("days", "published"),
    [
        (["2026-01-19", "2026-01-01"], "2026-01-19"),
        (["2026-05-07", "2026-01-01"], "2026-05-07"),
        (["2026-05-07", "2026-05-01"], "2026-05-07"),
        (["2026-05-01", "2026-01-01"], "2026-05-01"),
        (["2026-05-07", "2026-05-01", "2026-01-01", "2026-06-02"], "2026-05-07"),
        (["2026-05-07", "2026-04-01"], "2026-04-01"),
        (["2026-05-07", "2025-01-01"], "2025-01-01"),
        (["2026-05-07", "2026-05-06"], "2026-05-06"),
        (["2026-01-01", "2025-12-30"], "2025-12-30"),
    ],
)
def test_a_vague_date_does_not_blur_an_exact_one_whatever_the_order(days: list[str], published: str) -> None:
    for order in permutations(days):
        papers = [Paper(id=PaperId("2310.06825"), title="T", published=date.fromisoformat(day)) for day in order]
        assert reduce(Paper.merge, papers).published == date.fromisoformat(published)


def test_a_date_is_taken_where_there_is_one() -> None:
    dated = Paper(id=PaperId("2310.06825"), title="T", published=date(2026, 1, 1))
    undated = Paper(id=PaperId("2310.06825"), title="T")
    assert dated.merge(undated).published == undated.merge(dated).published == date(2026, 1, 1)
    assert undated.merge(undated).published is None


def test_a_paper_known_by_title_takes_the_real_id() -> None:
    by_title = Paper(id=title_id("Universal Neurons in GPT2 Language Models"), title="Universal Neurons")
    assert by_title.merge(Paper(id=PaperId("2401.12181"), title="Universal Neurons")).id == "2401.12181"


def test_links_follow_from_the_id() -> None:
    assert Paper(id=PaperId("2310.06825"), title="T").pdf == "https://arxiv.org/pdf/2310.06825"
    assert Paper(id=PaperId("doi:10.1145/1"), title="T").url == "https://doi.org/10.1145/1"
    assert Paper(id=PaperId("acl:1"), title="T", link="https://aclanthology.org/1").url == "https://aclanthology.org/1"
    assert Paper(id=PaperId("local:1"), title="T").pdf == ""


def test_a_paper_of_a_known_service_has_a_page_without_a_link_too() -> None:
    assert Paper(id=PaperId("acl:P19-1001"), title="T").url == "https://aclanthology.org/P19-1001"
    assert Paper(id=PaperId("openreview:B11bwYgfM"), title="T").url == "https://openreview.net/forum?id=B11bwYgfM"


@pytest.mark.parametrize(
    ("paper_id", "published", "shown"),
    [
        ("2601.00017", "2026-01-01", "1 Jan 2026"),
        ("2310.06825", "2023-01-01", "2023"),
        ("acl:P19-1001", "2019-01-01", "2019"),
        ("acl:P19-1001", "2019-07-01", "1 Jul 2019"),
    ],
)
def test_a_year_that_is_all_that_is_known_is_all_that_is_shown(paper_id: str, published: str, shown: str) -> None:
    paper = Paper(id=PaperId(paper_id), title="T", published=date.fromisoformat(published))
    assert publication_date(paper) == shown
    assert byline(paper) == shown


def test_the_first_of_january_is_a_day_where_it_is_known_when_the_paper_was_first_seen() -> None:
    seen = datetime(2026, 1, 6, tzinfo=UTC)
    paper = Paper(id=PaperId("2512.24601"), title="T", published=date(2026, 1, 1), first_seen=seen)
    assert publication_date(paper) == "1 Jan 2026"


def test_long_author_lists_are_shortened() -> None:
    assert shorten_authors(["A", "B"]) == "A, B"
    assert shorten_authors(["A", "B", "C", "D", "E"]) == "A, B, C +2"


@pytest.mark.parametrize(
    ("title", "abstract", "withdrawn"),
    [
        ("Waves", "This paper has been withdrawn by the authors due to an error.", True),
        ("Waves", "Withdrawn by author due to copyright transfer.", True),
        ("Waves", "The article `Waves' (arXiv:0711.2453) is withdrawn due to an error.", True),
        ("WITHDRAWN: Waves", "", True),
        ("[RETRACTED] Waves", "We study waves.", True),
        ("Waves", "The viscous fluid is withdrawn at infinity.", False),
        ("Withdrawn communities", "This paper studies how consent is withdrawn.", False),
    ],
)
def test_a_paper_taken_back_is_known(title: str, abstract: str, withdrawn: bool) -> None:
    paper = Paper(id=PaperId("2310.06825"), title=title, abstract=abstract)
    assert paper.withdrawn is withdrawn
    assert byline(paper).startswith("Withdrawn") is withdrawn


def test_where_a_paper_was_published_is_not_mixed_with_where_its_preprint_is() -> None:
    preprint = Paper(id=PaperId("doi:10.1101/1"), title="T", kind="preprint", venue="bioRxiv", doi="10.1101/1")
    article = Paper(id=PaperId("doi:10.1038/2"), title="T", kind="article", venue="Nature", volume="7")
    for merged in (preprint.merge(article), article.merge(preprint)):
        assert (merged.kind, merged.venue, merged.volume, merged.doi) == ("article", "Nature", "7", "")


def test_two_records_of_an_article_say_together_where_it_was_published() -> None:
    one = Paper(id=PaperId("pmid:1"), title="T", kind="article", venue="Nature")
    other = Paper(id=PaperId("doi:10.1038/2"), title="T", kind="article", volume="7", doi="10.1038/2")
    assert (one.merge(other).venue, one.merge(other).volume, one.merge(other).doi) == ("Nature", "7", "10.1038/2")
