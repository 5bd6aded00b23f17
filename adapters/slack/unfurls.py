"""`link_shared`: the card of a paper under the link to it, where an admin has switched that on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.channels import Channels
from adapters.slack.client import Api
from adapters.slack.manifest import DOMAINS
from adapters.slack.render import Block, render
from adapters.slack.requester import Body, Profiles, moment, place
from bot.chat.shared_links import SharedMessage
from bot.chat.unfurling import Unfurling
from bot.domain.links import id_of_link, site_of
from bot.domain.paper_ids import PaperId
from bot.errors import DeliveryError

log = structlog.get_logger()


def unfurled(text: str) -> set[PaperId]:
    """The papers to which a message's text, as Slack sends it, has links that unfurl."""
    return {paper_id for url in _LINK.findall(text) if (paper_id := _paper(url))}


def _paper(url: str) -> PaperId | None:
    host = site_of(url)
    known = any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)
    return id_of_link(url) if known else None


_LINK = re.compile(r"<(https?://[^<>|\s]+)")


class Unfurls:
    """Shows cards under links; links to what is no paper, or to one that nobody knows, stay as they are."""

    def __init__(self, unfurling: Unfurling, profiles: Profiles, channels: Channels, api: Api) -> None:
        self._unfurling = unfurling
        self._profiles = profiles
        self._channels = channels
        self._api = api

    async def take(self, body: Body, client: AsyncWebClient, team: str) -> None:
        """Show the cards of the papers that a posted message links to; what is still being typed has none."""
        event = body["event"]
        if event.get("source") == "composer":
            return
        user, channel, message = str(event["user"]), str(event["channel"]), str(event["message_ts"])
        where = place(team, channel, user)
        account = await self._profiles.account(body, client, team, user)
        shared = SharedMessage(message, account, where, moment(message))
        permalink = self._channels.permalinks(client, channel)
        cards = dict[str, Block]()
        for url, paper_id in _papers(event["links"]):
            card = await self._unfurling.message(shared, paper_id, permalink)
            if card:
                cards[url] = {"blocks": render(card).blocks}
        if cards:
            await self._show(client, channel, message, cards)

    async def _show(self, client: AsyncWebClient, channel: str, message: str, cards: dict[str, Block]) -> None:
        try:
            await self._api.call(client.chat_unfurl, channel=channel, ts=message, unfurls=cards)
        except DeliveryError as error:
            log.info("a link was not unfurled", reason=str(error))


def _papers(links: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, PaperId]]:
    """The links of an event that are about papers; of several to one paper the first."""
    seen = set[PaperId]()
    for url in (str(link["url"]) for link in links):
        paper_id = _paper(url.replace("&amp;", "&"))
        if paper_id and paper_id not in seen:
            seen.add(paper_id)
            yield url, paper_id
