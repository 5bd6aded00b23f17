"""What people paste and type to name a paper, alone and in running text."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.paper_ids import PaperId, is_arxiv
from bot.domain.references import (
    candidates,
    find_paper_ids,
    is_text_too,
    parse_paper_id,
    service_of,
    the_only_id,
    unread_link,
)
from tests.support.hostile import hostile, steps

PII = "doi:10.1016/s0370-2693(12)00857-x"
SICI = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1"


@pytest.mark.parametrize(
    ("typed", "paper_id"),
    [
        ("2310.06825", "2310.06825"),
        ("2310.06825v3", "2310.06825"),
        (" arXiv:2310.06825v1 ", "2310.06825"),
        ("0704.0125", "0704.0125"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("math.AG/0601001v2", "math/0601001"),
        ("cond-mat.stat-mech/0601001", "cond-mat/0601001"),
        ("https://arxiv.org/abs/2310.06825v2", "2310.06825"),
        ("http://www.arxiv.org/pdf/2310.06825v2.pdf", "2310.06825"),
        ("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/html/2310.06825v1#S2", "2310.06825"),
        ("https://huggingface.co/papers/2310.06825", "2310.06825"),
        ("https://hf.co/papers/2310.06825?x=1", "2310.06825"),
        ("https://aclanthology.org/2024.acl-long.1/", "acl:2024.acl-long.1"),
        ("aclanthology.org/P19-1001v2.pdf", "acl:P19-1001"),
        ("https://aclanthology.org/events/acl-2024/", None),
        ("https://openreview.net/forum?id=B11bwYgfM&noteId=x", "openreview:B11bwYgfM"),
        ("openreview.net/pdf?id=-_FVMKvxVCQo1", "openreview:-_FVMKvxVCQo1"),
        ("https://openreview.net/group?id=ICLR.cc", None),
        ("https://www.alphaxiv.org/overview/2310.06825", "2310.06825"),
        ("<https://alphaxiv.org/abs/2310.06825>", "2310.06825"),
        ("https://doi.org/10.48550/arXiv.2310.06825", "2310.06825"),
        ("10.48550/ARXIV.2310.06825", "2310.06825"),
        ("https://doi.org/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("doi:10.1145/ABC", "doi:10.1145/abc"),
        ("acl:2023.acl-long.1", "acl:2023.acl-long.1"),
        ("3dv/3dv2025:05T81ScPFb", "3dv/3dv2025:05T81ScPFb"),
    ],
)
def test_ids_and_links_name_one_paper(typed: str, paper_id: str) -> None:
    assert parse_paper_id(typed) == paper_id


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "diffusion models",
        "2313.06825",
        "2310.068",
        "https://evil.example/abs/2310.06825",
        "https://arxiv.org.evil.example/abs/2310.06825",
        "https://arxiv.org/list/cs.CL/recent",
        "https://huggingface.co/datasets/2310.06825",
        "https://[broken",
        "ftp://arxiv.org/abs/2310.06825",
    ],
)
def test_other_text_is_no_id(typed: str) -> None:
    assert parse_paper_id(typed) is None


def test_links_are_found_in_a_message_in_order_and_once() -> None:
    message = (
        "Look: https://arxiv.org/abs/2310.06825v2, then (https://hf.co/papers/2401.00001). Also arXiv:2402.00002, "
        "10.1145/3292500.3330701 and again https://arxiv.org/pdf/2310.06825! Not 3.14159 or v2310.06825x."
    )
    assert find_paper_ids(message) == ["2310.06825", "2401.00001", "2402.00002", "doi:10.1145/3292500.3330701"]


def test_links_are_found_without_their_scheme_and_not_within_other_addresses() -> None:
    message = (
        "arxiv.org/abs/2310.06825v2, www.alphaxiv.org/abs/2401.00001, (huggingface.co/papers/2402.00002) "
        "doi.org/10.1145/3292500.3330701 <export.arxiv.org/pdf/2403.00003|paper> ARXIV.org/abs/2404.00004. "
        "evil.example/arxiv.org/abs/2405.00005 notarxiv.org/abs/2406.00006 me@arxiv.org/abs/2407.00007 "
        "huggingface.co/datasets/2408.00008 arxiv.org.evil.example/abs/2409.00009 "
        "see openreview.net/forum?id=B11bwYgfM, (aclanthology.org/2024.acl-long.1/)."
    )
    assert find_paper_ids(message) == [
        "2310.06825",
        "2401.00001",
        "2402.00002",
        "doi:10.1145/3292500.3330701",
        "2403.00003",
        "2404.00004",
        "openreview:B11bwYgfM",
        "acl:2024.acl-long.1",
    ]


@given(st.text())
def test_any_text_can_be_asked_for_ids(text: str) -> None:
    parse_paper_id(text)
    for paper_id in find_paper_ids(text):
        assert parse_paper_id(paper_id) == paper_id


@given(st.from_regex(r"\d{2}(0[1-9]|1[0-2])\.\d{4,5}(v[1-9])?", fullmatch=True))
def test_every_version_is_the_same_paper(typed: str) -> None:
    assert parse_paper_id(typed) == parse_paper_id(typed.partition("v")[0])
    assert is_arxiv(typed.partition("v")[0])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("see https://doi.org/10.1016/S0370-2693(12)00857-X please", [PII]),
        ("(10.1016/S0370-2693(12)00857-X).", [PII]),
        ("[page](https://doi.org/10.1016/S0370-2693(12)00857-X)", [PII]),
        (
            "**https://arxiv.org/abs/2310.06825** 好：https://arxiv.org/abs/1706.03762。很好",
            ["2310.06825", "1706.03762"],
        ),
        ("||https://arxiv.org/abs/2310.06825|| _https://arxiv.org/abs/1706.03762_", ["2310.06825", "1706.03762"]),
        ("https://arxiv.org/abs/2310.06825,https://arxiv.org/abs/1706.03762", ["2310.06825", "1706.03762"]),
        ("old hep-th/9901001 and math.AG/0601001v2 rock", ["hep-th/9901001", "math/0601001"]),
        ("https://ar5iv.labs.arxiv.org/html/2310.06825", ["2310.06825"]),
        ("https://www.semanticscholar.org/arxiv/2310.06825", ["2310.06825"]),
        ("https://scirate.com/arxiv/2310.06825", ["2310.06825"]),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", ["doi:10.1145/3292500.3330701"]),
        ("https://link.springer.com/content/pdf/10.1007/s1-2.pdf", ["doi:10.1007/s1-2"]),
        ("https://www.biorxiv.org/content/10.1101/2021.01.01.425001v2.full.pdf", ["doi:10.1101/2021.01.01.425001"]),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/adma.2019", ["doi:10.1002/adma.2019"]),
        ("https://example.org/2310.06825 v2310.06825 user@2310.06825", []),
    ],
)
def test_ids_are_found_in_running_text_whole_and_no_others(text: str, ids: list[str]) -> None:
    assert find_paper_ids(text) == ids


@pytest.mark.parametrize(
    "pasted",
    [
        "arXiv:2310.06825v2 [cs.CL] 10 Oct 2023",
        "[2310.06825] Slow Mistral: a title",
        "2310.06825v2.pdf",
        "2310.06825v2 (1).pdf",
    ],
)
def test_the_stamp_the_tab_and_the_file_of_a_paper_name_it(pasted: str) -> None:
    assert parse_paper_id(pasted) == "2310.06825"


@pytest.mark.parametrize(
    ("typed", "paper_id"),
    [
        ("PMID: 31452104", "pmid:31452104"),
        ("PMID:00031452", "pmid:31452"),
        ("PubMed 31452104", "pmid:31452104"),
        ("PMC7012345", "pmc:PMC7012345"),
        ("PMCID: PMC7012345.1", "pmc:PMC7012345"),
        ("pmc:PMC7012345", "pmc:PMC7012345"),
        ("doi: https://doi.org/10.1145/3292500", "doi:10.1145/3292500"),
        ("DOI 10.1145/3292500.", "doi:10.1145/3292500"),
        ("<https://arxiv.org/abs/2310.06825|Mistral 7B>", "2310.06825"),
        ("<https://arxiv.org/abs/2310.06825>", "2310.06825"),
        ("10.1101/2021.01.01.425001v2", "doi:10.1101/2021.01.01.425001"),
        ("10.64898/2025.12.03.692143v1.full", "doi:10.64898/2025.12.03.692143"),
        ("arXiv 2310.06825", "2310.06825"),
        ("DOI:https://doi.org/10.1145/3292500", "doi:10.1145/3292500"),
        ("PMCID: 7012345", "pmc:PMC7012345"),
        ("PMC 7012345", "pmc:PMC7012345"),
        ("PPR123456", "ppr:PPR123456"),
        ("S2CID 13756489", "s2:13756489"),
        ("CorpusID:13756489", "s2:13756489"),
        ("DBLP:conf/nips/VaswaniSPUJGKP17", "dblp:conf/nips/VaswaniSPUJGKP17"),
        ("DBLP:journals/corr/abs-2310-06825", "2310.06825"),
        ("ACL:P19-1001", "acl:P19-1001"),
        ("2024.acl-long.1", "acl:2024.acl-long.1"),
        ("www.nature.com/articles/nature14539", "doi:10.1038/nature14539"),
        ("\ufeffhttps://arxiv.org/abs/2310.06825\u200b", "2310.06825"),
        ("10.1016/S0370\u20102693(12)00857\u2011X", PII),
        (SICI, f"doi:{SICI.lower()}"),
        ("_2310.06825_", "2310.06825"),
        ("||__https://arxiv.org/abs/2310.06825__||", "2310.06825"),
        ("~~**2310.06825**~~", "2310.06825"),
        ("10.1145/3292500…", "doi:10.1145/3292500"),
        ("2023arXiv231006825J", "2310.06825"),
        ("1998hep.th....9187G", "hep-th/9809187"),
        ("PMID=31452104", "pmid:31452104"),
        ("doi:10.1145%2F3292500", "doi:10.1145/3292500"),
        ("https://openreview.net/forum?id=B11bwYgfM_.", "openreview:B11bwYgfM_"),
        ("_https://openreview.net/forum?id=B11bwYgfM_", "openreview:B11bwYgfM"),
        (f"<https://doi.org/{SICI.replace('<', '%3C').replace('>', '%3E')}|a paper>", f"doi:{SICI.lower()}"),
        (f"<https://doi.org/{SICI.replace('<', '&lt;').replace('>', '&gt;')}|a paper>", f"doi:{SICI.lower()}"),
    ],
)
def test_ids_of_other_services_are_read_however_they_are_written(typed: str, paper_id: str) -> None:
    assert parse_paper_id(typed) == paper_id
    assert not is_text_too(PaperId(paper_id))


def test_ids_of_pubmed_are_found_in_running_text() -> None:
    text = "see PMID: 31452104, (PMC7012345), https://pubmed.ncbi.nlm.nih.gov/31452104/ and ABPMC7012345x or pmid:1.5"
    assert find_paper_ids(text) == ["pmid:31452104", "pmc:PMC7012345"]


def test_entities_of_slack_and_characters_nobody_sees_are_no_part_of_an_id() -> None:
    escaped = SICI.replace("<", "&lt;").replace(">", "&gt;")
    assert find_paper_ids(f"see {escaped}, &lt;10.1145/3292500&gt; or 2310.\u200b06825") == [
        f"doi:{SICI.lower()}",
        "doi:10.1145/3292500",
        "2310.06825",
    ]


def test_one_paper_is_named_among_words_and_several_are_none() -> None:
    assert the_only_id("Mistral 7B (2023) https://arxiv.org/abs/2310.06825v1 via @somebody") == "2310.06825"
    assert the_only_id("arXiv:2310.06825 and https://arxiv.org/abs/1706.03762") is None
    assert the_only_id("Mistral 7B") is None


@pytest.mark.parametrize("typed", ["LoRA:lowrank", "pmid:abc", "openreview:no", "acl:long", "slug:A Title"])
def test_what_only_looks_like_an_id_may_be_words(typed: str) -> None:
    assert is_text_too(PaperId(typed))
    assert not service_of(PaperId(typed))


def test_a_link_to_an_unknown_site_is_told_with_the_sites_that_are_known() -> None:
    told = unread_link("what about https://www.nytimes.com/2026/01/05/science/papers.html?utm_source=x")
    assert told.startswith("I cannot read papers from nytimes.com.")
    assert "bioRxiv" in told


@pytest.mark.parametrize("typed", ["www.nytimes.com/2026/01/05/cells.html", "nytimes.com/2026/cells?x=1"])
def test_a_link_to_an_unknown_site_is_told_without_its_scheme_too(typed: str) -> None:
    assert unread_link(typed).startswith("I cannot read papers from nytimes.com.")


@pytest.mark.parametrize(
    "typed",
    [
        "https://arxiv.org/list/cs.CL/recent",
        "openreview.net/group?id=ICLR.cc",
        "https://neurips.cc/virtual/2023/poster/1",
    ],
)
def test_a_page_of_a_known_site_that_is_no_papers_is_told(typed: str) -> None:
    site = typed.removeprefix("https://").partition("/")[0]
    assert unread_link(typed).startswith(f"I cannot tell which paper this link of {site} is about.")


@pytest.mark.parametrize("typed", ["diffusion models", "node.js/express", "nature.com/articles/nature14539", "and/or"])
def test_nothing_is_said_of_words_and_of_links_that_are_understood(typed: str) -> None:
    assert unread_link(typed) == ""


@given(st.text())
def test_any_text_can_be_asked_for_an_unread_link(text: str) -> None:
    unread_link(f"https://{text}")


@pytest.mark.parametrize("reader", [parse_paper_id, find_paper_ids, unread_link])
def test_texts_take_steps_in_proportion_to_their_length(reader: Callable[[str], object]) -> None:
    for short, long in zip(hostile(700), hostile(1_400), strict=True):
        assert steps(partial(reader, long)) < 3 * steps(partial(reader, short)) + 3_000, long[:20]


@pytest.mark.parametrize("text", ["(" * 100_000, "[]" * 50_000, "(" * 50_000 + "2310.06825" + ")" * 50_000])
def test_what_is_far_too_long_names_no_paper(text: str) -> None:
    assert parse_paper_id(text) is None
    assert len(find_paper_ids(text)) <= 1


def test_links_without_a_space_between_are_found() -> None:
    assert find_paper_ids("http://" * 100_000 + "arxiv.org/abs/2310.06825") == ["2310.06825"]


PIECES = ("http://", "HTTPS://", "arxiv.org/abs/", "10.1234/", "2310.06825", "pmid: 1", "](", ",", ")", "<1:", "a", " ")


@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(PIECES))
def test_no_character_of_a_text_is_read_as_part_of_two_links(pieces: list[str], repeated: str) -> None:
    text = "".join(pieces) + repeated * 50
    assert sum(map(len, candidates(text))) <= len(text)
