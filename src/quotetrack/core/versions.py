"""The version of quotetrack, and the names of the code that makes derived rows.

Change a name whenever the output of its stage would change.
"""

from __future__ import annotations

from importlib.metadata import version

EXTRACTOR = "reader-22"
REPORTER = "reported-2"
LINKER = "link-4"
RELATER = "related-2"
MATCHER = "fact-checks-1"
GROUPER = "talking-points-1"


def package_version() -> str:
    """Return the version of the installed package."""
    return version("quotetrack")
