"""The sample newsroom: a dozen invented articles by six invented outlets about invented people."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def folder() -> Path:
    """The folder that holds the articles and nothing else, ready for `quotetrack ingest`."""
    return Path(str(files(__name__) / "newsroom"))
