"""What people follow is read."""

from collections.abc import AsyncIterator

import pytest

from bot.config import Settings
from bot.domain.people import Topic
from bot.library.following import Following, Stream, streams_of
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite

PLACE = "discord:1:2"


@pytest.fixture
async def store(sqlite: Sqlite) -> AsyncIterator[SqlStore]:
    async with await SqlStore.open(sqlite.migrated()) as opened:
        yield opened


def following(**chosen: object) -> Following:
    settings = Settings(_env_file=None, sources=("arxiv",), arxiv_categories=("cs.LG",))
    return Following(settings.model_copy(update=chosen))


async def follow(store: SqlStore, *topics: str, owner: str = PLACE, wanted: bool = True) -> list[str]:
    for topic in topics:
        await store.follow(owner, Topic(topic, wanted=wanted))
    return list(topics)


@pytest.mark.parametrize(
    ("topic", "streams"),
    [
        ("cat:q-bio.bm folding", [Stream("arxiv_categories", "q-bio.BM")]),
        ("cat:cell-biology", [Stream("biorxiv_categories", "cell biology")]),
        ('cat:"Cell Biology"', [Stream("biorxiv_categories", "cell biology")]),
        ("cat:oncology", [Stream("medrxiv_categories", "oncology")]),
        ("cat:pathology", [Stream("biorxiv_categories", "pathology"), Stream("medrxiv_categories", "pathology")]),
        ("source:bioRxiv", [Stream("sources", "biorxiv")]),
        ('journal:"Nature Medicine"', [Stream("journals", "nature medicine")]),
        ("source:pubmed", []),
        ("protein folding author:jumper", []),
        ("-cat:q-bio.BM folding", []),
        ("cat:nothing", []),
        ("sort:odd", []),
    ],
)
def test_a_topic_says_what_has_to_be_read_for_it(topic: str, streams: list[Stream]) -> None:
    assert list(streams_of(topic)) == streams


def test_an_archive_is_all_its_categories() -> None:
    assert {stream.value for stream in streams_of("cat:econ")} == {"econ", "econ.EM", "econ.GN", "econ.TH"}


async def test_what_anybody_follows_is_read_beside_the_settings(store: SqlStore) -> None:
    await follow(store, "cat:q-bio.BM", "cat:cs.LG", owner="person:1")
    await follow(store, "journal:nature", "cat:neuroscience")
    await follow(store, "cat:cs.CR", wanted=False)
    settings = await following().settings(store)
    assert settings.arxiv_categories == ("cs.LG", "q-bio.BM")
    assert settings.sources == ("arxiv", "journals", "biorxiv")
    assert (settings.biorxiv_categories, settings.journals) == (("neuroscience",), ("nature",))


async def test_a_source_that_is_followed_is_read_as_a_whole(store: SqlStore) -> None:
    await follow(store, "cat:neuroscience", "source:biorxiv")
    settings = await following().settings(store)
    assert (settings.sources, settings.biorxiv_categories) == (("arxiv", "biorxiv"), ())


async def test_categories_set_for_a_source_that_is_off_are_not_read_with_those_followed(store: SqlStore) -> None:
    await follow(store, "cat:math.AG")
    settings = await following(sources=("biorxiv",)).settings(store)
    assert (settings.sources, settings.arxiv_categories) == (("biorxiv", "arxiv"), ("math.AG",))


async def test_nobody_following_leaves_the_settings_as_they_are(store: SqlStore) -> None:
    chosen = following(sources=("biorxiv",), biorxiv_categories=("ecology",))
    await follow(store, "cat:ecology", "source:biorxiv", "protein folding")
    settings = await chosen.settings(store)
    assert (settings.sources, settings.biorxiv_categories) == (("biorxiv",), ("ecology",))


async def test_an_archive_in_the_settings_is_read_already(store: SqlStore) -> None:
    new = await follow(store, "cat:q-bio.BM", "cat:math")
    assert await following(arxiv_categories=("all",)).tell(store, new) == ""
    assert await following(arxiv_categories=("q-bio", "math")).tell(store, new) == ""


async def test_a_channel_is_told_at_once_what_is_read_from_now_on(store: SqlStore) -> None:
    new = await follow(store, "cat:q-bio.BM", "cat:cs.LG diffusion", "protein folding")
    assert await following().tell(store, new) == "q-bio.BM is read from the next sync on."
    again = await follow(store, "folding cat:q-bio.BM", owner="person:1")
    assert await following().tell(store, again) == "", "it is read already, because another channel follows it"


async def test_an_archive_is_told_in_few_words(store: SqlStore) -> None:
    new = await follow(store, "cat:q-bio")
    assert await following().tell(store, new) == "q-bio, q-bio.BM, q-bio.CB and 8 more are read from the next sync on."


async def test_a_channel_is_told_at_once_what_is_not_read_here(store: SqlStore) -> None:
    new = await follow(store, "cat:q-bio.BM", "cat:knitting", "source:pubmed")
    told = await following(most_followed=0).tell(store, new)
    assert told == (
        "q-bio.BM is not read here: whoever runs Paperboy chooses what is read. "
        "No source here has a category knitting. "
        "pubmed is not read here: whoever runs Paperboy has to set it up."
    )


async def test_no_more_is_read_than_the_operator_allows_and_the_first_come_first(store: SqlStore) -> None:
    await follow(store, "cat:q-bio.BM", "cat:q-bio.GN")
    late = await follow(store, "cat:math.AG", owner="person:1")
    capped = following(most_followed=2)
    assert (await capped.settings(store)).arxiv_categories == ("cs.LG", "q-bio.BM", "q-bio.GN")
    assert [stream.value for stream in await capped.streams(store)] == ["q-bio.BM", "q-bio.GN"]
    assert await capped.tell(store, late) == (
        "math.AG is not read here: whoever runs Paperboy lets people add 2, and that many are followed."
    )
