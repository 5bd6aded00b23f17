"""What sources need to know of the world they run in."""

import asyncio
from dataclasses import dataclass

from bot.ports import Clock, Sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Settings of all sources. `contact` (a URL or address) tells a service whom to ask; the URLs are their homes."""

    clock: Clock
    sleep: Sleep = asyncio.sleep
    contact: str = ""
    huggingface_token: str = ""
    huggingface_url: str = "https://huggingface.co"
    arxiv_categories: tuple[str, ...] = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
    arxiv_api_url: str = "https://export.arxiv.org/api/query"
    arxiv_rss_url: str = "https://rss.arxiv.org/rss"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
