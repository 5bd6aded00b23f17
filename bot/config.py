"""Settings: read once from the environment and `.env`, then passed down."""

import os
import re
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

_Names = tuple[str, ...]
_Queries = tuple[str, ...]


def _web_address(value: str) -> str:
    """Raises ValueError for what is none."""
    if not re.match(r"https?://[^\s/]", value):
        raise ValueError(f"{value!r} is no address that begins with https:// or http://")
    return value


_Address = Annotated[str, AfterValidator(_web_address)]


_PART = r"(?:\{(?:author|year|word|id)\}|[A-Za-z0-9_:.+-])"


def _citation_key(value: str) -> str:
    """Raises ValueError for what makes no keys; the year alone is none."""
    if not re.fullmatch(rf"{_PART}*\{{(?:author|word|id)\}}{_PART}*", value):
        parts = "{author}, {word} or {id}, perhaps {year}, and what joins them"
        raise ValueError(f"{value!r} makes no keys; write {parts}")
    return value


class Settings(BaseModel):
    """Everything that can be set; `.env.example` documents each setting."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    encoder: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["console", "json"] = "console"

    sources: _Names = ("huggingface", "arxiv")
    arxiv_categories: _Names = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
    biorxiv_categories: _Names = ()
    medrxiv_categories: _Names = ()
    pubmed_queries: _Queries = ()
    europepmc_queries: _Queries = ()
    journals: _Names = ()
    openreview_venues: _Names = ()
    feeds: _Names = ()
    lookup: _Names = (
        "arxiv",
        "biorxiv",
        "crossref",
        "datacite",
        "europepmc",
        "openreview",
        "semanticscholar",
        "acl",
        "dblp",
        "pmlr",
        "neurips",
    )
    lookup_seconds: float = Field(default=6.0, gt=0, allow_inf_nan=False)
    search_services: _Names = ("arxiv", "openalex")
    citations_per_sync: int = Field(default=1_000, ge=50)
    most_followed: int = Field(default=100, ge=0)
    contact: str = ""
    citation_key: Annotated[str, AfterValidator(_citation_key)] = "{author}{year}{word}"
    huggingface_url: _Address = "https://huggingface.co"
    arxiv_api_url: _Address = "https://export.arxiv.org/api/query"
    arxiv_rss_url: _Address = "https://rss.arxiv.org/rss"
    arxiv_oai_url: _Address = "https://oaipmh.arxiv.org/oai"
    biorxiv_api_url: _Address = "https://api.biorxiv.org"
    pubmed_api_url: _Address = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    europepmc_api_url: _Address = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    crossref_api_url: _Address = "https://api.crossref.org"
    datacite_api_url: _Address = "https://api.datacite.org"
    openreview_api_url: _Address = "https://api2.openreview.net"
    openreview_old_api_url: _Address = "https://api.openreview.net"
    semanticscholar_api_url: _Address = "https://api.semanticscholar.org"
    openalex_api_url: _Address = "https://api.openalex.org"
    acl_url: _Address = "https://aclanthology.org"
    dblp_url: _Address = "https://dblp.org"
    pmlr_url: _Address = "https://proceedings.mlr.press"
    neurips_url: _Address = "https://papers.nips.cc"
    neurips_datasets_url: _Address = "https://datasets-benchmarks-proceedings.neurips.cc"
    zotero: bool = True
    zotero_api_url: _Address = "https://api.zotero.org"
    zotero_most_items: int = Field(default=20_000, ge=1)
    ncbi_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="NCBI_API_KEY")
    openalex_key: SecretStr = SecretStr("")
    hf_token: SecretStr = Field(default=SecretStr(""), validation_alias="HF_TOKEN")

    sync_every: int = Field(default=30, ge=1)
    wait_for_sync: int = Field(default=20, ge=0)
    disable_after: int = Field(default=5, ge=1)
    limit_person: int = Field(default=120, ge=0)
    limit_workspace: int = Field(default=1_200, ge=0)

    discord_token: SecretStr = Field(default=SecretStr(""), validation_alias="DISCORD_TOKEN")
    discord_shards: str = ""
    discord_linked_papers: bool = False
    discord_api_url: str = "https://discord.com/api/v10"

    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_client_id: str = Field(default="", validation_alias="SLACK_CLIENT_ID")
    slack_client_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_CLIENT_SECRET")
    slack_api_url: str = "https://slack.com/api/"
    token_keys: tuple[SecretStr, ...] = ()

    mail_from: str = ""
    mail_bounces: str = ""
    mail_hook_secret: SecretStr = SecretStr("")
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_connections: int = Field(default=4, ge=1, le=100)
    smtp_per_minute: int = Field(default=60, ge=1)
    dkim_key_file: Path | None = None
    dkim_selector: str = "paperboy"

    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    metrics_secret: SecretStr = SecretStr("")
    mcp_token: SecretStr = SecretStr("")
    http_proxies: int = Field(default=0, ge=0)

    def __init__(self, *, _env_file: Path | str | None = ".env", **given: Any) -> None:
        """Take what is given, then the environment, then a file; an empty variable is as if it were not there.

        Those with a variable of another name than their own, such as `DISCORD_TOKEN`, are given by it.
        Raises ValidationError, and UnicodeDecodeError for a file that is not written in UTF-8.
        """
        # `${` is two characters: python-dotenv would expand it, even between single quotes.
        written = dotenv_values(_env_file, interpolate=False, encoding="utf-8") if _env_file else {}
        present = {name.upper(): value for name, value in chain(written.items(), os.environ.items()) if value}
        read = {
            str(field.validation_alias or name): present[variable]
            for name, field in type(self).model_fields.items()
            if (variable := variable_of(name)) in present
        }
        super().__init__(**{**read, **given})

    @field_validator("lookup", "search_services", mode="before")
    @classmethod
    def _split_services(cls, value: object) -> object:
        """`off` is none: an empty variable is as if it were not there."""
        return () if value == "off" else cls._split(value)

    @field_validator("pubmed_queries", "europepmc_queries", mode="before")
    @classmethod
    def _split_queries(cls, value: object) -> object:
        """Queries may have commas, so semicolons separate them."""
        return tuple(filter(None, (part.strip() for part in value.split(";")))) if isinstance(value, str) else value

    @field_validator(
        "sources",
        "arxiv_categories",
        "biorxiv_categories",
        "medrxiv_categories",
        "journals",
        "openreview_venues",
        "feeds",
        "token_keys",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        """`a, b` in the environment is a list of two."""
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    @property
    def sync_interval(self) -> timedelta:
        """The time between two syncs of the sources."""
        return timedelta(minutes=self.sync_every)

    @property
    def database(self) -> str:
        """The database's URL: PostgreSQL where one is set, else a SQLite file in the data directory."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.data_dir / 'paperboy.db'}"

    @property
    def index_dir(self) -> Path:
        """Where the search index lives."""
        return self.data_dir / "index"


def variable_of(name: str) -> str:
    """The variable that a setting is read from: `PAPERBOY_LOOKUP` for `lookup`."""
    return str(Settings.model_fields[name].validation_alias or f"PAPERBOY_{name.upper()}")


def make_key() -> str:
    """A new one of the `token_keys`, to encrypt tokens and to sign links with, as Fernet takes them."""
    from base64 import urlsafe_b64encode
    from secrets import token_bytes

    return urlsafe_b64encode(token_bytes(32)).decode()
