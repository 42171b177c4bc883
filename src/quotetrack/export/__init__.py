"""Utterances for other people's programs, each sighting with all that one needs to go and look."""

from __future__ import annotations

from quotetrack.export.csv import COLUMNS, write_csv
from quotetrack.export.text_fragment import text_fragment_link

__all__ = ["COLUMNS", "text_fragment_link", "write_csv"]
