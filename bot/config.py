"""Settings: read once from the environment and `.env`, then passed down."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that can be set; `.env.example` documents each setting."""

    model_config = SettingsConfigDict(
        env_prefix="PAPERBOY_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["console", "json"] = "console"

    sources: _Names = ("huggingface", "arxiv")
    arxiv_categories: _Names = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
    contact: str = ""
    huggingface_url: str = "https://huggingface.co"
    arxiv_api_url: str = "https://export.arxiv.org/api/query"
    arxiv_rss_url: str = "https://rss.arxiv.org/rss"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    hf_token: SecretStr = Field(default=SecretStr(""), validation_alias="HF_TOKEN")

    @field_validator("sources", "arxiv_categories", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`a, b` in the environment is a list of two."""
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The database's URL: PostgreSQL where one is set, else a SQLite file in the data directory."""
        return self.database_url.get_secret_value() or f"sqlite+aiosqlite:///{self.data_dir / 'paperboy.db'}"

    @property
    def index_dir(self) -> Path:
        """Where the search index lives."""
        return self.data_dir / "index"
