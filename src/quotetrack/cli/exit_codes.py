"""The exit codes of `quotetrack`, as its --help lists them."""

from __future__ import annotations

DONE, ERROR, SOME_FAILED = 0, 1, 3  # 2 is typer's, for wrong usage; 75 is StoreLocked's
INTERRUPTED, TERMINATED = 130, 143  # 128 and the number of the signal, as shells have it
