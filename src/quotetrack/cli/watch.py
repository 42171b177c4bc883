"""Commands about saved questions: `watch add | list | remove | report`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    STDIO,
    errors_reported,
    is_terminal,
    json_text,
    opened_output,
    print_json,
    print_lines,
    print_styled_lines,
    warn,
)
from quotetrack.cli.options import ByOption, DatabaseOption, JsonOption, opened_store, user_or, utc_now
from quotetrack.cli.root import watch_app

if TYPE_CHECKING:
    from quotetrack.core.domain import WatchReport


class _Format(StrEnum):
    """The form of a report."""

    TEXT = "text"
    HTML = "html"
    RSS = "rss"
    JSON = "json"


@watch_app.command("add", epilog='Example: quotetrack watch add "what did Orla Venn say about the ferry"')
def add_watch(
    question: Annotated[str, typer.Argument(help="A question, as for `ask`.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Save a question. Each night finds what answers it; `watch report` lists what is new from now on."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.render.answers import speaker_hint_lines
        from quotetrack.review.watches import add
        from quotetrack.search.understanding import understood_text

        watch, understood = add(sessions, question, added_by=user_or(by), now=utc_now())
        print_lines([f"Saved as question {watch.id}. {understood_text(understood)}"])
        for line in speaker_hint_lines(understood):
            warn(line)


@watch_app.command("list", epilog="Example: quotetrack watch list")
def list_watches(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the saved questions: number, how many utterances no report has listed yet, question."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.schemas import WatchSchema
        from quotetrack.render.watches import watch_line
        from quotetrack.review.watches import saved

        watches = saved(sessions)
        if as_json:
            print_json([WatchSchema.of(watch).to_json() for watch in watches])
        else:
            print_lines(map(watch_line, watches))
        if not watches:
            warn('No question is saved. Save one: quotetrack watch add "what did X say about Y"')


@watch_app.command("remove", epilog="Example: quotetrack watch remove 3")
def remove_watch(
    number: Annotated[int, typer.Argument(help="The number of the question, as `watch list` prints it.")],
    database: DatabaseOption = None,
) -> None:
    """Remove a saved question."""
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.watches import remove

        removed = remove(sessions, number, now=utc_now())
        print_lines([f"Removed question {removed.id}: {removed.question}"])


@watch_app.command("report", epilog="Example: quotetrack watch report --format rss --output new.xml")
def report(
    form: Annotated[_Format, typer.Option("--format", help="The form of the report.")] = _Format.TEXT,
    output: Annotated[str, typer.Option("--output", metavar="FILE|-", help="Where to write it.")] = STDIO,
    peek: Annotated[bool, typer.Option("--peek", help="Leave everything new for the next report.")] = False,
    database: DatabaseOption = None,
) -> None:
    """List what the saved questions have found since the last report, and nothing twice."""
    with errors_reported(), opened_store(database, read_only=peek) as sessions:
        from quotetrack.review.watches import mark
        from quotetrack.review.watches import report as new_of

        now = utc_now()
        reports = new_of(sessions)
        if form is _Format.TEXT and output == STDIO:
            _print_text(reports)
        else:
            with opened_output(output) as out:
                out.write(_written(reports, form, now))
        if not peek:  # after the report is written: what could not be written is in the next one
            mark(sessions, utc_now(), now)
        if output != STDIO:
            warn(f"Wrote {sum(len(each.utterances) for each in reports)} new utterances to {output}.")


def _print_text(reports: Sequence[WatchReport]) -> None:
    from quotetrack.render.watches import report_lines

    print_styled_lines(report_lines(reports, is_terminal=is_terminal()))


def _written(reports: Sequence[WatchReport], form: _Format, now: datetime) -> str:
    from quotetrack.render.watches import report_html, report_lines, report_rss

    match form:
        case _Format.TEXT:
            return "".join(f"{line}\n" for line in report_lines(reports))
        case _Format.HTML:
            return report_html(reports, now)
        case _Format.RSS:
            return report_rss(reports, now)
        case _Format.JSON:
            from quotetrack.render.schemas import WatchReportSchema

            return f"{json_text([WatchReportSchema.reported(each).to_json() for each in reports], indent=2)}\n"
