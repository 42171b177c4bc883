"""The sample newsroom: twelve invented articles of six invented outlets about invented people."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def folder() -> Path:
    """Return the folder with the articles and nothing else, for `quotetrack ingest`."""
    return Path(str(files(__name__) / "newsroom"))
