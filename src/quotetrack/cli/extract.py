"""Commands that read articles without a database: `extract`, `explain`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    STDIO,
    errors_reported,
    opened_input,
    opened_output,
    print_failures,
    print_json,
    print_json_line,
    print_lines,
    print_table,
    warn,
)
from quotetrack.cli.exit_codes import ERROR, SOME_FAILED
from quotetrack.cli.options import (
    AttitudesOption,
    EverythingOption,
    FastOption,
    JsonOption,
    MinConfidenceOption,
    OutletOption,
    PublishedOption,
    ReportedOption,
    encoder_unless,
    open_outlets,
    open_settings,
    parse_published,
)
from quotetrack.cli.root import app
from quotetrack.core.domain import Failure

if TYPE_CHECKING:
    from quotetrack.pipeline.standalone import Explained, Extracted

FileArgument = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A text, an HTML page or article JSONL; - is standard input.")
]


@app.command(epilog="Example: quotetrack extract article.txt --published 2026-03-11")
def extract(
    file: FileArgument,
    as_json: JsonOption = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read FILE as article JSONL and print one JSON line for each article.")
    ] = False,
    everything: EverythingOption = False,
    reported: ReportedOption = False,
    attitudes: AttitudesOption = False,
    outlet: OutletOption = None,
    published: PublishedOption = None,
    min_confidence: MinConfidenceOption = 0.0,
    fast: FastOption = False,
) -> None:
    """Print the quotations of a text without a database: speaker, words, and day."""
    if as_json and as_jsonl:
        raise typer.BadParameter("use only one of --json and --jsonl")
    if attitudes and not reported:
        raise typer.BadParameter("--attitudes needs --reported")
    if reported and fast:
        raise typer.BadParameter("--reported needs the reading model, which --fast leaves out")
    moment = parse_published(published)
    with errors_reported():
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
            reported=reported,
            attitudes=attitudes,
        )
        if as_jsonl:
            with opened_input(file) as stream:
                failures = _print_article_lines(extract_lines(stream, file, setup))
        else:
            with _input_path(file) as path:
                failures = _print_articles(list(extract_file(path, file, setup)), as_json)
        print_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED if as_jsonl else ERROR)


@app.command(epilog="Example: quotetrack explain article.txt --published 2026-03-11 --html why.html")
def explain(
    file: FileArgument,
    html: Annotated[
        str | None, typer.Option("--html", metavar="OUT|-", help="Write one HTML page that needs no network.")
    ] = None,
    as_json: JsonOption = False,
    everything: EverythingOption = False,
    outlet: OutletOption = None,
    published: PublishedOption = None,
    fast: FastOption = False,
) -> None:
    """Explain each quotation: which mentions and names were compared, their scores, and the reasons."""
    if as_json and html == STDIO:
        raise typer.BadParameter("use only one of --json and --html -")
    moment = parse_published(published)
    with errors_reported():
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
        with _input_path(file) as path:
            read = list(explain_file(path, file, setup))
        explained = [article for article in read if not isinstance(article, Failure)]
        failures = [failure for failure in read if isinstance(failure, Failure)]
        if html is not None:
            _write_page(explained, html)
        if as_json or html is None:
            _print_explained(explained, as_json)
        print_failures(failures)
        if failures:
            raise typer.Exit(ERROR)


@contextmanager
def _input_path(file: str) -> Iterator[Path]:
    """Yield the path; standard input is copied to a file first, since its format is detected from the first bytes."""
    if file != STDIO:
        yield Path(file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stdin")
        path.write_bytes(sys.stdin.buffer.read())
        yield path


def _print_article_lines(extracted: Iterable[Extracted | Failure]) -> list[Failure]:
    """Print one JSON line for each article as soon as it is read. Return the failures."""
    from quotetrack.render.schemas import ExtractedLineSchema

    failures = []
    for article in extracted:
        if isinstance(article, Failure):
            failures.append(article)
        else:
            print_json_line(ExtractedLineSchema.of(article).to_json())
    return failures


def _print_articles(read: Sequence[Extracted | Failure], as_json: bool) -> list[Failure]:
    """Print a table for each article, or the only article as one JSON object. Return the failures."""
    from quotetrack.render.quotations import quotations_table, reported_table
    from quotetrack.render.schemas import ArticleSchema

    extracted = [article for article in read if not isinstance(article, Failure)]
    if as_json and len(extracted) > 1:
        raise typer.BadParameter("the file has several articles: use --jsonl")
    for article in extracted:
        if as_json:
            print_json(ArticleSchema.of(article).to_json())
            continue
        if len(extracted) > 1 and (article.quotations or article.reported):
            print_lines([_heading(article)])
        if article.quotations:
            print_table(quotations_table(article.quotations, article.article.text))
        else:
            warn(f"{article.id}: no quotations")
        if article.reported:
            print_table(reported_table(article.reported, article.article.text))
        elif article.reported is not None:
            warn(f"{article.id}: no reported statements")
    return [failure for failure in read if isinstance(failure, Failure)]


def _print_explained(explained: Sequence[Explained], as_json: bool) -> None:
    """Print the explanations of each article, or of the only article as one JSON object."""
    from quotetrack.render.quotations import explanation_lines
    from quotetrack.render.schemas import ExplainedArticleSchema

    if as_json and len(explained) > 1:
        raise typer.BadParameter("the file has several articles: explain each alone, or use --html")
    for article in explained:
        if as_json:
            print_json(ExplainedArticleSchema.of(article).to_json())
            continue
        print_lines([_heading(article)])
        for number, explanation in enumerate(article.explanations, start=1):
            typer.echo()
            print_lines(explanation_lines(number, explanation, article.article.text))
        if not article.explanations:
            warn(f"{article.id}: no quotations")


def _heading(read: Extracted | Explained) -> str:
    return f"{read.id}: {read.article.title or '(no title)'}"


def _write_page(explained: Sequence[Explained], html: str) -> None:
    from quotetrack.render.explain_html import page

    with opened_output(html) as out:
        out.write(page(explained))
    if html != STDIO:
        warn(
            f"Wrote the explanations of {sum(len(article.explanations) for article in explained)} quotations to {html}."
        )
