"""The command `shell`: one question after another, with history; everything is loaded once."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quotetrack.cli.ask import load_embedder_if_any, print_answer
from quotetrack.cli.console import errors_reported, is_terminal, print_lines, print_styled_lines, warn
from quotetrack.cli.options import DatabaseOption, opened_store, warn_if_stale
from quotetrack.cli.root import app
from quotetrack.core.errors import QuotetrackError

if TYPE_CHECKING:
    from quotetrack.search.understanding import Understood
    from quotetrack.store import Session

PROMPT = "> "
LONGEST_HISTORY = 1_000  # lines
WORDS = ("show N", "the utterance N"), ("find WORDS", "who said remembered words"), ("more", "the next page")
HELP = (
    "Ask a question, for example: what did Orla Venn say about the ferry",
    "Then: and about the pier?",
    *(f"  {words:<10}  {meaning}" for words, meaning in (*WORDS, ("quit", "or Ctrl-D"))),
)


@app.command(epilog="Example: quotetrack shell --database news.db")
def shell(database: DatabaseOption = None) -> None:
    """Ask one question after another: the model is loaded once, and a question may refer to the one before.

    Ctrl-C ends an answer, Ctrl-D the shell.
    """
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        warn_if_stale(sessions)
        if sys.stdin.isatty():
            print_lines(HELP)
        asked = _Asked()
        for line in _lines():
            try:
                with sessions() as session:
                    asked = _obey(session, line, asked)
            except QuotetrackError as error:
                warn(f"quotetrack: {error}")
            except KeyboardInterrupt:
                warn("Interrupted.")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question before, as it was understood, and the page that was shown."""

    question: str = ""
    understood: Understood | None = None
    page: int = 0


def _obey(session: Session, line: str, asked: _Asked) -> _Asked:
    """Do what a line asks for, and return the question to which the next one may refer."""
    word, _, rest = line.partition(" ")
    if word == "help":
        print_lines(HELP)
    elif word == "show" and rest.strip().isdecimal():
        _show(session, int(rest))
    elif word == "find" and rest.strip():
        _find(session, rest)
    elif line == "more" and asked.understood is None:
        warn("Ask a question first.")
    elif line == "more":
        return _answer(session, _Asked(asked.question, asked.understood, asked.page + 1))
    else:
        return _answer(session, _Asked(line, _understood(session, line, asked.understood), 1))
    return asked


def _understood(session: Session, question: str, previous: Understood | None) -> Understood:
    from quotetrack.search.understanding import understand

    return understand(session, question, today=date.today(), previous=previous)


def _answer(session: Session, asked: _Asked) -> _Asked:
    from quotetrack.search.answer import LIMIT, answer_question

    understood = asked.understood
    assert understood is not None
    answer = answer_question(
        session,
        asked.question,
        understood=understood,
        embedder=_embedder() if understood.needs_meaning else None,
        limit=LIMIT,
        page=asked.page,
    )
    print_answer(answer, LIMIT, asked.page)
    return asked


_embedder = cache(load_embedder_if_any)


def _show(session: Session, utterance_id: int) -> None:
    from quotetrack.render.quotations import utterance_lines
    from quotetrack.store.utterances import read_utterance

    shown = read_utterance(session, utterance_id)
    if shown is None:
        warn(f"There is no utterance {utterance_id}.")
    else:
        print_styled_lines(utterance_lines(shown, is_terminal=is_terminal()))


def _find(session: Session, words: str) -> None:
    from quotetrack.render.answers import NOTHING_CLOSE, match_lines
    from quotetrack.search.quote_lookup import find_quotations_like

    matches = find_quotations_like(session, words)
    for match in matches:
        print_styled_lines(match_lines(match, is_terminal=is_terminal()))
    if not matches:
        warn(NOTHING_CLOSE)


# Reading lines


def _lines() -> Iterator[str]:
    """Yield what the user types, without blank lines, until "quit" or the end of input. Ctrl-C drops a line."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    history = _open_history() if sys.stdin.isatty() else None
    try:
        while True:
            try:
                line = input(PROMPT if sys.stdin.isatty() else "")
            except KeyboardInterrupt:
                typer.echo()
                continue
            except EOFError:
                if sys.stdin.isatty():
                    typer.echo()
                return
            line = _printable(line)
            if line in ("quit", "exit"):
                return
            if line:
                yield line
    finally:
        if history is not None:
            _save_history(history)


def _printable(line: str) -> str:
    """Return a line with single spaces, in which a byte that is no UTF-8 is "�"."""
    from quotetrack.render.text import visible

    return " ".join(visible(line).split())


def _open_history() -> Path | None:
    """Read the history of former shells, and return its file; None without readline or a home folder."""
    try:
        import readline
    except ImportError:
        return None
    from platformdirs import user_state_path

    try:
        history = user_state_path("quotetrack", appauthor=False) / "history"
    except RuntimeError:  # a user without a home
        return None
    with suppress(OSError):
        readline.read_history_file(history)
    return history


def _save_history(history: Path) -> None:
    """Write the history for the next shell; where it cannot be written, there is none."""
    import readline

    with suppress(OSError):
        history.parent.mkdir(parents=True, exist_ok=True)
        readline.set_history_length(LONGEST_HISTORY)
        readline.write_history_file(history)
        history.chmod(0o600)
