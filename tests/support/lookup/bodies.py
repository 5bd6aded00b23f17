"""Bodies as services send them about one paper, and settings that lead all of them to one server."""

import json
from collections.abc import Mapping
from typing import Any

from bot.config import Settings
from tests.support.sources.world import ReplayServer, Reply

TITLE = "Invented cells count invented stars"
ABSTRACT = "We invent cells that count invented stars, and count the cells."
HASH, SHA = "0" * 31 + "a", "b" * 40


def lookup_settings(server: ReplayServer, **changed: Any) -> Settings:
    """Settings under which every service is the server, each at a path of its own."""
    names = "crossref_api datacite_api biorxiv_api europepmc_api openreview_api openreview_old_api semanticscholar_api"
    paths = [*names.split(), "openalex_api", "acl", "dblp", "pmlr", "neurips", "neurips_datasets"]
    urls = {f"{path}_url": f"{server.url}/{path}" for path in paths}
    return Settings(_env_file=None, arxiv_api_url=f"{server.url}/arxiv_api", **(urls | changed))


def atom(number: str, title: str = TITLE) -> str:
    """An answer of arXiv's API about one paper."""
    return f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
        <opensearch:totalResults>1</opensearch:totalResults>
        <entry><id>http://arxiv.org/abs/{number}v2</id><title>{title}</title>
        <updated>2026-01-04T10:00:00Z</updated><published>2026-01-02T10:00:00Z</published>
        <summary>{ABSTRACT}</summary><category term="cs.LG"/><author><name>Ada Example</name></author></entry></feed>"""


NO_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
    <opensearch:totalResults>0</opensearch:totalResults></feed>"""

BAD_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://arxiv.org/api/errors#incorrect_id</id>
    <title>Error</title><summary>incorrect id format for {}</summary></entry></feed>"""


def crossref(doi: str, **changed: Any) -> str:
    work = {
        "DOI": doi,
        "type": "journal-article",
        "title": [TITLE],
        "container-title": ["Journal of Invention"],
        "author": [{"given": "Ada", "family": "Example"}, {"name": "The Inventors"}],
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{ABSTRACT}</jats:p>",
        "issued": {"date-parts": [[2026, 1, 2]]},
        **changed,
    }
    return json.dumps({"status": "ok", "message-type": "work", "message": work})


def datacite(doi: str) -> str:
    attributes = {
        "doi": doi,
        "titles": [{"title": TITLE}],
        "creators": [{"name": "Example, Ada", "givenName": "Ada", "familyName": "Example"}],
        "descriptions": [{"description": ABSTRACT, "descriptionType": "Abstract"}],
        "dates": [{"date": "2026-01-02", "dateType": "Issued"}],
        "publicationYear": 2026,
    }
    return json.dumps({"data": {"id": doi, "type": "dois", "attributes": attributes}})


NO_DATACITE = '{"errors":[{"status":"404","title":"The resource you are looking for does not exist."}]}'


def biorxiv(doi: str, *versions: Mapping[str, Any]) -> str:
    record = {
        "title": TITLE,
        "authors": "Example, A.; Sample, B.;",
        "doi": doi,
        "date": "2026-01-02",
        "version": "1",
        "type": "new results",
        "category": "neuroscience",
        "abstract": ABSTRACT,
        "published": "NA",
        "server": "bioRxiv",
    }
    told = [record | dict(version) for version in versions or ({},)]
    return json.dumps({"messages": [{"status": "ok"}], "collection": told})


NO_BIORXIV = '{"messages":[{"status":"no posts found"}],"collection":[]}'


def europepmc(*records: Mapping[str, Any]) -> str:
    record = {
        "id": "31452104",
        "source": "MED",
        "pmid": "31452104",
        "pmcid": "PMC7012345",
        "doi": "10.5555/inv.2026.1",
        "title": f"{TITLE}.",
        "authorString": "Example A, Sample B.",
        "authorList": {"author": [{"fullName": "Example A", "firstName": "Ada", "lastName": "Example"}]},
        "abstractText": f"<h4>Background</h4>{ABSTRACT}",
        "pubYear": "2026",
        "firstPublicationDate": "2026-01-02",
    }
    return json.dumps({"hitCount": len(records), "resultList": {"result": [record | dict(each) for each in records]}})


def openreview(number: str, *, first: bool = False, **changed: Any) -> str:
    """A note of the second API, or of the first, whose fields are plain values."""
    content = {"title": TITLE, "abstract": ABSTRACT, "authors": ["Ada Example"]}
    told = content if first else {name: {"value": value} for name, value in content.items()}
    note = {"id": number, "forum": number, "content": told, "pdate": 1767312000000, "invitations": ["x/-/Submission"]}
    return json.dumps({"notes": [note | changed], "count": 1})


def semanticscholar(**changed: Any) -> dict[str, Any]:
    return {
        "paperId": SHA,
        "externalIds": {"ArXiv": "2601.90001", "CorpusId": 1234},
        "url": f"https://www.semanticscholar.org/paper/{SHA}",
        "title": TITLE,
        "abstract": ABSTRACT,
        "authors": [{"authorId": "1", "name": "Ada Example"}],
        "year": 2026,
        "publicationDate": "2026-01-02",
        **changed,
    }


def bibtex(url: str) -> str:
    return f"""@inproceedings{{example-2026-invented,
        title = "{{I}}nvented cells count invented stars",
        author = "Example, Ada and Sample, Ben",
        year = "2026", month = jan, url = "{url}",
        abstract = "{ABSTRACT}" }}"""


def page(**tags: str) -> str:
    """A page of PMLR: who wrote what, in tags for search engines."""
    told = {
        "citation_title": TITLE,
        "citation_author": "Ada Example",
        "citation_publication_date": "2026-01-02",
        **tags,
    }
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in told.items())
    return (
        f'<html><head>{metas}</head><body><div id="abstract" class="abstract">{ABSTRACT}</div><p>More</p></body></html>'
    )


def neurips_page() -> str:
    metas = f'<meta name="citation_title" content="{TITLE}"><meta name="citation_author" content="Example, Ada">'
    return f"<html><head>{metas}</head><body><h4>Abstract</h4><p><p>{ABSTRACT}</p></p><h4>Other</h4></body></html>"


def openalex(*works: Mapping[str, Any]) -> str:
    work = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.5555/inv.2026.2",
        "title": TITLE,
        "display_name": TITLE,
        "authorships": [{"author": {"id": None, "display_name": "Ada Example"}}],
        "abstract_inverted_index": {"Invented": [0], "words": [1]},
        "publication_date": "2026-01-02",
        "publication_year": 2026,
        "primary_location": None,
    }
    return json.dumps({"meta": {"count": len(works)}, "results": [work | dict(each) for each in works]})


HTML = Reply("<!doctype html><html><title>Sign in to the network</title></html>", headers={"Content-Type": "text/html"})
