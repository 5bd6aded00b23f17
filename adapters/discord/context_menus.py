"""The menu of a message: save the papers it links to, or find similar ones."""

import discord
from discord import app_commands

from adapters.discord.commands import CONTEXTS, INSTALLS
from adapters.discord.interactions import interactions_of
from adapters.discord.places import Interaction, asked_in
from adapters.discord.responses import acknowledge
from adapters.discord.shared_links import papers_in
from bot.domain.messages import Choice, Message, Select, text
from bot.domain.papers import PaperId

MENUS = {"Save paper": "save", "Similar papers": "similar"}
"""What the menu offers -> the command it runs."""

CHOICES = 25


def menus() -> list[app_commands.ContextMenu]:
    """The entries of the menu."""
    return [_menu(name, word) for name, word in MENUS.items()]


def _menu(name: str, word: str) -> app_commands.ContextMenu:
    async def run(interaction: Interaction, message: discord.Message) -> None:
        await _chosen(interaction, message, word)

    return app_commands.ContextMenu(name=name, callback=run, allowed_installs=INSTALLS, allowed_contexts=CONTEXTS)


async def _chosen(interaction: Interaction, message: discord.Message, word: str) -> None:
    """Run the command for the message's paper; where there are several, ask for which."""
    if not await acknowledge(interaction, private=True):
        return
    interactions = interactions_of(interaction)
    store = interactions.app.store
    papers = await store.posted(asked_in(interaction).key, str(message.id)) or papers_in(message)
    if len(papers) == 1:
        answer = await interactions.ask(interaction, f"{word} {papers[0]}", ephemeral=True)
    else:
        titles = {stored.paper.id: stored.paper.title for stored in await store.papers(papers[:CHOICES])}
        answer = _which(word, papers[:CHOICES], titles) if papers else _none()
    await interactions.answers.show(interaction, answer, private=True)


def _which(word: str, papers: list[PaperId], titles: dict[PaperId, str]) -> Message:
    choices = tuple(Choice(titles.get(paper, paper), paper) for paper in papers)
    return Message(
        body=(text("This message is about several papers."),),
        selects=(Select("Which one?", f"{word} {{value}}", choices),),
    )


def _none() -> Message:
    said = "I found no paper in this message. I recognise links to arXiv, Hugging Face papers and DOIs, and arXiv ids."
    return Message(body=(text(said),))
