"""Input and output of commands: data on standard output, messages and one-line errors on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, NoReturn, TextIO

import typer

from quotetrack.cli.exit_codes import DONE, ERROR, INTERRUPTED, TERMINATED
from quotetrack.core.domain import Failure, LeftOut
from quotetrack.core.errors import QuotetrackError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from quotetrack.render.schemas import Json

STDIO = "-"
_OBEYED = (range(0x7F, 0xA0), range(0x2028, 0x202F), range(0x2066, 0x206A), range(0xD800, 0xE000))
_ESCAPED_IN_JSON = {code: f"\\u{code:04x}" for codes in _OBEYED for code in codes}
MOST_FAILURES_SHOWN = 20  # lines; the database has all of them


class Terminated(BaseException):
    """Somebody asked the process to end, with SIGTERM. No `except Exception` on the way can swallow it."""


# Output


def warn(line: str) -> None:
    """Print a line on standard error. Control characters in it, which may be data, are shown and not obeyed.

    Where standard error cannot be written (its disk is full, or its reader is gone) the line is lost, and work goes on:
    the exit code tells how it ended.
    """
    from quotetrack.render.text import visible

    with suppress(OSError):
        typer.echo(visible(line), err=True)


def warn_of_more(found: Sequence[object], limit: int) -> None:
    """Print on standard error that a list was cut, if more than `limit` were found."""
    if len(found) > limit:
        warn(f"There are more. To show them: --limit {2 * limit}")


def fail(line: str, code: int = ERROR) -> NoReturn:
    """Print a line on standard error, and end the command."""
    warn(f"quotetrack: {line}")
    raise typer.Exit(code)


def print_json(value: Json) -> None:
    """Print indented JSON on standard output."""
    typer.echo(json_text(value, indent=2))


def print_json_line(value: Json) -> None:
    """Print JSON on one line of standard output."""
    typer.echo(json_text(value))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on standard output. Control characters in them, which may be data, are shown and not obeyed."""
    from quotetrack.render.text import visible

    print_styled_lines(map(visible, lines))


def print_styled_lines(lines: Iterable[str]) -> None:
    """Print lines with colours and links of ours on standard output; the data in them must be `visible` already."""
    for line in lines:
        typer.echo(line)


def print_table(table: RenderableType) -> None:
    """Print a table on standard output, as wide as the terminal."""
    from rich.console import Console

    Console(file=sys.stdout, highlight=False, markup=False).print(table)


def print_failures(failures: Sequence[Failure], number: int | None = None, see_all: str = "") -> None:
    """Print the first failures on standard error, and how many more there are.

    `number` counts them all where `failures` has only some. `see_all` says where the others are listed.
    """
    for failure in failures[:MOST_FAILURES_SHOWN]:
        warn(f"failed: {failure.where}: {failure.reason}")
    hidden = (len(failures) if number is None else number) - MOST_FAILURES_SHOWN
    if hidden > 0:
        warn(f"... and {hidden} more{see_all}")


def print_left_out(left_out: Sequence[LeftOut]) -> None:
    """Print on standard error what was left out although nothing failed."""
    for each in left_out[:MOST_FAILURES_SHOWN]:
        warn(f"left out: {each.where}: {each.number} {each.reason}")
    if len(left_out) > MOST_FAILURES_SHOWN:
        warn(f"... and {sum(each.number for each in left_out[MOST_FAILURES_SHOWN:])} more")


def print_notices(notices: Sequence[Failure]) -> None:
    """Print on standard error of which articles something may be missing, the first ones by name."""
    for notice in notices[:MOST_FAILURES_SHOWN]:
        warn(f"note: {notice.where}: {notice.reason}")
    if len(notices) > MOST_FAILURES_SHOWN:
        warn(f"... and {len(notices) - MOST_FAILURES_SHOWN} more notes")


@contextmanager
def opened_output(path: str) -> Iterator[TextIO]:
    """Open a file for writing, or standard output for `-`: UTF-8, line ends unchanged, as CSV needs it."""
    if path != STDIO:
        with open(path, "w", encoding="utf-8", newline="") as out:
            yield out
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a progress bar for each step on a terminal; elsewhere show nothing."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step, _done, _of: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def on_progress(step: str, done: int, of: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of)
            bars.update(tasks[step], completed=done)

        yield on_progress


def is_terminal() -> bool:
    """Return whether standard output is a terminal that knows more than plain lines."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def json_text(value: Json, indent: int | None = None) -> str:
    """Return JSON with escapes for the characters that a terminal would obey or cannot print, and `json` leaves."""
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_ESCAPED_IN_JSON)


# Input


@contextmanager
def opened_input(file: str) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, or standard input for `-`."""
    if file == STDIO:
        yield sys.stdin.buffer
    else:
        with open(file, "rb") as stream:
            yield stream


# Errors


@contextmanager
def errors_reported() -> Iterator[None]:
    """Turn every error that a user can act on into one line on standard error and an exit code; let others pass."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        warn("Interrupted. Everything committed is kept, and the next run continues from there.")
        raise typer.Exit(INTERRUPTED) from None
    except Terminated:
        warn("Ended by SIGTERM. Everything committed is kept, and the next run continues from there.")
        raise typer.Exit(TERMINATED) from None
    except BrokenPipeError:  # the reader of our output has closed it, as `| head` does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 until the process ends
        raise typer.Exit(DONE) from None
    except OSError as error:
        file = f"{error.filename}: " if error.filename else ""
        fail(f"{file}{error.strerror or error}")
    except ImportError as error:
        fail(f"{error}. Run `quotetrack doctor` to see what is missing.")
    except OverflowError:  # an id greater than any that a database holds
        fail("There is nothing with this number: it is greater than any that the database can hold.")
    except QuotetrackError as error:
        warn(f"quotetrack: {error}")
        if error.hint:
            warn(error.hint)
        raise typer.Exit(error.exit_code) from None


@contextmanager
def errors_reported_at_the_end() -> Iterator[None]:
    """Report what is raised outside of every command: by --help and --version, and before a command begins."""
    try:
        yield
    except Terminated:
        sys.exit(TERMINATED)
    except OSError as error:
        warn(f"quotetrack: {error.strerror or error}")
        sys.exit(ERROR)
