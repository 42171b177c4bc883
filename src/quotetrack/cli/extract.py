"""Commands that need no database: `extract`, `explain`, `link`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    ERROR,
    SOME_FAILED,
    STDIO,
    print_json,
    print_json_line,
    print_lines,
    print_table,
    progress,
    reported,
    tell,
    written,
)
from quotetrack.cli.options import JsonOption, open_outlets, open_settings
from quotetrack.core.domain import Failure, Sighting

if TYPE_CHECKING:
    from quotetrack.pipeline.standalone import Explained, Extracted
from quotetrack.cli.console import opened_input, tell_failures
from quotetrack.cli.options import FastOption, MinConfidenceOption, PublishedOption, encoder_unless, moment_of
from quotetrack.cli.root import app


@app.command(epilog="Example: quotetrack extract article.txt --published 2026-03-11")
def extract(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text, an HTML page, or article JSONL; - is stdin.")],
    as_json: JsonOption = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="FILE is article JSONL; print one JSON line an article, in order.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Scare quotes, titles and single terms as well.")] = False,
    outlet: Annotated[str | None, typer.Option(help="The outlet, where a file tells none.")] = None,
    published: PublishedOption = None,
    min_confidence: MinConfidenceOption = 0.0,
    fast: FastOption = False,
) -> None:
    """Show the quotations of a text: who said what and when, without a database."""
    if as_json and as_jsonl:
        raise typer.BadParameter("--json or --jsonl, not both")
    moment = moment_of(published)
    with reported():
        from quotetrack.models.spacy_pipeline import load_language
        from quotetrack.pipeline.standalone import ExtractionSetup, extract_file, extract_lines

        settings = open_settings()
        setup = ExtractionSetup(
            load_language(settings.spacy_model),
            open_outlets(settings),
            encoder_unless(fast),
            outlet=outlet,
            published=moment,
            everything=everything,
            min_confidence=min_confidence,
        )
        if as_jsonl:
            with opened_input(file) as stream:
                failures = _print_article_lines(extract_lines(stream, file, setup))
        else:
            with _path_of(file) as path:
                failures = _print_articles(list(extract_file(path, file, setup)), as_json)
        tell_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED if as_jsonl else ERROR)


@app.command(epilog="Example: quotetrack explain article.txt --published 2026-03-11 --html why.html")
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text, an HTML page, or article JSONL; - is stdin.")],
    html: Annotated[
        str | None, typer.Option("--html", metavar="OUT|-", help="Write one HTML page that needs no network.")
    ] = None,
    as_json: JsonOption = False,
    everything: Annotated[bool, typer.Option("--all", help="Scare quotes, titles and single terms as well.")] = False,
    outlet: Annotated[str | None, typer.Option(help="The outlet, where a file tells none.")] = None,
    published: PublishedOption = None,
    fast: FastOption = False,
) -> None:
    """Tell why: for each quotation the mentions and names that were weighed, their scores, and what decided."""
    if as_json and html == STDIO:
        raise typer.BadParameter("--json or --html -, not both")
    moment = moment_of(published)
    with reported():
        from quotetrack.models.spacy_pipeline import load_language
        from quotetrack.pipeline.standalone import ExtractionSetup, explain_file

        settings = open_settings()
        setup = ExtractionSetup(
            load_language(settings.spacy_model),
            open_outlets(settings),
            encoder_unless(fast),
            outlet=outlet,
            published=moment,
            everything=everything,
        )
        with _path_of(file) as path:
            found = list(explain_file(path, file, setup))
        explained = [one for one in found if not isinstance(one, Failure)]
        failures = [one for one in found if isinstance(one, Failure)]
        if html is not None:
            _write_page(explained, html)
        if as_json or html is None:
            _print_explained(explained, as_json)
        tell_failures(failures)
        if failures:
            raise typer.Exit(ERROR)


@app.command(epilog="Example: quotetrack link --jsonl sightings.jsonl > utterances.jsonl")
def link(
    sightings: Annotated[
        str, typer.Option("--jsonl", metavar="FILE|-", help="Sightings from anywhere, one JSON object a line.")
    ],
) -> None:
    """Tell which sightings are the same words said once, without a database: {"id", "utterance"} a line, in order.

    A sighting has id, words, speaker, outlet, article, published (a day, a month or a year) and said; all but the
    first two may be null.
    """
    with reported():
        from quotetrack.ingest.formats.sightings_jsonl import read_sightings
        from quotetrack.linking.clusters import link_sightings

        with opened_input(sightings) as stream:
            found = list(read_sightings(stream, sightings))
        readable = [one for one in found if isinstance(one, Sighting)]
        with progress() as on_progress:
            on_progress("linking", 0, None)
            utterances = link_sightings(readable)
        utterance_of = {sighting.id: utterance.id for utterance in utterances for sighting in utterance.sightings}
        for sighting in readable:
            print_json_line({"id": sighting.id, "utterance": utterance_of[sighting.id]})
        failures = [one for one in found if isinstance(one, Failure)]
        tell_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED)


@contextmanager
def _path_of(file: str) -> Iterator[Path]:
    """The file; standard input is put into one, since its kind is told from its first bytes."""
    if file != STDIO:
        yield Path(file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stdin")
        path.write_bytes(sys.stdin.buffer.read())
        yield path


def _print_article_lines(found: Iterable[Extracted | Failure]) -> list[Failure]:
    """One JSON line an article, as soon as it is read; returns what failed."""
    from quotetrack.render.quotations import quotation_json

    failures = []
    for one in found:
        if isinstance(one, Failure):
            failures.append(one)
        else:
            print_json_line({"id": one.id, "quotations": [quotation_json(q) for q in one.quotations]})
    return failures


def _print_articles(found: Sequence[Extracted | Failure], as_json: bool) -> list[Failure]:
    """A table an article, or the only article as one JSON object; returns what failed."""
    from quotetrack.render.quotations import article_json, quotations_table

    extracted = [one for one in found if not isinstance(one, Failure)]
    if as_json and len(extracted) > 1:
        raise typer.BadParameter("the file holds several articles: use --jsonl")
    for one in extracted:
        if as_json:
            print_json(article_json(one))
        elif one.quotations:
            if len(extracted) > 1:
                typer.echo(f"{one.id}: {one.article.title or 'without a title'}")
            print_table(quotations_table(one.quotations))
        else:
            tell(f"{one.id}: no quotations")
    return [one for one in found if isinstance(one, Failure)]


def _print_explained(explained: Sequence[Explained], as_json: bool) -> None:
    """Each article's quotations with their reasons, or the only article as one JSON object."""
    from quotetrack.render.quotations import explained_json, explanation_lines

    if as_json and len(explained) > 1:
        raise typer.BadParameter("the file holds several articles: explain them one by one, or with --html")
    for one in explained:
        if as_json:
            print_json(explained_json(one))
            continue
        typer.echo(f"{one.id}: {one.article.title or 'without a title'}")
        for number, explanation in enumerate(one.explanations, start=1):
            typer.echo()
            print_lines(explanation_lines(number, explanation, one.article.text))
        if not one.explanations:
            tell(f"{one.id}: no quotations")


def _write_page(explained: Sequence[Explained], html: str) -> None:
    from quotetrack.render.explain_html import page

    with written(html) as out:
        out.write(page(explained))
    if html != STDIO:
        tell(f"the reasons for {sum(len(one.explanations) for one in explained)} quotations written to {html}")
