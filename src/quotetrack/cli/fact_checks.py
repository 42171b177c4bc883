"""Commands about published fact-checks: `checks import | list | show | of | match`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    fail,
    opened_input,
    print_failures,
    print_json,
    print_json_line,
    print_lines,
    progress,
    warn,
)
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    DatabaseOption,
    JsonOption,
    SpeakerArgument,
    crawl_client,
    locked_store,
    open_settings,
    opened_store,
    utc_now,
)
from quotetrack.cli.root import checks_app
from quotetrack.core.domain import Failure

if TYPE_CHECKING:
    from quotetrack.core.domain import FactCheck, Sighting
    from quotetrack.linking.fact_checks import Match

_HINT_OF_CLAIMANTS = "For the claims of somebody who is not quoted: quotetrack checks list --speaker NAME"


ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="FIELD=NAME", help="Of CSV: the column of a field, such as claim=Statement."),
]


@checks_app.command("import", epilog="Example: quotetrack checks import claimreviews.json")
def import_(
    feed: Annotated[str, typer.Argument(metavar="FILE|URL", help="ClaimReviews: JSON, a page with JSON-LD, or CSV.")],
    column: ColumnOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store published fact-checks.

    Those that are stored already change nothing; a revised one is stored beside its earlier form. Records that cannot
    be used are reported by number and skipped. The stored quotations are then compared with the new fact-checks.
    """
    columns = _columns(column or ())
    with errors_reported(), locked_store(database, create=True) as sessions:
        from quotetrack.pipeline.check_import import fetch_feed, import_checks, match_stored, read_feed_bytes
        from quotetrack.render.schemas import ImportedChecksSchema

        settings = open_settings()
        if feed.startswith(("https://", "http://")):
            with crawl_client(settings) as client:
                data = fetch_feed(client, feed)
        else:
            data = read_feed_bytes(Path(feed))
        done = import_checks(sessions, data, feed, settings=settings, now=utc_now(), columns=columns)
        if as_json:
            print_json(ImportedChecksSchema.of(done).to_json())
        else:
            failed = f", {len(done.failures)} failed" if done.failures else ""
            print_lines([f"Fact-checks: {done.new} new, {done.revised} revised, {done.unchanged} unchanged{failed}"])
        print_failures(done.failures)
        with progress() as on_progress:
            match_stored(sessions, settings, on_progress)
        if done.failures:
            raise typer.Exit(SOME_FAILED)


@checks_app.command("list", epilog='Example: quotetrack checks list --about "ferry" --speaker "Orla Venn"')
def list_checks(
    about: Annotated[str | None, typer.Option(help="Only those with a word of this topic in claim or title.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Only those of claims by this name.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the stored fact-checks, the newest first: number, claimant, claim, verdict, publisher, day, address."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.search.highlight import matches
        from quotetrack.store.fact_checks import read_fact_checks

        with sessions() as session:
            found = read_fact_checks(session, None if speaker is None else [speaker])
        _print_checks(
            [check for check in found if about is None or matches(about, f"{check.claim} {check.title or ''}")], as_json
        )


@checks_app.command("show", epilog="Example: quotetrack checks show 12")
def show_check(
    number: Annotated[int, typer.Argument(help="The number of the fact-check, as `checks list` prints it.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a fact-check, and its earlier forms if it was revised, the current one first."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.store.fact_checks import read_fact_check

        with sessions() as session:
            forms = read_fact_check(session, number)
        if not forms:
            fail(f"There is no fact-check {number}. See `quotetrack checks list`.")
        if len(forms) > 1 and not as_json:
            warn("It was revised. The first line is the current form; the others are earlier ones.")
        _print_checks(forms, as_json)


@checks_app.command("of", epilog="Example: quotetrack checks of 'Orla Venn'")
def checks_of(speaker: SpeakerArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """List the fact-checks of claims by a speaker, under any of the speaker's names."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.review.speakers import SpeakerNotFound, find_speaker
        from quotetrack.store.fact_checks import read_fact_checks

        with sessions() as session:
            try:
                names = find_speaker(session, speaker).names
            except SpeakerNotFound as problem:
                raise SpeakerNotFound(str(problem), _HINT_OF_CLAIMANTS) from problem
            _print_checks(read_fact_checks(session, names), as_json)


def _print_checks(checks: Sequence[FactCheck], as_json: bool) -> None:
    from quotetrack.render.fact_checks import listed_line
    from quotetrack.render.schemas import FactCheckSchema

    if as_json:
        print_json([FactCheckSchema.of(check).to_json() for check in checks])
    else:
        print_lines(map(listed_line, checks))
    if not checks:
        warn("No stored fact-check matches. To store more: quotetrack checks import FILE")


def _columns(given: Sequence[str]) -> dict[str, str]:
    """Return the columns by field. Raises BadParameter."""
    from quotetrack.ingest.formats.claim_reviews import COLUMNS

    columns = {}
    for each in given:
        field, sign, name = each.partition("=")
        if not sign or field not in COLUMNS:
            raise typer.BadParameter(f"{each!r}: write FIELD=NAME with one of these fields: {', '.join(COLUMNS)}")
        columns[field] = name
    return columns


@checks_app.command(epilog="Example: quotetrack checks match --jsonl sentences.jsonl --checks claimreviews.json --json")
def match(
    sentences: Annotated[
        str, typer.Option("--jsonl", metavar="FILE|-", help="Sentences from any source, one JSON object a line.")
    ],
    checks: Annotated[
        Path, typer.Option("--checks", metavar="FEED", help="Published fact-checks: JSON, a page with JSON-LD, or CSV.")
    ],
    column: ColumnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the fact-checks that are about sentences, without a database. Prints what is sure enough, in order.

    A sentence has id and words, and may have speaker and date (the day on which it was said).

    With --json there is a line for each sentence: {"id", "ranked": [{"url", "score", "shown"}, ...]}, the twenty
    likeliest first. The score is the chance that the fact-check is about the sentence; "shown" says whether it is high
    enough. Without --json only those fact-checks are printed. The first use of a feed computes its vectors, which takes
    minutes for ten thousand fact-checks; they are kept in the cache folder of the user.
    """
    columns = _columns(column or ())
    with errors_reported():
        from platformdirs import user_cache_path

        from quotetrack.ingest.formats.statements_jsonl import read_statements
        from quotetrack.pipeline.check_matching import index_checks, read_feed
        from quotetrack.pipeline.check_matching import match as matched

        settings = open_settings()
        read = read_feed(checks, columns)
        failures = [each for each in read if isinstance(each, Failure)]
        cache = user_cache_path("quotetrack", appauthor=False) / "vectors"
        with progress() as on_progress:
            known = [each for each in read if not isinstance(each, Failure)]
            index = index_checks(known, settings, cache, on_progress)
        with opened_input(sentences) as stream:
            failures += _print_matched(matched(read_statements(stream, sentences), index, settings), as_json)
        print_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED)


def _print_matched(matched: Iterable[tuple[Sighting, list[Match]] | Failure], as_json: bool) -> list[Failure]:
    """Print the fact-checks of each sentence as soon as they are ranked. Return the failures."""
    from quotetrack.render.fact_checks import check_line
    from quotetrack.render.schemas import MatchedStatementSchema

    failures, number_shown = [], 0
    for each in matched:
        if isinstance(each, Failure):
            failures.append(each)
            continue
        statement, ranked = each
        if as_json:
            print_json_line(MatchedStatementSchema.ranking(statement.id, ranked).to_json())
            continue
        shown = [match for match in ranked if match.is_shown]
        print_lines([f"{statement.id}: {check_line(match.check)}" for match in shown])
        number_shown += len(shown)
    if not as_json and not number_shown:
        warn("No fact-check is sure enough to be shown. --json prints the likeliest ones with their scores.")
    return failures
