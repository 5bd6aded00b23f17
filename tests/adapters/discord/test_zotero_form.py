"""A library of Zotero connected in a form on Discord."""

from adapters.discord.zotero_form import connected, zotero_modal
from bot.chat.zotero_form import ZoteroForm
from bot.domain.people import Account, person_key
from tests.support.discord.limits import check_modal
from tests.support.discord.world import World, answered, texts
from tests.support.zotero import API_KEY, GROUP, beside


async def test_import_leads_to_the_form_and_the_key_is_seen_by_nobody(world: World) -> None:
    async with beside(world.app) as fake:
        shown = await world.ana.slash(world.papers, "papers import")
        state = await world.ana.click(answered(shown), label="Connect Zotero")
        form = await world.ana.click(answered(state), label="Connect")
        assert form.modal
        assert [row["component"]["custom_id"] for row in form.modal["components"]] == ["key", "library", "collection"]
        sent = await world.ana.submit_modal(form, {"key": API_KEY, "library": "", "collection": "Reading"})
        assert sent.ephemeral
        assert "Connected with **ana**." in texts(answered(sent))
        library = await world.app.store.zotero_library(
            person_key(await world.app.store.person(Account("discord", str(world.ana.id))))
        )
        assert library
        assert library.collection == fake.collection("Reading")


async def test_the_form_of_a_channel_is_for_those_who_manage_the_server(world: World) -> None:
    async with beside(world.app):
        for somebody, told in ((world.ben, "for its admins"), (world.ana, "Connected with **Lab of eight**.")):
            shown = await somebody.slash(world.papers, "papers import")
            state = await somebody.click(answered(shown), label="Connect Zotero")
            channel = await somebody.click(answered(state), label="For this channel")
            form = await somebody.click(answered(channel), label="Connect")
            sent = await somebody.submit_modal(form, {"key": API_KEY, "library": "", "collection": ""})
            assert told in texts(answered(sent))
        library = await world.app.store.zotero_library(f"discord:{world.guild.id}:{world.papers.id}")
        assert library
        assert library.path == GROUP


def test_a_form_says_for_whom_and_other_forms_are_none() -> None:
    modal = zotero_modal(ZoteroForm("channel"))
    check_modal(modal.to_dict())
    data = {"custom_id": modal.custom_id, "components": [{"component": {"custom_id": "library", "value": "1"}}]}
    assert connected(data) == (ZoteroForm("channel"), {"library": "1"})
    assert connected({"custom_id": "note:x"}) is None
