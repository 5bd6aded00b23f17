"""Which services there are, and which are switched on."""

import pytest

from adapters.lookup import LOOKUPS, SEARCHES, build_services
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.errors import UserError
from storage.sql.store import SqlStore
from tests.support.lookup.bodies import HASH, SHA, lookup_settings
from tests.support.sources.world import FakeClock, ReplayServer


def test_every_service_is_switched_on_unless_somebody_says_otherwise() -> None:
    settings = Settings(_env_file=None)
    assert settings.lookup == tuple(LOOKUPS)
    assert settings.search_services == tuple(SEARCHES)


@pytest.mark.parametrize(
    ("paper_id", "asked"),
    [
        ("2310.06825", ["arxiv"]),
        ("hep-th/9901001", ["arxiv"]),
        ("doi:10.1145/3292500", ["crossref", "datacite"]),
        ("doi:10.1101/2021.01.01.425001", ["biorxiv", "crossref", "datacite"]),
        ("doi:10.1101/425001", ["biorxiv", "crossref", "datacite"]),
        ("pmid:31452104", ["europepmc"]),
        ("pmc:PMC7012345", ["europepmc"]),
        ("ppr:PPR1234", ["europepmc"]),
        ("openreview:B11bwYgfM", ["openreview", "openreview"]),
        (f"s2:{SHA}", ["semanticscholar"]),
        ("slug:invented-cells", ["semanticscholar"]),
        ("acl:P19-1001", ["acl"]),
        ("dblp:conf/nips/VaswaniSPUJGKP17", ["dblp"]),
        ("pmlr:v97/tan19a", ["pmlr"]),
        (f"neurips:2017/{HASH}", ["neurips"]),
        ("local:17", []),
        ("title:0123", []),
        ("LoRA:lowrank", []),
    ],
)
def test_who_is_asked_for_an_id(
    server: ReplayServer, clock: FakeClock, store: SqlStore, paper_id: str, asked: list[str]
) -> None:
    services = build_services(lookup_settings(server), clock, clock.sleep, store)
    assert [service.name for service in services.papers if service.has(PaperId(paper_id))] == asked


def test_a_service_that_is_switched_off_is_not_asked(server: ReplayServer, clock: FakeClock, store: SqlStore) -> None:
    settings = lookup_settings(server, lookup="crossref, arxiv", search_services="off")
    services = build_services(settings, clock, clock.sleep, store)
    assert [service.name for service in services.papers] == ["arxiv", "crossref"]
    assert services.searches == []


def test_an_unknown_service_is_a_mistake_that_names_those_there_are(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    with pytest.raises(UserError, match="No service is called 'google'"):
        build_services(lookup_settings(server, lookup="google"), clock, clock.sleep, store)
