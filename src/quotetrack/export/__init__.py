"""Write utterances for other programs, each sighting with everything that is needed to find it in its article."""

from __future__ import annotations

from quotetrack.export.csv import COLUMNS, write_csv
from quotetrack.export.text_fragment import text_fragment_link

__all__ = ["COLUMNS", "text_fragment_link", "write_csv"]
