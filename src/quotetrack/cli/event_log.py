"""The log of a long run: each event a line of JSON, written at once."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from quotetrack.cli.console import warn

if TYPE_CHECKING:
    from quotetrack.pipeline.nightly import OnEvent

PRIVATE = 0o600  # a log names what was read


@contextmanager
def event_log(path: Path | None) -> Iterator[OnEvent]:
    """Yield a function that appends each event to the file as a JSON line, with its time in UTC.

    Every line is flushed: a run may be killed. Without a path, events are ignored. A line that cannot be written
    is lost, and that is said once: a full disk under the log ends no night.
    """
    from quotetrack.pipeline.nightly import ignore_event

    if path is None:
        yield ignore_event
        return
    import structlog

    to_json = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),  # in ASCII: some readers end a line at U+2028
        ]
    )
    log = logging.getLogger("quotetrack.events")
    log.setLevel(logging.INFO)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    events = structlog.wrap_logger(log, processors=[stamp, structlog.stdlib.ProcessorFormatter.wrap_for_formatter])
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, PRIVATE), "ab", buffering=0) as file:
        handler = _LogHandler(file, path)
        handler.setFormatter(to_json)
        log.addHandler(handler)

        def on_event(event: str, fields: Mapping[str, str | float | None]) -> None:
            events.info(event, **fields)

        try:
            yield on_event
        finally:
            log.removeHandler(handler)


class _LogHandler(logging.Handler):
    """Writes each event at once, as a line. Says once if the log cannot be written."""

    def __init__(self, file: RawIOBase, path: Path) -> None:
        super().__init__()
        self._file = file
        self._path = path
        self._is_incomplete = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write an event."""
        try:
            self._file.write(f"{self.format(record)}\n".encode())
        except OSError as error:
            if not self._is_incomplete:
                warn(f"{self._path}: {error.strerror}: the log is incomplete")
            self._is_incomplete = True
