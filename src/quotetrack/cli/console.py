"""The terminal: data on standard output, everything else on standard error, and errors as one line and an exit code."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TextIO

import typer

from quotetrack.core.errors import QuotetrackError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from quotetrack.render.quotations import Json
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from quotetrack.core.domain import Failure

if TYPE_CHECKING:
    pass

DONE, ERROR, SOME_FAILED, LOCKED, INTERRUPTED = 0, 1, 3, 75, 130  # 2 is typer's own, for wrong usage
STDIO = "-"


def tell(line: str) -> None:
    """A line on standard error."""
    typer.echo(line, err=True)


def fail(line: str, code: int = ERROR) -> NoReturn:
    """A line on standard error, and the end."""
    tell(f"quotetrack: {line}")
    raise typer.Exit(code)


def print_json(value: Json) -> None:
    """JSON on standard output, for people who look at it as well."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_json_line(value: Json) -> None:
    """JSON on one line of standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def print_lines(lines: Iterable[str]) -> None:
    """Lines on standard output."""
    for line in lines:
        typer.echo(line)


def print_table(table: RenderableType) -> None:
    """A table on standard output, as wide as the terminal."""
    from rich.console import Console

    Console(file=sys.stdout, highlight=False, markup=False).print(table)


@contextmanager
def written(path: str) -> Iterator[TextIO]:
    """A file open for CSV, or standard output for `-`: UTF-8, and no line end changed."""
    if path != STDIO:
        with open(path, "w", encoding="utf-8", newline="") as out:
            yield out
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """What a long job reports to: bars on a terminal, nothing elsewhere."""
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


@contextmanager
def reported() -> Iterator[None]:
    """What a user can mend becomes one line on stderr and an exit code; a fault of ours stays what it is."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        tell("interrupted: everything committed stays, and the next run goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever reads us has seen enough: `| head`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 until the process ends
        raise typer.Exit(DONE) from None
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        fail(f"{named}{error.strerror or error}")
    except ImportError as error:
        fail(f"{error}: `quotetrack doctor` tells what is missing")
    except QuotetrackError as error:
        tell(f"quotetrack: {error}")
        if error.hint:
            tell(error.hint)
        raise typer.Exit(error.exit_code) from None


MOST_FAILURES_TOLD = 20  # lines; all of them are on file


@contextmanager
def opened_input(file: str) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, or standard input for `-`."""
    if file == STDIO:
        yield sys.stdin.buffer
    else:
        with open(file, "rb") as stream:
            yield stream


def tell_failures(failures: Sequence[Failure]) -> None:
    """Print the first failures on standard error, and how many more there are."""
    for failure in failures[:MOST_FAILURES_TOLD]:
        tell(f"failed: {failure.where}: {failure.reason}")
    if len(failures) > MOST_FAILURES_TOLD:
        tell(f"... and {len(failures) - MOST_FAILURES_TOLD} more")
