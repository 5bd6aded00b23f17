"""A library of Zotero connected on the settings page."""

from bot.domain.people import Account, person_key
from tests.support.email.world import YOU, Post
from tests.support.zotero import API_KEY, READ_ONLY, beside


async def test_a_library_is_connected_and_disconnected_by_whoever_has_the_link(post: Post, settings: str) -> None:
    _, page = await post.get(settings)
    assert "Zotero" not in page, "where it is off"
    async with beside(post.app) as fake:
        _, page = await post.get(settings)
        assert 'type="password"' in page
        status, page = await post.post(settings, do="zotero", key=READ_ONLY)
        assert (status, "may not write to your library" in page) == (200, True)
        status, page = await post.post(settings, do="zotero", key=API_KEY, library="", collection="Reading")
        assert (status, "Connected with ana." in page) == (200, True)
        library = await post.store.zotero_library(person_key(await post.store.person(Account("email", YOU, YOU))))
        assert library
        assert library.collection == fake.collection("Reading")
        _, page = await post.get(settings)
        assert "in step with the Zotero library of ana." in page
        assert API_KEY not in page
        assert 'type="password"' not in page
        fake.faults = [(403, {})]
        assert post.app.zotero
        await post.app.zotero.sync(library.owner)
        _, page = await post.get(settings)
        assert "does not let this API key do that. Connect it again." in page
        assert 'type="password"' in page
        status, page = await post.post(settings, do="zotero", key=API_KEY, library="", collection="Reading")
        assert "Connected with ana." in page
        await post.post(settings, do="zotero-off")
        assert (await post.store.count_zotero()).libraries == 0
