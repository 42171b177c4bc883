"""The door: arguments in, one call, text out. Heavy libraries are loaded inside the command that needs them."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from quotetrack.model import Article, Failure, Sighting
from quotetrack.terminal import (
    ERROR,
    SOME_FAILED,
    STDIO,
    fail,
    print_json,
    print_json_line,
    print_lines,
    print_table,
    progress,
    reported,
    tell,
    written,
)

if TYPE_CHECKING:
    from quotetrack.direct import Explained, Extracted
    from quotetrack.embed import Embedder
    from quotetrack.query import Answer
    from quotetrack.settings import Settings
    from quotetrack.sources import Outlets
    from quotetrack.store import Sessions

MOST_FAILURES_TOLD = 20  # lines; all of them are on file
DEMO_QUESTION = "What did Ragna Telle say about the storm barrier?"
DEMO_ROWS = 5
DEMO_CELL = 60  # characters
DEMO_COLUMNS = ("utterance", "speaker", "words", "said_first", "outlet")

app = typer.Typer(
    name="quotetrack",
    help="Who said what, when, and who carries it: attributed quotations from news, linked across outlets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 done (also nothing found), 1 error, 2 usage, 3 some failed, 75 locked, 130 interrupted.",
)
database_app = typer.Typer(no_args_is_help=True, help="The tables of the database.")
app.add_typer(database_app, name="db")
evaluate_app = typer.Typer(no_args_is_help=True, help="How right it is, on annotated articles.")
app.add_typer(evaluate_app, name="evaluate")

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="sqlite:///PATH or a path; default: QUOTETRACK_DATABASE."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
MinConfidenceOption = Annotated[
    float,
    typer.Option(
        "--min-confidence",
        min=0.0,
        max=1.0,
        metavar="X",
        help="Leave out what is less sure: the probability, 0 to 1, that the speaker's mention is the right one.",
    ),
]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
PublishedOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="The day or moment of publication, where a file tells none.")
]


def main() -> None:
    """The command `quotetrack`."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        import quotetrack

        typer.echo(f"quotetrack {quotetrack.__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: quotetrack ingest articles/ page.html --outlet harbourpost")
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders: .txt, .html, .html.gz, .jsonl")],
    outlet: Annotated[str | None, typer.Option(help="The outlet, where a file tells none.")] = None,
    published: PublishedOption = None,
    stale: Annotated[bool, typer.Option("--stale", help="Read again what an older extractor read.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take articles in: file them, extract their quotations, link and embed these.

    The same articles again change nothing. A file that cannot be read is told and counted, and the rest goes on.
    """
    moment = _moment(published)
    with reported(), _store(database) as sessions:
        from quotetrack import nightly
        from quotetrack.render import report_json, report_line

        settings = _settings()
        outlets = _outlets(settings)
        articles = _read(paths, outlet, moment, outlets)
        with progress() as on_progress:
            report = nightly.ingest(
                sessions,
                articles,
                outlets=outlets,
                settings=settings,
                now=lambda: datetime.now(UTC),
                stale=stale,
                on_progress=on_progress,
            )
        if as_json:
            print_json(report_json(report))
        else:
            typer.echo(report_line(report))
        _tell_failures(report.failures)
        _tell_stale(sessions)
        if report.failures:
            raise typer.Exit(SOME_FAILED)


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
) -> None:
    """Show the quotations of a text: who said what and when, without a database."""
    if as_json and as_jsonl:
        raise typer.BadParameter("--json or --jsonl, not both")
    moment = _moment(published)
    with reported():
        from quotetrack.direct import extract_file, extract_lines
        from quotetrack.extract import load_language

        settings = _settings()
        outlets = _outlets(settings)
        nlp = load_language(settings.spacy_model)
        if as_jsonl:
            with _stream_of(file) as stream:
                found = extract_lines(
                    stream,
                    file,
                    nlp,
                    outlets=outlets,
                    outlet=outlet,
                    published=moment,
                    everything=everything,
                    min_confidence=min_confidence,
                )
                failures = _print_article_lines(found)
        else:
            with _path_of(file) as path:
                found = extract_file(
                    path,
                    file,
                    nlp,
                    outlets=outlets,
                    outlet=outlet,
                    published=moment,
                    everything=everything,
                    min_confidence=min_confidence,
                )
                failures = _print_articles(list(found), as_json)
        _tell_failures(failures)
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
) -> None:
    """Tell why: for each quotation the mentions and names that were weighed, their scores, and what decided."""
    if as_json and html == STDIO:
        raise typer.BadParameter("--json or --html -, not both")
    moment = _moment(published)
    with reported():
        from quotetrack.direct import explain_file
        from quotetrack.extract import load_language

        settings = _settings()
        outlets = _outlets(settings)
        nlp = load_language(settings.spacy_model)
        with _path_of(file) as path:
            found = list(
                explain_file(path, file, nlp, outlets=outlets, outlet=outlet, published=moment, everything=everything)
            )
        explained = [one for one in found if not isinstance(one, Failure)]
        failures = [one for one in found if isinstance(one, Failure)]
        if html is not None:
            _write_page(explained, html)
        if as_json or html is None:
            _print_explained(explained, as_json)
        _tell_failures(failures)
        if failures:
            raise typer.Exit(ERROR)


@app.command(epilog='Example: quotetrack ask "what did Ragna Telle say about the storm barrier since March 2026"')
def ask(
    question: Annotated[str, typer.Argument(help="What did X say about Y? Days may stand in it: since March 2026.")],
    since: DayOption = None,
    until: DayOption = None,
    outlet: Annotated[str | None, typer.Option(help="Only what this outlet carries.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most utterances to show.")] = 10,
    min_confidence: MinConfidenceOption = 0.0,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with what was said, each utterance with every source that carries it."""
    if since and until and since > until:
        raise typer.BadParameter("--since is after --until")
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack import query
        from quotetrack.render import answer_json

        _tell_stale(sessions)
        with sessions() as session:
            understood = query.understand(session, question, since=_day(since), until=_day(until))
            has_topic = understood.about is not None and not understood.is_unknown
            embedder = _embedder(_settings()) if has_topic else None
            answer = query.answer(
                session,
                question,
                understood,
                embedder=embedder,
                outlet=outlet,
                limit=limit,
                min_confidence=min_confidence,
            )
        if as_json:
            print_json(answer_json(answer))
            _tell_nobody(answer)
        else:
            _print_answer(answer)


@app.command(epilog="Example: quotetrack export --csv quotations.csv --excel")
def export(
    csv_file: Annotated[str, typer.Option("--csv", metavar="FILE|-", help="Where to write; - is standard output.")],
    excel: Annotated[bool, typer.Option("--excel", help="Begin with the byte-order mark that Excel needs.")] = False,
    min_confidence: MinConfidenceOption = 0.0,
    database: DatabaseOption = None,
) -> None:
    """Write every sighting with its provenance as CSV, one row each."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.export import write_csv
        from quotetrack.link import compare
        from quotetrack.query import only_sure
        from quotetrack.store.read import iter_utterances

        with sessions() as session, written(csv_file) as out:
            utterances = only_sure(iter_utterances(session), min_confidence)
            rows = write_csv(utterances, out, link_of=compare, excel=excel)
        if csv_file != STDIO:
            tell(f"{rows} sightings written to {csv_file}")


@app.command(epilog="Example: quotetrack show 12")
def show(
    utterance: Annotated[int, typer.Argument(help="The id of an utterance, as ask and export give it.")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one utterance: its sightings and variants, and by which evidence they are one."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render import provenance_lines, utterance_json, utterance_lines
        from quotetrack.store.read import links_of, read_utterance

        with sessions() as session:
            found = read_utterance(session, utterance)
            links = links_of(session, found.id) if found else []
        if found is None:
            fail(f"there is no utterance {utterance} on file")
        if found.id != utterance:
            tell(f"utterance {utterance} is now part of utterance {found.id}")
        urls = _links_to_words(found.sightings)
        if as_json:
            print_json(utterance_json(found, links, urls))
        else:
            print_lines(utterance_lines(found, urls))
            print_lines(provenance_lines(found, links))


@database_app.command(epilog="Example: quotetrack db upgrade --database sqlite:///news.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Make the database, or bring its tables up to date."""
    url = _url(database)
    with reported():
        from quotetrack.store import current_revision, upgrade

        upgrade(url)
        typer.echo(f"{url}: tables {current_revision(url)}")


@database_app.command(epilog="Example: quotetrack db current --json")
def current(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Tell which tables the database has, and which ones this version wants."""
    url = _url(database)
    with reported():
        from quotetrack.store import current_revision, head_revision

        revision, head = current_revision(url), head_revision()
        if as_json:
            print_json({"database": url, "current": revision, "head": head})
        elif revision is None:
            typer.echo(f"{url}: no database yet; `quotetrack ingest` or `quotetrack db upgrade` makes it")
        else:
            is_today = "up to date" if revision == head else f"run `quotetrack db upgrade` for {head}"
            typer.echo(f"{url}: tables {revision}, {is_today}")


@evaluate_app.command(epilog="Example: quotetrack evaluate quotations gold.jsonl --labels labels.jsonl --errors 5")
def quotations(
    gold: Annotated[Path, typer.Argument(help="Annotated articles, JSONL.")],
    labels: Annotated[Path | None, typer.Option(help="Names and days by group, JSONL: for names and dates.")] = None,
    pred: Annotated[
        Path | None, typer.Option(help="What `extract --jsonl` printed; without it, GOLD is read by the extractor.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="List so many errors of each category.")] = 0,
    with_reliability: Annotated[
        bool, typer.Option("--reliability", help="How often the mention is right, by confidence.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure spans, mentions, names and days on annotated articles, and list the errors by category."""
    with reported():
        from quotetrack import evaluate
        from quotetrack.render import evaluation_json, figures_lines, mistake_lines, reliability_lines

        try:
            articles = evaluate.read_gold(_lines(gold), _lines(labels) if labels else ())
            predictions = evaluate.read_predictions(_lines(pred) if pred else _extracted_lines(gold), articles)
        except (evaluate.Unreadable, UnicodeDecodeError) as error:
            fail(str(error))
        missing = [article.id for article in articles if article.id not in predictions]
        if missing:
            tell(f"no prediction for {len(missing)} of {len(articles)} articles, such as {missing[0]}")
        judged = evaluate.judge(articles, predictions)
        figures = evaluate.figures(judged)
        mistakes = evaluate.mistakes(judged) if errors else {}
        bins = evaluate.reliability(judged) if with_reliability else []
        if as_json:
            print_json(evaluation_json(figures, mistakes, errors, bins))
            return
        print_lines(figures_lines(figures))
        print_lines(mistake_lines(mistakes, errors))
        if with_reliability:
            print_lines(reliability_lines(bins, evaluate.calibration_error(bins)))


@app.command(epilog="Example: quotetrack doctor --json")
def doctor(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Check Python, packages, models and database, and tell what to do about what is missing."""
    url = _url(database)
    with reported():
        from quotetrack.doctor import examine

        checks = examine(_settings(), url)
        if as_json:
            print_json(
                [{"what": c.what, "well": c.is_well, "found": c.found, "advice": c.advice or None} for c in checks]
            )
        else:
            for check in checks:
                typer.echo(f"{'ok     ' if check.is_well else 'MISSING'}  {check.what}: {check.found}")
                if check.advice:
                    typer.echo(f"         -> {check.advice}")
        if not all(check.is_well for check in checks):
            raise typer.Exit(ERROR)


@app.command(epilog="Example: quotetrack demo --folder demo")
def demo(
    folder: Annotated[Path, typer.Option(help="Where the database and the CSV are put.")] = Path("demo"),
) -> None:
    """Go the whole way once with a dozen invented articles: ingest, ask, export."""
    with reported():
        from quotetrack.sample import folder as sample_folder

        folder.mkdir(parents=True, exist_ok=True)
        database, table = str(folder / "newsroom.db"), str(folder / "quotations.csv")
        _step("Take in a dozen articles of six invented outlets", "ingest", str(sample_folder()), database)
        ingest([sample_folder()], database=database)
        _step("Ask what somebody said", "ask", f'"{DEMO_QUESTION}"', database)
        ask(DEMO_QUESTION, limit=3, database=database)
        _step("Write every quotation with its provenance", "export", f"--csv {table}", database)
        export(table, database=database)
        _print_rows(Path(table))


# The store, the settings, the articles


@contextmanager
def _store(database: str | None, *, read_only: bool = False) -> Iterator[Sessions]:
    """An open store, closed at the end; what goes wrong with it in between is told as StoreError."""
    from quotetrack.store import close_store, open_store, told

    url = _url(database)
    with told(url):
        sessions = open_store(url, read_only=read_only)
        try:
            yield sessions
        finally:
            close_store(sessions)


def _url(database: str | None) -> str:
    named = database or _settings().database
    return named if "://" in named else f"sqlite:///{Path(named).expanduser()}"


def _settings() -> Settings:
    import tomllib

    from pydantic import ValidationError

    from quotetrack.settings import Settings

    try:
        return Settings()
    except tomllib.TOMLDecodeError as error:
        fail(f"quotetrack.toml is not valid TOML: {error}")
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        fail(f"a setting cannot be used: {told}")


def _outlets(settings: Settings) -> Outlets:
    import tomllib

    from quotetrack.sources import load_outlets

    try:
        return load_outlets(settings.outlets)
    except tomllib.TOMLDecodeError as error:
        fail(f"{settings.outlets} is not valid TOML: {error}")
    except KeyError as error:
        fail(f"{settings.outlets}: an outlet without {error}")


def _embedder(settings: Settings) -> Embedder | None:
    """None, and a word about it, where there is none: words alone answer as well."""
    from quotetrack.embed import EmbeddingModelMissing, load_embedder

    try:
        return load_embedder(settings.embedding_model)
    except (EmbeddingModelMissing, ImportError) as error:
        tell(f"answered by words alone: {error}")
        return None


def _moment(published: str | None) -> datetime | date | None:
    if published is None:
        return None
    from quotetrack.sources.moment import read_moment

    moment = read_moment(published)
    if moment is None:
        raise typer.BadParameter(f"{published!r} is no date: write 2026-03-11 or 2026-03-11T18:40:00+01:00")
    return moment


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


# In and out


def _read(
    paths: Iterable[Path], outlet: str | None, published: datetime | date | None, outlets: Outlets
) -> Iterator[Article | Failure]:
    from quotetrack.sources import read_path

    for path in paths:
        is_empty = True
        for found in read_path(path, outlet=outlet, published=published, outlets=outlets):
            is_empty = False
            yield found
        if is_empty:
            tell(f"{path}: no articles in it")


@contextmanager
def _stream_of(file: str) -> Iterator[BinaryIO]:
    if file == STDIO:
        yield sys.stdin.buffer
    else:
        with open(file, "rb") as stream:
            yield stream


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
    from quotetrack.render import quotation_json

    failures = []
    for one in found:
        if isinstance(one, Failure):
            failures.append(one)
        else:
            print_json_line({"id": one.id, "quotations": [quotation_json(q) for q in one.quotations]})
    return failures


def _print_articles(found: Sequence[Extracted | Failure], as_json: bool) -> list[Failure]:
    """A table an article, or the only article as one JSON object; returns what failed."""
    from quotetrack.render import article_json, quotations_table

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
    from quotetrack.render import explained_json, explanation_lines

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
    from quotetrack.explain_page import page

    with written(html) as out:
        out.write(page(explained))
    if html != STDIO:
        tell(f"the reasons for {sum(len(one.explanations) for one in explained)} quotations written to {html}")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines


def _extracted_lines(gold: Path) -> Iterator[str]:
    """What `extract --jsonl` prints of these articles; what cannot be read is told."""
    from quotetrack.direct import extract_lines
    from quotetrack.extract import load_language
    from quotetrack.render import quotation_json

    settings = _settings()
    nlp = load_language(settings.spacy_model)
    with gold.open("rb") as stream:
        for one in extract_lines(stream, str(gold), nlp, outlets=_outlets(settings)):
            if isinstance(one, Failure):
                tell(f"failed: {one.where}: {one.reason}")
            else:
                yield json.dumps({"id": one.id, "quotations": [quotation_json(q) for q in one.quotations]})


def _print_answer(answer: Answer) -> None:
    from quotetrack.render import understood_line, utterance_lines

    typer.echo(understood_line(answer.understood))
    _tell_nobody(answer)
    for found in answer.utterances:
        typer.echo()
        print_lines(utterance_lines(found.utterance, _links_to_words(found.utterance.sightings)))
    if not answer.utterances and not answer.understood.is_unknown:
        tell("Nothing on file answers this.")


def _tell_nobody(answer: Answer) -> None:
    from quotetrack.render import nobody_lines

    if answer.understood.is_unknown:
        for line in nobody_lines(answer.understood):
            tell(line)


def _links_to_words(sightings: Iterable[Sighting]) -> list[str | None]:
    from quotetrack.export import text_fragment_link

    return [text_fragment_link(sighting) for sighting in sightings]


def _tell_failures(failures: Sequence[Failure]) -> None:
    for failure in failures[:MOST_FAILURES_TOLD]:
        tell(f"failed: {failure.where}: {failure.reason}")
    if len(failures) > MOST_FAILURES_TOLD:
        tell(f"... and {len(failures) - MOST_FAILURES_TOLD} more")


def _tell_stale(sessions: Sessions) -> None:
    from quotetrack import nightly

    with sessions() as session:
        number = nightly.stale(session)
    if number:
        tell(f"{number} versions were read by an older extractor: `quotetrack ingest --stale` reads them again")


# The demo


def _step(what: str, command: str, arguments: str, database: str) -> None:
    typer.echo(f"\n{what}:\n$ quotetrack {command} {arguments} --database {database}\n")


def _print_rows(table: Path) -> None:
    """The first rows of the CSV, and of its columns those that fit a screen."""
    from rich.table import Table

    shown = Table(*DEMO_COLUMNS, title=f"the first rows of {table}, and some of the columns")
    with table.open(encoding="utf-8", newline="") as lines:
        for row in islice(csv.DictReader(lines), DEMO_ROWS):
            shown.add_row(*(shorten(row[column], DEMO_CELL, placeholder=" …") for column in DEMO_COLUMNS))
    print_table(shown)
