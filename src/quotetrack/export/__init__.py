"""Write utterances for other programs, each sighting with everything that is needed to find it in its article."""

from __future__ import annotations

from quotetrack.core.rows import COLUMNS
from quotetrack.export.csv import write_csv

__all__ = ["COLUMNS", "write_csv"]
