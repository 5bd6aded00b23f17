"""The services that are asked about papers that are not here. A new one is a Spec, and its name in LOOKUPS."""

from collections.abc import Mapping

from adapters.lookup import (
    arxiv,
    bibliographies,
    biorxiv,
    dois,
    europepmc,
    openreview,
    proceedings,
    search,
    semanticscholar,
)
from adapters.lookup.citing import CitingPapers
from adapters.lookup.search import SearchService, SearchSpec
from adapters.lookup.service import LookupService, Spec
from bot.config import Settings
from bot.errors import UserError
from bot.ports import Clock, Services, ServiceStore, Sleep

LOOKUPS: Mapping[str, tuple[Spec, ...]] = {
    "arxiv": (arxiv.SPEC,),
    "biorxiv": (biorxiv.SPEC,),
    "crossref": (dois.CROSSREF,),
    "datacite": (dois.DATACITE,),
    "europepmc": (europepmc.SPEC,),
    "openreview": (openreview.SPEC, openreview.FIRST),
    "semanticscholar": (semanticscholar.SPEC,),
    "acl": (bibliographies.ACL,),
    "dblp": (bibliographies.DBLP,),
    "pmlr": (proceedings.PMLR,),
    "neurips": (proceedings.NEURIPS, proceedings.NEURIPS_DATASETS),
}
"""What looks papers up, by the names in the settings; where several may know a paper, they are asked in this order."""

SEARCHES: Mapping[str, SearchSpec] = {"arxiv": search.ARXIV, "openalex": search.OPENALEX}


def build_services(settings: Settings, clock: Clock, sleep: Sleep, store: ServiceStore) -> Services:
    """The services that are switched on. Raises UserError for a name there is not."""
    require_known(settings)
    specs = [spec for name, known in LOOKUPS.items() if name in settings.lookup for spec in known]
    searches = [spec for name, spec in SEARCHES.items() if name in settings.search_services]
    return Services(
        papers=[LookupService(spec, settings, clock, sleep, store) for spec in specs],
        searches=[SearchService(spec, settings, clock, sleep, store) for spec in searches],
        citations=CitingPapers(settings, clock, sleep, store) if CitingPapers.name in settings.lookup else None,
    )


def require_known(settings: Settings) -> None:
    """Raises UserError for a service in the settings that nobody knows."""
    for names, known in ((settings.lookup, LOOKUPS), (settings.search_services, SEARCHES)):
        for name in names:
            if name not in known:
                raise UserError(f"No service is called {name!r}. There are: {', '.join(known)}.")
