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
    "https://arxiv.org/ftp/arxiv/papers/2310/2310.06825.pdf": "2310.06825",
    "https://arxiv.org//abs/2310.06825v2%20": "2310.06825",
    "https://arxiv.org/abs/2310.06825&utm_source=x": "2310.06825",
    "https://arxiv.org/abs/hep-th%2F9901001": "hep-th/9901001",
    "HTTPS://ARXIV.ORG/PDF/2310.06825V2#page=3": "2310.06825",
    "https://arxiv.org/abs/2310.06825%2C": "2310.06825",
    "https://arxiv.org/search/?query=2310.06825&searchtype=all": "2310.06825",
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
    "https://www.alphaxiv.org/blog/2310.06825v2": "2310.06825",
    "https://huggingface.co/papers/2310.06825.md": "2310.06825",
    "https://huggingface.co/api/papers/2310.06825": "2310.06825",
    "https://ar5iv.org/2310.06825": "2310.06825",
    "https://ui.adsabs.harvard.edu/link_gateway/2009arXiv0901.1234A/EPRINT_PDF": "0901.1234",
    "https://ui.adsabs.harvard.edu/abs/2016PhRvL.116f1102A/abstract": None,
    "https://ui.adsabs.harvard.edu/#abs/2023arXiv231006825J/abstract": "2310.06825",
    "https://ui.adsabs.harvard.edu/abs/1998hep.th....9187G/abstract": "hep-th/9809187",
    "https://ui.adsabs.harvard.edu/abs/1997hep.th...11200M": "hep-th/9711200",
    "http://adsabs.harvard.edu/abs/2003math......6266C": "math/0306266",
    "https://ui.adsabs.harvard.edu/abs/arXiv:2310.06825/abstract": "2310.06825",
    "https://inspirehep.net/literature?q=arxiv%3A2310.06825": "2310.06825",
    "https://inspirehep.net/search?p=find+eprint+hep-th/9901001": "hep-th/9901001",
    "https://inspirehep.net/literature?q=a+witten": None,
    "https://inspirehep.net/api/arxiv/hep-th/9901001": "hep-th/9901001",
    "https://www.catalyzex.com/paper/arxiv:2310.06825": "2310.06825",
    # links that lead to another
    "https://www.google.com/url?sa=t&url=https%3A%2F%2Farxiv.org%2Fabs%2F2310.06825&usg=x": "2310.06825",
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fdoi.org%2F10.1145%2F1&data=x": "doi:10.1145/1",
    "https://urldefense.com/v3/__https://arxiv.org/abs/2310.06825__;!!x$": "2310.06825",
    "https://web.archive.org/web/2024/https://openreview.net/forum?id=B11bwYgfM&x=1": "openreview:B11bwYgfM",
    "https://web.archive.org/web/2024/http:/arxiv.org/abs/2310.06825": "2310.06825",
    "https://example.org/?next=https://example.org/abs/2310.06825": None,
    "https://arxiv.org/abs/2310.06825 and https://arxiv.org/abs/1706.03762": None,
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
    "https://journals.plos.org/plosone/article/figure?id=10.1371/journal.pone.0173664.g001": (
        "doi:10.1371/journal.pone.0173664"
    ),
    "http://www.plosone.org/article/info%3Adoi%2F10.1371%2Fjournal.pone.0173664": "doi:10.1371/journal.pone.0173664",
    "https://bmcbioinformatics.biomedcentral.com/articles/10.1186/s12859-019-2879-1/figures/1": (
        "doi:10.1186/s12859-019-2879-1"
    ),
    "https://link.springer.com/article/10.1007/s10994-021-05946-3/fulltext.html": "doi:10.1007/s10994-021-05946-3",
    "https://pubs.acs.org/doi/suppl/10.1021/acs.jctc.8b01176/suppl_file/x_001.pdf": "doi:10.1021/acs.jctc.8b01176",
    "https://www.frontiersin.org/articles/10.3389/fnins.2019.00095/xml/nlm": "doi:10.3389/fnins.2019.00095",
    "https://academic.oup.com/bioinformatics/advance-article/doi/10.1093/bioinformatics/btaa123/5700000": (
        "doi:10.1093/bioinformatics/btaa123"
    ),
    "https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00123/43456/A-Title": "doi:10.1162/tacl_a_00123",
    "https://iopscience.iop.org/article/10.1088/1742-6596/1234/1/012345/meta": "doi:10.1088/1742-6596/1234/1/012345",
    "https://www.nejm.org/doi/full/10.1056/NEJMoa2034577": "doi:10.1056/nejmoa2034577",
    "https://joss.theoj.org/papers/10.21105/joss.01234": "doi:10.21105/joss.01234",
    "https://doi-org.proxy.example.edu/10.1037//0022-3514.51.6.1173": "doi:10.1037//0022-3514.51.6.1173",
    "https://api.crossref.org/works/10.1016/j.cell.2020.01.001": "doi:10.1016/j.cell.2020.01.001",
    "https://zenodo.org/doi/10.5281/zenodo.1234567": "doi:10.5281/zenodo.1234567",
    "https://zenodo.org/badge/DOI/10.5281/zenodo.1234567.svg": "doi:10.5281/zenodo.1234567",
    "https://pubmed.ncbi.nlm.nih.gov/?term=10.1145%2F3292500": "doi:10.1145/3292500",
    "https://pubmed.ncbi.nlm.nih.gov/?term=10.1145%2F3292500%5Bdoi%5D": "doi:10.1145/3292500",
    "https://pubmed.ncbi.nlm.nih.gov/?term=cells&q=10": None,
    "https://inspirehep.net/literature?q=find+doi+10.1145/3292500": "doi:10.1145/3292500",
    "https://inspirehep.net/literature?q=doi%3A10.1145/3292500": "doi:10.1145/3292500",
    "https://www.google.com/search?q=https://doi.org/10.1145/3292500": "doi:10.1145/3292500",
    "https://inspirehep.net/literature?q=refersto%3Adoi%3A10.1145/3292500": None,
    "https://www.google.com/search?q=site:e.org/10.1145/3292500": None,
    "https://doi.org/10/gdtmz5": None,
    # publishers that make the DOI of the number in their links
    "https://www.nature.com/articles/nature14539": "doi:10.1038/nature14539",
    "https://www.nature.com/articles/nmeth.3317/figures/1": "doi:10.1038/nmeth.3317",
    "https://www.nature.com/articles/s41586-021-03819-2.epdf?sharing_token=x": "doi:10.1038/s41586-021-03819-2",
    "https://www.nature.com/articles/s41586-021-03819-2_reference.pdf": "doi:10.1038/s41586-021-03819-2",
    "https://www.nature.com/nature/journal/v521/n7553/full/nature14539.html": "doi:10.1038/nature14539",
    "https://www.nature.com/nature/articles?type=article": None,
    "https://elifesciences.org/reviewed-preprints/88900v2": "doi:10.7554/elife.88900",
    "https://elifesciences.org/content/5/e12345": "doi:10.7554/elife.12345",
    "https://zenodo.org/records/1234567/files/x.pdf": "doi:10.5281/zenodo.1234567",
    "https://peerj.com/articles/123/": "doi:10.7717/peerj.123",
    "https://peerj.com/articles/cs-123/": "doi:10.7717/peerj-cs.123",
    "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=123456": "doi:10.2139/ssrn.123456",
    "https://ssrn.com/abstract=123456": "doi:10.2139/ssrn.123456",
    "https://papers.ssrn.com/sol3/Delivery.cfm/SSRN_ID123456_code1.pdf?abstractid=123456&mirid=1": (
        "doi:10.2139/ssrn.123456"
    ),
    "https://zenodo.org/api/records/1234567": "doi:10.5281/zenodo.1234567",
    "https://dl.acm.org/citation.cfm?doid=3292500.3330701": "doi:10.1145/3292500.3330701",
    "https://dl.acm.org/citation.cfm?id=3330701": None,
    "https://osf.io/preprints/psyarxiv/ab2cd_v2": "doi:10.31234/osf.io/ab2cd_v2",
    "https://osf.io/preprints/ab2cd/download": "doi:10.31219/osf.io/ab2cd",
    "https://psyarxiv.com/ab2cd/": "doi:10.31234/osf.io/ab2cd",
    "https://edarxiv.org/ab2cd": "doi:10.35542/osf.io/ab2cd",
    "https://osf.io/preprints/psyarxiv/discover": None,
    "https://osf.io/preprints/login": None,
    "https://psyarxiv.com/about": None,
    "https://osf.io/preprints/inventarxiv/ab2cd": None,
    "https://osf.io/ab2cd/": None,
    "https://www.researchsquare.com/article/rs-123456/v1": "doi:10.21203/rs.3.rs-123456/v1",
    "https://www.preprints.org/manuscript/202401.0001/v1": "doi:10.20944/preprints202401.0001.v1",
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
    "http://biorxiv.org/cgi/content/short/287961v1?rss=1": "doi:10.1101/287961",
    "https://connect.biorxiv.org/qr/2021.01.01.425001": "doi:10.1101/2021.01.01.425001",
    "https://www.biorxiv.org/content/biorxiv/suppl/2021/01/01/2021.01.01.425001.DC1/media-1.pdf": (
        "doi:10.1101/2021.01.01.425001"
    ),
    "https://www.biorxiv.org/cgi/content/short/2024.09.04.611255v1?rss=1": "doi:10.1101/2024.09.04.611255",
    "https://www.medrxiv.org/cgi/content/abstract/2026.01.05.24300905v2": "doi:10.64898/2026.01.05.24300905",
    "https://api.biorxiv.org/details/biorxiv/10.1101/2021.01.01.425001": "doi:10.1101/2021.01.01.425001",
    # PubMed, PMC, Europe PMC
    "https://pubmed.ncbi.nlm.nih.gov/31452104/": "pmid:31452104",
    "https://pubmed.ncbi.nlm.nih.gov/31452104/?dopt=Abstract": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/pubmed/31452104": "pmid:31452104",
    "https://pubmed.ncbi.nlm.nih.gov/?term=mistral": None,
    "https://pubmed.ncbi.nlm.nih.gov/?term=31452104%5Bpmid%5D": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&db=PubMed&list_uids=31452104": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/m/pubmed/31452104/": "pmid:31452104",
    "https://www.pubmed.gov/31452104": "pmid:31452104",
    "https://pmc.ncbi.nlm.nih.gov/articles/pmid/31452104/": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7012345/": "pmc:PMC7012345",
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC7012345/pdf/main.pdf": "pmc:PMC7012345",
    "https://europepmc.org/article/MED/31452104": "pmid:31452104",
    "https://www.ncbi.nlm.nih.gov/labs/pmc/articles/PMC7012345/": "pmc:PMC7012345",
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC7012345.1/": "pmc:PMC7012345",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/7012345": "pmc:PMC7012345",
    "http://www.pubmedcentral.nih.gov/articlerender.fcgi?artid=7012345&tool=x": "pmc:PMC7012345",
    "https://europepmc.org/backend/ptpmcrender.fcgi?accid=PMC7012345&blobtype=pdf": "pmc:PMC7012345",
    "https://europepmc.org/article/PMC/7012345": "pmc:PMC7012345",
    "https://europepmc.org/abstract/MED/31452104": "pmid:31452104",
    "https://europepmc.org/article/PMC/PMC7012345": "pmc:PMC7012345",
    "https://europepmc.org/articles/PMC7012345": "pmc:PMC7012345",
    "https://europepmc.org/article/PPR/PPR123456": "ppr:PPR123456",
    # OpenReview
    "https://openreview.net/forum?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://openreview.net/forum?id=B11bwYgfM&noteId=abc&referrer=%5BThe%20Author%5D(/x)": "openreview:B11bwYgfM",
    "https://openreview.net/pdf?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://openreview.net/attachment?id=B11bwYgfM&name=supplementary_material": "openreview:B11bwYgfM",
    "https://openreview.net/revisions?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://api2.openreview.net/notes?id=B11bwYgfM": "openreview:B11bwYgfM",
    "https://openreview.net/pdf/2a86f116d8a0db9d31787c984118e0d5da310bd1.pdf": None,
    "https://openreview.net/group?id=ICLR.cc/2025/Conference": None,
    # indexes
    "https://www.semanticscholar.org/paper/Attention-is-All-you-Need-Vaswani-Shazeer/" + SHA: f"s2:{SHA}",
    f"https://www.semanticscholar.org/reader/{SHA}": f"s2:{SHA}",
    "https://api.semanticscholar.org/CorpusID:13756489": "s2:13756489",
    "https://www.semanticscholar.org/arxiv/2310.06825": "2310.06825",
    f"https://api.semanticscholar.org/graph/v1/paper/{SHA}": f"s2:{SHA}",
    "https://api.semanticscholar.org/graph/v1/paper/arXiv:2310.06825": "2310.06825",
    f"https://pdfs.semanticscholar.org/{SHA[:4]}/{SHA[4:]}.pdf": f"s2:{SHA}",
    "https://www.semanticscholar.org/author/A-Vaswani/40348417": None,
    "https://paperswithcode.com/paper/attention-is-all-you-need": "slug:attention-is-all-you-need",
    "https://paperswithcode.com/sota": None,
    "https://physics.paperswithcode.com/paper/attention-is-all-you-need": "slug:attention-is-all-you-need",
    "https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.html": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.uni-trier.de/rec/bibtex/conf/nips/VaswaniSPUJGKP17": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.org/rec/journals/corr/abs-2310-06825": "2310.06825",
    "https://dblp.org/rec/journals/corr/abs-cs-0601001.html": "cs/0601001",
    "https://dblp.org/pid/04/1234.html": None,
    "https://dblp2.uni-trier.de/rec/bib1/conf/nips/VaswaniSPUJGKP17.bib": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.org/rec/ris/conf/nips/VaswaniSPUJGKP17.ris": "dblp:conf/nips/VaswaniSPUJGKP17",
    "https://dblp.org/rec/reference/ml/Sammut10": "dblp:reference/ml/Sammut10",
    "https://dblp.org/rec/journals/corr/cs-CL-0601001": "cs/0601001",
    "https://dblp.org/rec/homepages/v/AshishVaswani": None,
    # proceedings
    "https://aclanthology.org/2024.acl-long.1/": "acl:2024.acl-long.1",
    "https://aclanthology.org/2024.acl-long.1.pdf": "acl:2024.acl-long.1",
    "https://aclanthology.org/P19-1001v2.pdf": "acl:P19-1001",
    "https://www.aclweb.org/anthology/P19-1001.bib": "acl:P19-1001",
    "https://aclanthology.org/events/acl-2024/": None,
    "https://aclanthology.org/volumes/P19-1/": None,
    "http://aclweb.org/anthology/P/P14/P14-1001.xhtml": "acl:P14-1001",
    "https://aclanthology.info/papers/P17-1001/p17-1001": "acl:P17-1001",
    "https://aclanthology.org/2021.naacl-main.1.mods.xml": "acl:2021.naacl-main.1",
    "https://aclanthology.org/2021.acl-long.1.mp4": "acl:2021.acl-long.1",
    "https://aclanthology.org/attachments/2021.acl-long.1.OptionalSupplementaryMaterial.zip": "acl:2021.acl-long.1",
    "https://proceedings.mlr.press/v97/tan19a.html": "pmlr:v97/tan19a",
    "http://proceedings.mlr.press/v97/tan19a/tan19a.pdf": "pmlr:v97/tan19a",
    "https://proceedings.mlr.press/v97/": None,
    "http://jmlr.csail.mit.edu/proceedings/papers/v28/sutskever13.pdf": "pmlr:v28/sutskever13",
    "https://raw.githubusercontent.com/mlresearch/v235/main/assets/li24a/li24a.pdf": "pmlr:v235/li24a",
    "https://www.jmlr.org/papers/v21/20-074.html": None,
    f"https://papers.nips.cc/paper/2017/hash/{HASH}-Abstract.html": f"neurips:2017/{HASH}",
    f"https://proceedings.neurips.cc/paper_files/paper/2017/file/{HASH}-Paper.pdf": f"neurips:2017/{HASH}",
    f"https://papers.nips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html": (
        f"neurips:2022/{HASH}-Conference"
    ),
    f"https://datasets-benchmarks-proceedings.neurips.cc/paper/2021/hash/{HASH}-Abstract-round1.html": (
        f"neurips:2021/{HASH}-round1"
    ),
    f"https://datasets-benchmarks-proceedings.neurips.cc/paper_files/paper/2021/file/{HASH}-Paper-round2.pdf": (
        f"neurips:2021/{HASH}-round2"
    ),
    "https://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf": "neurips:7181-attention-is-all-you-need",
    "https://papers.nips.cc/paper_files/paper/2017": None,
    f"https://proceedings.neurips.cc//paper/2017/file/{HASH}-Paper.pdf": f"neurips:2017/{HASH}",
    f"https://proceedings.neurips.cc/paper/2020/file/{HASH}-AuthorFeedback.pdf": f"neurips:2020/{HASH}",
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
    assert is_known_site("connect.biorxiv.org")
    assert not is_known_site("example.org")


def test_a_doi_is_the_same_in_any_case_and_version() -> None:
    assert id_of_doi("doi:10.1145/ABC") == id_of_doi("10.1145/abc") == "doi:10.1145/abc"
    assert id_of_doi("10.1101/2021.01.01.425001v3") == "doi:10.1101/2021.01.01.425001"
    assert id_of_doi("10.1145") is None
