"""Every kind of reference people use, what is asked for it, and the id the paper then has."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tests.support.lookup import bodies
from tests.support.lookup.bodies import HASH, SHA
from tests.support.sources.world import ReplayServer, Reply

_PREPRINT = "10.64898/2025.12.03.692143"
_JOURNAL = "10.5555/s0370-2693(12)00857-x"


class Kind(NamedTuple):
    """What somebody types, the answers of the services by path, and the id of the paper."""

    typed: str
    answers: dict[str, Reply]
    paper_id: str


KINDS: dict[str, Kind] = {
    "arXiv link": Kind(
        "https://arxiv.org/abs/2601.90001v3?context=cs.AI&utm_source=x",
        {"/arxiv_api": Reply(bodies.atom("2601.90001"))},
        "2601.90001",
    ),
    "arXiv stamp": Kind("arXiv:2601.90001v2 [cs.CL]", {"/arxiv_api": Reply(bodies.atom("2601.90001"))}, "2601.90001"),
    "old arXiv id": Kind("hep-th/9901001.", {"/arxiv_api": Reply(bodies.atom("hep-th/9901001"))}, "hep-th/9901001"),
    "Hugging Face": Kind(
        "<https://huggingface.co/papers/2601.90001>", {"/arxiv_api": Reply(bodies.atom("2601.90001"))}, "2601.90001"
    ),
    "alphaXiv": Kind("alphaxiv.org/abs/2601.90001v1", {"/arxiv_api": Reply(bodies.atom("2601.90001"))}, "2601.90001"),
    "journal": Kind(
        f"(https://doi.org/{_JOURNAL.upper()}).",
        {f"/crossref_api/works/{_JOURNAL}": Reply(bodies.crossref(_JOURNAL))},
        f"doi:{_JOURNAL}",
    ),
    "repository": Kind(
        "doi:10.5555/zenodo.1",
        {
            "/crossref_api/works/10.5555/zenodo.1": Reply("Resource not found.", status=404),
            "/datacite_api/dois/10.5555/zenodo.1": Reply(bodies.datacite("10.5555/zenodo.1")),
        },
        "doi:10.5555/zenodo.1",
    ),
    "bioRxiv": Kind(
        f"https://www.biorxiv.org/content/{_PREPRINT}v2.full.pdf",
        {f"/biorxiv_api/details/biorxiv/{_PREPRINT}/na/json": Reply(bodies.biorxiv(_PREPRINT))},
        f"doi:{_PREPRINT}",
    ),
    "medRxiv": Kind(
        f"https://www.medrxiv.org/content/{_PREPRINT}v1",
        {
            f"/biorxiv_api/details/biorxiv/{_PREPRINT}/na/json": Reply(bodies.NO_BIORXIV),
            f"/biorxiv_api/details/medrxiv/{_PREPRINT}/na/json": Reply(bodies.biorxiv(_PREPRINT)),
        },
        f"doi:{_PREPRINT}",
    ),
    "PubMed": Kind(
        "https://pubmed.ncbi.nlm.nih.gov/31452104/",
        {"/europepmc_api/search": Reply(bodies.europepmc({}))},
        "doi:10.5555/inv.2026.1",
    ),
    "PMID": Kind("PMID: 31452104", {"/europepmc_api/search": Reply(bodies.europepmc({}))}, "doi:10.5555/inv.2026.1"),
    "PMC": Kind("PMC7012345", {"/europepmc_api/search": Reply(bodies.europepmc({}))}, "doi:10.5555/inv.2026.1"),
    "OpenReview": Kind(
        "https://openreview.net/forum?id=B11bwYgfM&referrer=x",
        {"/openreview_api/notes": Reply(bodies.openreview("B11bwYgfM"))},
        "openreview:B11bwYgfM",
    ),
    "Semantic Scholar": Kind(
        f"https://www.semanticscholar.org/paper/Invented-cells-Example/{SHA}",
        {f"/semanticscholar_api/graph/v1/paper/{SHA}": Reply(json.dumps(bodies.semanticscholar()))},
        "2601.90001",
    ),
    "Papers with Code": Kind(
        "https://paperswithcode.com/paper/invented-cells-count-invented-stars",
        {"/semanticscholar_api/graph/v1/paper/search/match": Reply(json.dumps({"data": [bodies.semanticscholar()]}))},
        "2601.90001",
    ),
    "DBLP": Kind(
        "https://dblp.org/rec/conf/inv/Example26.html",
        {"/dblp/rec/conf/inv/Example26.bib": Reply(bodies.bibtex("https://doi.org/10.5555/inv.1"))},
        "doi:10.5555/inv.1",
    ),
    "ACL Anthology": Kind(
        "https://aclanthology.org/2026.acl-long.1.pdf",
        {"/acl/2026.acl-long.1.bib": Reply(bodies.bibtex("https://aclanthology.org/2026.acl-long.1/"))},
        "acl:2026.acl-long.1",
    ),
    "PMLR": Kind(
        "https://proceedings.mlr.press/v97/tan19a/tan19a.pdf",
        {"/pmlr/v97/tan19a.html": Reply(bodies.page())},
        "pmlr:v97/tan19a",
    ),
    "NeurIPS": Kind(
        f"https://proceedings.neurips.cc/paper_files/paper/2017/file/{HASH}-Paper.pdf",
        {f"/neurips/paper_files/paper/2017/hash/{HASH}-Abstract.html": Reply(bodies.neurips_page())},
        f"neurips:2017/{HASH}",
    ),
}


_AGAIN = {"arXiv stamp", "old arXiv id", "Hugging Face", "alphaXiv", "PMID", "PMC"}
EACH = {name: kind for name, kind in KINDS.items() if name not in _AGAIN}
"""One kind of reference for each way to ask a service."""

SITES = {"DBLP", "ACL Anthology", "PMLR", "NeurIPS"}
"""Sites of pages, which say by a page that there is none."""

SAYS_NONE = re.compile(" has no paper |None of .* has a paper ")
"""What is said when the services have no such paper."""

Spoil = Callable[[Reply], Reply]


def _half(reply: Reply) -> Reply:
    return replace(reply, body=reply.body[: len(reply.body) // 2])


TROUBLES: dict[str, Spoil] = {
    "503": lambda _reply: Reply(status=503),
    "429": lambda _reply: Reply(status=429),
    "429 for long": lambda _reply: Reply(status=429, headers={"Retry-After": "600"}),
    "half": _half,
    "dropped": lambda _reply: Reply(fault="drop"),
    "HTML": lambda _reply: bodies.HTML,
    "HTML as 404": lambda _reply: Reply("<html>No such page, or so says a proxy</html>", status=404),
}
"""What an answer may become on its way; none of it says anything about a paper."""


def in_trouble(trouble: str) -> dict[str, Kind]:
    """The kinds of reference for which a trouble is one: a site of pages does say by a page that there is none."""
    return {name: kind for name, kind in EACH.items() if trouble != "HTML as 404" or name not in SITES}


def script_missing(server: ReplayServer, kind: Kind) -> None:
    """Let every service that is asked for a kind of reference say, each in its way, that there is no such paper."""
    doi = kind.paper_id.removeprefix("doi:")
    asked = {f"/crossref_api/works/{doi}", f"/datacite_api/dois/{doi}", "/openreview_old_api/notes"}
    asked |= {path.replace("/details/biorxiv", "/details/medrxiv") for path in kind.answers}
    for path in asked | kind.answers.keys():
        said = next((body for name, body in _WITHOUT_PAPER.items() if path.startswith(f"/{name}")), None)
        server.script(path, Reply(said) if said else Reply("Resource not found.", status=404))


_WITHOUT_PAPER = {
    "arxiv_api": bodies.NO_ATOM,
    "biorxiv_api": bodies.NO_BIORXIV,
    "europepmc_api": '{"resultList":{"result":[]}}',
}
"""Services that say so with 200; the others answer 404."""


def script(server: ReplayServer, kind: Kind, spoil: Spoil = lambda reply: reply) -> None:
    """Let the services answer for a kind of reference, perhaps each answer spoilt."""
    for path, reply in kind.answers.items():
        server.script(path, spoil(reply))


def late(reply: Reply) -> Reply:
    """The same answer, once the gate of the server is open."""
    return replace(reply, fault="late")
