"""The names of the code that makes derived rows. Change a name whenever the output of its stage would change."""

from __future__ import annotations

EXTRACTOR = "reader-3"
LINKER = "link-2"
RELATER = "related-1"
