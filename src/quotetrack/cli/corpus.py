"""The commands `corpus extract`, `corpus link` and `corpus load`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, print_failures, print_json, print_lines, progress
from quotetrack.cli.event_log import event_log
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.ingest import print_report
from quotetrack.cli.options import (
    DatabaseOption,
    JsonOption,
    LogOption,
    OutletOption,
    PublishedOption,
    StoreReportedOption,
    locked_store,
    open_outlets,
    parse_published,
    settings_with,
    utc_now,
)
from quotetrack.cli.root import corpus_app

if TYPE_CHECKING:
    from quotetrack.pipeline.executors.engine import Engine

SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="The scheduler of a Dask cluster, such as tcp://10.0.0.5:8786. Without it, QUOTETRACK_WORKERS processes "
        "of this machine do the work.",
    ),
]


PrefixArgument = Annotated[str, typer.Argument(metavar="PREFIX", help="The folder or URL that `corpus extract` wrote.")]


@corpus_app.command(epilog="Example: quotetrack corpus extract 's3://news/2026-*.warc.gz' --to s3://quotes/2026")
def extract(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="WARC, JSONL and Parquet files: paths, folders, patterns, or URLs as s3://, gs://.",
        ),
    ],
    to: Annotated[str, typer.Option("--to", metavar="PREFIX", help="The folder or URL to which the tables go.")],
    scheduler: SchedulerOption = None,
    outlet: OutletOption = None,
    published: PublishedOption = None,
    reported: StoreReportedOption = None,
    vectors: Annotated[
        bool, typer.Option("--vectors/--no-vectors", help="Write the vectors of all words and passages, or not.")
    ] = True,
    log: LogOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extract the quotations of many files to Parquet, each file by itself, in parallel.

    A second run does what is missing. A file that fails is reported, and tried again by the next run. An article that
    fails is reported too; its file counts as done. The exit code is 3 where anything failed.
    """
    moment = parse_published(published)
    with errors_reported():
        from quotetrack.pipeline.corpus.extract import Making, extract_corpus
        from quotetrack.pipeline.corpus.places import RECORDS, Prefix, partitions_of
        from quotetrack.render.corpus import extracted_json, extracted_line

        settings = settings_with(reported)
        prefix = Prefix(to)
        partitions = partitions_of(sources, prefix)
        with (
            opened_engine(scheduler, settings.workers) as engine,
            event_log(log) as on_event,
            progress() as on_progress,
        ):
            extracted = extract_corpus(
                partitions,
                prefix,
                engine,
                making=Making.of(settings, with_vectors=vectors, outlet=outlet, published=moment),
                settings=settings,
                outlets=open_outlets(settings),
                on_progress=on_progress,
                on_event=on_event,
            )
        if as_json:
            print_json(extracted_json(extracted))
        else:
            print_lines([extracted_line(extracted)])
        print_failures(extracted.failures, extracted.failures_in_all, f": see the records in {to}/{RECORDS}")
        if extracted.failures_in_all:
            raise typer.Exit(SOME_FAILED)


@corpus_app.command(epilog="Example: quotetrack corpus link s3://quotes/2026")
def link(
    prefix: PrefixArgument, scheduler: SchedulerOption = None, log: LogOption = None, as_json: JsonOption = False
) -> None:
    """Link the same words over all partitions of an extracted corpus, in parallel.

    Writes the folders utterances and links to the prefix. A run that was stopped continues.
    """
    with errors_reported():
        from quotetrack.pipeline.corpus.extract import done_partitions
        from quotetrack.pipeline.corpus.link import link_corpus
        from quotetrack.pipeline.corpus.places import Prefix
        from quotetrack.render.corpus import LinkedSchema, linked_line

        place = Prefix(prefix)
        records = done_partitions(place)
        workers = settings_with(None).workers
        with opened_engine(scheduler, workers) as engine, event_log(log) as on_event, progress() as on_progress:
            linked = link_corpus(place, records, engine, on_progress=on_progress, on_event=on_event)
        if as_json:
            print_json(LinkedSchema.of(linked).to_json())
        else:
            print_lines([linked_line(linked)])


@corpus_app.command(epilog="Example: quotetrack corpus load s3://quotes/2026 --database library.db")
def load(prefix: PrefixArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Store an extracted corpus in a database, as `quotetrack ingest` of the same articles does.

    A second run changes nothing. The prefix is only read.
    """
    with errors_reported():
        from quotetrack.pipeline.corpus.extract import done_partitions
        from quotetrack.pipeline.corpus.load import load_corpus
        from quotetrack.pipeline.corpus.places import Prefix
        from quotetrack.pipeline.executors.processes import mapper

        place = Prefix(prefix)
        records = done_partitions(place)
        with locked_store(database, create=True) as sessions:
            settings = settings_with(None)
            with progress() as on_progress, mapper(settings.workers) as as_map:
                report = load_corpus(
                    sessions,
                    place,
                    records,
                    outlets=open_outlets(settings),
                    settings=settings,
                    now=utc_now,
                    mapper=as_map,
                    on_progress=on_progress,
                )
            print_report(report, sessions, as_json)


def opened_engine(scheduler: str | None, workers: int) -> AbstractContextManager[Engine]:
    """Return the engine of a Dask cluster, or of this machine without one."""
    from quotetrack.pipeline.executors.engine import dask_engine, local_engine

    return dask_engine(scheduler) if scheduler else local_engine(workers)
