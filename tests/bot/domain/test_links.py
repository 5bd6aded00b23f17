"""Every form of link, and the paper it is about."""

import pytest

from bot.domain.links import id_of_doi, id_of_link, is_known_site, site_of

HASH = "3f5ee243547dee91fbd053c1c4a845aa"
SHA = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"

LINKS = {
    # arXiv
    "https://arxiv.org/abs/2310.06825": "2310.06825",
    "https://arxiv.org/abs/2310.06825v2": "2310.06825",
    "https://arxiv.org/abs/2310.06825?context=cs.AI": "2310.06825",
    "https://arxiv.org/abs/2310.06825?utm_source=feed&utm_medium=rss#comments": "2310.06825",
    "http://arxiv.org/pdf/2310.06825.pdf": "2310.06825",
    "https://arxiv.org/pdf/2310.06825v3": "2310.06825",
    "https://www.arxiv.org/html/2310.06825v1#S2": "2310.06825",
    "https://arxiv.org/format/2310.06825": "2310.06825",
    "https://arxiv.org/src/2310.06825": "2310.06825",
    "https://export.arxiv.org/abs/hep-th/9901001v1": "hep-th/9901001",
    "https://arxiv.org/abs/math.AG/0601001": "math/0601001",
    "https://arxiv.org/list/cs.CL/recent": None,
    "https://arxiv.org/a/ho_j_1": None,
    # services that show arXiv's papers
    "https://www.alphaxiv.org/abs/2310.06825v1": "2310.06825",
    "https://www.alphaxiv.org/overview/2310.06825": "2310.06825",
    "https://huggingface.co/papers/2310.06825": "2310.06825",
    "https://hf.co/papers/2310.06825#community": "2310.06825",
    "https://huggingface.co/datasets/2310.06825": None,
    "https://ar5iv.labs.arxiv.org/html/2310.06825": "2310.06825",
    "https://scirate.com/arxiv/2310.06825": "2310.06825",
    "https://ui.adsabs.harvard.edu/abs/2023arXiv231006825J/abstract": "2310.06825",
    "https://www.emergentmind.com/papers/2310.06825": "2310.06825",
    # DOIs
    "https://doi.org/10.1145/3292500.3330701": "doi:10.1145/3292500.3330701",
    "http://dx.doi.org/10.1016/S0370-2693(12)00857-X": "doi:10.1016/s0370-2693(12)00857-x",
    "https://doi.org/10.48550/arXiv.2310.06825": "2310.06825",
    "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2": (
        "doi:10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
    ),
    "https://dl.acm.org/doi/abs/10.1145/3292500.3330701": "doi:10.1145/3292500.3330701",
    "https://link.springer.com/article/10.1007/s10994-021-05946-3?utm_source=x": "doi:10.1007/s10994-021-05946-3",
    "https://www.nature.com/articles/s41586-021-03819-2.pdf": "doi:10.1038/s41586-021-03819-2",
    "https://elifesciences.org/articles/88900": "doi:10.7554/elife.88900",
    "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0173664": "doi:10.1371/journal.pone.0173664",
    # bioRxiv and medRxiv, also with the prefix of 2025
    "https://www.biorxiv.org/content/10.1101/2021.01.01.425001v2": "doi:10.1101/2021.01.01.425001",
    "https://www.biorxiv.org/content/10.1101/2021.01.01.425001v2.full.pdf+html": "doi:10.1101/2021.01.01.425001",
    "https://www.biorxiv.org/content/10.1101/2021.01.01.425001v2.supplementary-material": (
        "doi:10.1101/2021.01.01.425001"
    ),
    "https://www.medrxiv.org/content/10.1101/2024.01.05.24300905v1.full-text": "doi:10.1101/2024.01.05.24300905",
    "https://www.biorxiv.org/content/10.64898/2025.12.03.692143v1?rss=1": "doi:10.64898/2025.12.03.692143",
    "https://www.biorxiv.org/content/biorxiv/early/2021/01/01/2021.01.01.425001.full.pdf": (
        "doi:10.1101/2021.01.01.425001"
    ),
    "https://www.biorxiv.org/collection/neuroscience": None,
    # PubMed, PMC, Europe PMC
    "https://pubmed.ncbi.nlm.nih.gov/31452104/": "pmid:31452104",
    "https://pubmed.ncbi.nlm.nih.gov/31452104/?dopt=Abstract": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/pubmed/31452104": "pmid:31452104",
    "https://pubmed.ncbi.nlm.nih.gov/?term=mistral": None,
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7012345/": "pmc:PMC7012345",
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC7012345/pdf/main.pdf": "pmc:PMC7012345",
    "https://europepmc.org/article/MED/31452104": "pmid:31452104",
    "https://europepmc.org/abstract/MED/31452104": "pmid:31452104",
    "https://europepmc.org/article/PMC/PMC7012345": "pmc:PMC7012345",
    "https://europepmc.org/articles/PMC7012345": "pmc:PMC7012345",
    "https://europepmc.org/article/PPR/PPR123456": "ppr:PPR123456",
    # OpenReview
    "https://openreview.net/forum?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://openreview.net/forum?id=B11bwYgfM&noteId=abc&referrer=%5BThe%20Author%5D(/x)": "openreview:B11bwYgfM",
    "https://openreview.net/pdf?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://openreview.net/group?id=ICLR.cc/2025/Conference": None,
    # indexes
    "https://www.semanticscholar.org/paper/Attention-is-All-you-Need-Vaswani-Shazeer/" + SHA: f"s2:{SHA}",
    f"https://www.semanticscholar.org/reader/{SHA}": f"s2:{SHA}",
    "https://api.semanticscholar.org/CorpusID:13756489": "s2:13756489",
    "https://www.semanticscholar.org/arxiv/2310.06825": "2310.06825",
    "https://www.semanticscholar.org/author/A-Vaswani/40348417": None,
    "https://paperswithcode.com/paper/attention-is-all-you-need": "slug:attention-is-all-you-need",
    "https://paperswithcode.com/sota": None,
    "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.html": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.uni-trier.de/rec/bibtex/conf/nips/VaswaniSPUJGKP17": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.org/rec/journals/corr/abs-2310-06825": "2310.06825",
    "https://dblp.org/rec/journals/corr/abs-cs-0601001.html": "cs/0601001",
    "https://dblp.org/pid/04/1234.html": None,
    # proceedings
    "https://aclanthology.org/2024.acl-long.1/": "acl:2024.acl-long.1",
    "https://aclanthology.org/2024.acl-long.1.pdf": "acl:2024.acl-long.1",
    "https://aclanthology.org/P19-1001v2.pdf": "acl:P19-1001",
    "https://www.aclweb.org/anthology/P19-1001.bib": "acl:P19-1001",
    "https://aclanthology.org/events/acl-2024/": None,
    "https://proceedings.mlr.press/v97/tan19a.html": "pmlr:v97/tan19a",
    "http://proceedings.mlr.press/v97/tan19a/tan19a.pdf": "pmlr:v97/tan19a",
    "https://proceedings.mlr.press/v97/": None,
    f"https://papers.nips.cc/paper/2017/hash/{HASH}-Abstract.html": f"neurips:2017/{HASH}",
    f"https://proceedings.neurips.cc/paper_files/paper/2017/file/{HASH}-Paper.pdf": f"neurips:2017/{HASH}",
    f"https://papers.nips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html": (
        f"neurips:2022/{HASH}-Conference"
    ),
    "https://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf": "neurips:7181-attention-is-all-you-need",
    "https://papers.nips.cc/paper_files/paper/2017": None,
    # elsewhere
    "https://example.org/abs/2310.06825": None,
    "https://arxiv.org.evil.example/abs/2310.06825": None,
    "ftp://arxiv.org/abs/2310.06825": None,
    "https://[broken": None,
}


@pytest.mark.parametrize(("link", "paper_id"), LINKS.items())
def test_a_link_is_about_the_paper_it_names(link: str, paper_id: str | None) -> None:
    assert id_of_link(link) == paper_id


def test_a_site_is_called_without_what_stands_before_its_name() -> None:
    assert site_of("https://www.arxiv.org/abs/1") == "arxiv.org"
    assert site_of("nothing") == ""
    assert is_known_site("arxiv.org")
    assert not is_known_site("example.org")


def test_a_doi_is_the_same_in_any_case_and_version() -> None:
    assert id_of_doi("doi:10.1145/ABC") == id_of_doi("10.1145/abc") == "doi:10.1145/abc"
    assert id_of_doi("10.1101/2021.01.01.425001v3") == "doi:10.1101/2021.01.01.425001"
    assert id_of_doi("10.1145") is None
