"""The program `quotetrack`: load the command that is asked for, and run it.

Importing this module loads nothing but a few modules of Python, so that Ctrl-C finds `main` running.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from importlib import import_module

from quotetrack.cli.exit_codes import INTERRUPTED

# Commands whose answer somebody waits for, and their modules. To load and describe all commands takes an eighth of a
# second, so with one of these as the first argument no other is loaded.
MODULE_OF = {
    "ask": "ask",
    "changes": "analysis",
    "compare": "analysis",
    "find": "ask",
    "show": "utterances",
    "timeline": "analysis",
}
OBJECTS_BEFORE_COLLECTION = 20_000  # new objects before the youngest are searched for garbage; Python's default is 700


def main() -> None:
    """Run the command line."""
    try:
        _run()
    except KeyboardInterrupt:  # before a command begins, when nothing has been done yet
        sys.exit(INTERRUPTED)


def _run() -> None:
    # What is imported stays until the end. To look for garbage in it, while it is imported and once more when Python
    # ends, took a quarter of the processor time of `ask`: 0.3 of 1.25 s.
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    atexit.register(gc.freeze)
    # Pydantic looks for plugins among all packages that are installed, .02 s, for models of ours that want none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _open_missing_streams()
    import signal

    from quotetrack.cli.console import errors_reported_at_the_end
    from quotetrack.cli.root import app

    signal.signal(signal.SIGTERM, _end)
    with errors_reported_at_the_end():
        load_commands(sys.argv[1:])
        app()


def load_commands(arguments: list[str]) -> None:
    """Load the command that the arguments begin with, if it is one that somebody waits for; else all of them."""
    module = MODULE_OF.get(arguments[0]) if arguments else None
    if module is None:
        import_module("quotetrack.cli.app")
    else:
        from quotetrack.cli.help_text import flow_paragraphs
        from quotetrack.cli.root import app

        import_module(f"quotetrack.cli.{module}")
        flow_paragraphs(app)


def _open_missing_streams() -> None:
    """Open what a caller closed (`>&-`): the next file that is opened, such as the database, would take its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 until the process ends


def _end(_signal: int, _frame: object) -> None:
    from quotetrack.cli.console import Terminated

    raise Terminated
