"""The door: arguments in, one call, text out. Heavy libraries are loaded inside the command that needs them."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from quotetrack.cli.console import (
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
from quotetrack.cli.nightly import nightly, runs_app, sources_app
from quotetrack.cli.options import DatabaseOption, DayOption, JsonOption, store_alone
from quotetrack.cli.options import open_outlets as _outlets
from quotetrack.cli.options import open_settings as _settings
from quotetrack.cli.options import opened_store as _store
from quotetrack.cli.options import url_of as _url
from quotetrack.core.domain import Article, Failure, Sighting

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
    from quotetrack.extract.windows import Encoder
    from quotetrack.ingest.outlets import Outlets
    from quotetrack.models.embedder import Embedder
    from quotetrack.pipeline.standalone import Explained, Extracted
    from quotetrack.search.answer import Answer
    from quotetrack.store import Session, Sessions
    from quotetrack.store.speakers import SpeakerOnFile

MOST_FAILURES_TOLD = 20  # lines; all of them are on file
DEMO_QUESTION = "What did Ragna Telle say about the storm barrier?"
DEMO_ROWS = 5
DEMO_CELL = 60  # characters
DEMO_COLUMNS = ("utterance", "speaker", "words", "said_first", "outlet")


class Verdict(StrEnum):
    """What a person says of two sightings."""

    SAME = "same"
    DIFFERENT = "different"


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
speakers_app = typer.Typer(no_args_is_help=True, help="Who is on file, and whose each name is.")
app.add_typer(speakers_app, name="speakers")
app.add_typer(sources_app, name="sources")
app.add_typer(runs_app, name="runs")
app.command(epilog="Example: quotetrack nightly --metrics /var/lib/node_exporter/quotetrack.prom")(nightly)

FastOption = Annotated[
    bool, typer.Option("--fast", help="Without the reading model: starts sooner, and finds the speaker less often.")
]
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
SpeakerArgument = Annotated[str, typer.Argument(metavar="SPEAKER", help="The id or a name of a speaker on file.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; default: the user's name.")]
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
    paths: Annotated[list[Path], typer.Argument(help="Files and folders: .txt, .html, .jsonl, .warc; or packed, .gz")],
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
    with reported(), store_alone(database) as sessions:
        from quotetrack.pipeline import nightly
        from quotetrack.pipeline.executors.processes import mapper
        from quotetrack.render.quotations import report_json, report_line

        settings = _settings()
        outlets = _outlets(settings)
        articles = _read(paths, outlet, moment, outlets)
        with progress() as on_progress, mapper(settings.workers) as as_map:
            report = nightly.ingest(
                sessions,
                articles,
                outlets=outlets,
                settings=settings,
                now=lambda: datetime.now(UTC),
                mapper=as_map,
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
    fast: FastOption = False,
) -> None:
    """Show the quotations of a text: who said what and when, without a database."""
    if as_json and as_jsonl:
        raise typer.BadParameter("--json or --jsonl, not both")
    moment = _moment(published)
    with reported():
        from quotetrack.models.spacy_pipeline import load_language
        from quotetrack.pipeline.standalone import extract_file, extract_lines

        settings = _settings()
        outlets = _outlets(settings)
        nlp, encoder = load_language(settings.spacy_model), _encoder(fast)
        if as_jsonl:
            with _stream_of(file) as stream:
                found = extract_lines(
                    stream,
                    file,
                    nlp,
                    encoder,
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
                    encoder,
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
    fast: FastOption = False,
) -> None:
    """Tell why: for each quotation the mentions and names that were weighed, their scores, and what decided."""
    if as_json and html == STDIO:
        raise typer.BadParameter("--json or --html -, not both")
    moment = _moment(published)
    with reported():
        from quotetrack.models.spacy_pipeline import load_language
        from quotetrack.pipeline.standalone import explain_file

        settings = _settings()
        outlets = _outlets(settings)
        nlp, encoder = load_language(settings.spacy_model), _encoder(fast)
        with _path_of(file) as path:
            found = list(
                explain_file(
                    path, file, nlp, encoder, outlets=outlets, outlet=outlet, published=moment, everything=everything
                )
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
        from quotetrack.linking.compare import link_sightings

        with _stream_of(sightings) as stream:
            found = list(read_sightings(stream, sightings))
        readable = [one for one in found if isinstance(one, Sighting)]
        with progress() as on_progress:
            on_progress("linking", 0, None)
            utterances = link_sightings(readable)
        utterance_of = {sighting.id: utterance.id for utterance in utterances for sighting in utterance.sightings}
        for sighting in readable:
            print_json_line({"id": sighting.id, "utterance": utterance_of[sighting.id]})
        failures = [one for one in found if isinstance(one, Failure)]
        _tell_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED)


@app.command(epilog='Example: quotetrack ask "what did Ragna Telle say about the storm barrier since March 2026"')
def ask(
    question: Annotated[str, typer.Argument(help="What did X say about Y? Days may stand in it: since March 2026.")],
    speaker: Annotated[str | None, typer.Option(help="Whose words, whatever the question says.")] = None,
    about: Annotated[str | None, typer.Option(help="The topic, whatever the question says.")] = None,
    since: DayOption = None,
    until: DayOption = None,
    published_since: DayOption = None,
    published_until: DayOption = None,
    outlet: Annotated[str | None, typer.Option(help="Only what this outlet carries.")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first, of the best answers.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The most utterances to show.")] = 10,
    page: Annotated[int, typer.Option(min=1, help="Which page of so many.")] = 1,
    context: Annotated[bool, typer.Option("--context", help="With the paragraph around the words.")] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="How many utterances a month, as bars.")] = False,
    cite: Annotated[bool, typer.Option("--cite", help="Print footnotes, a line a source.")] = False,
    csv_file: Annotated[
        str | None, typer.Option("--csv", metavar="FILE|-", help="Write the sources as CSV, as export does.")
    ] = None,
    min_confidence: MinConfidenceOption = 0.0,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with what was said, each utterance with every source that carries it.

    --since and --until: words that may have been said in these days. --published-since, --published-until: articles.
    """
    if since and until and since > until:
        raise typer.BadParameter("--since is after --until")
    if published_since and published_until and published_since > published_until:
        raise typer.BadParameter("--published-since is after --published-until")
    if as_json + cite + timeline + (csv_file is not None) > 1:
        raise typer.BadParameter("--json, --csv, --cite or --timeline: one of them")
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.answers import answer_json, citation_lines, timeline_lines
        from quotetrack.search import answer as query

        _tell_stale(sessions)
        given = query.Given(
            speaker, about, _day(since), _day(until), outlet, _day(published_since), _day(published_until)
        )
        with sessions() as session:
            try:
                understood = query.understand(session, question, datetime.now().date(), given)
            except query.OutletUnknown as error:
                fail(str(error))
            has_topic = understood.about is not None and not understood.is_unknown
            answer = query.answer(
                session,
                question,
                understood,
                embedder=_embedder(_settings()) if has_topic else None,
                newest=newest,
                limit=limit,
                page=page,
                min_confidence=min_confidence,
            )
        if as_json:
            print_json(answer_json(answer))
        elif csv_file is not None:
            _write_answer(answer, csv_file)
        elif cite or timeline:
            print_lines(citation_lines(answer) if cite else timeline_lines(answer))
        else:
            _print_answer(answer, limit, page, with_context=context)
        _tell_about(answer)


@app.command(epilog='Example: quotetrack find "paint and promises keep the sea out"')
def find(
    words: Annotated[str, typer.Argument(help="The words as you remember them.")],
    limit: Annotated[int, typer.Option(min=1, help="The most utterances to show.")] = 5,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find who said remembered words, when and where, and how far the memory is from the print."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.answers import recalled_json, recalled_lines
        from quotetrack.search import quote_lookup as recall

        with sessions() as session:
            recalled = recall.find(session, words, limit=limit)
        if as_json:
            print_json(recalled_json(recalled))
            return
        for number, one in enumerate(recalled):
            if number:
                typer.echo()
            urls = _links_to_words(one.utterance.sightings)
            print_lines(recalled_lines(one, urls, is_terminal=sys.stdout.isatty()))
        if not recalled:
            tell("Nobody on file said this.")


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
        from quotetrack.linking.compare import compare
        from quotetrack.search.answer import only_sure
        from quotetrack.store.sightings import iter_utterances

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
    """Show one utterance: who picked it up when, how the wordings differ, and by which evidence they are one."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.quotations import provenance_lines, utterance_json, utterance_lines
        from quotetrack.render.variants import related_lines, variant_lines, variants_json
        from quotetrack.store.sightings import links_of, read_utterance, related_to

        with sessions() as session:
            found = read_utterance(session, utterance)
            links = links_of(session, found.id) if found else []
            related = related_to(session, [found.id])[found.id] if found else []
        if found is None:
            fail(f"there is no utterance {utterance} on file")
        if found.id != utterance:
            tell(f"utterance {utterance} is now part of utterance {found.id}")
        urls = _links_to_words(found.sightings)
        if as_json:
            print_json({**utterance_json(found, links, urls), **variants_json(found, related)})
        else:
            print_lines(utterance_lines(found, urls, with_wordings=False))
            print_lines(variant_lines(found, colours=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
            print_lines(related_lines(related))
            print_lines(provenance_lines(found, links))


@speakers_app.command("list", epilog="Example: quotetrack speakers list Venn")
def list_speakers(
    name: Annotated[str | None, typer.Argument(help="Only those who may be called so.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The most speakers to show.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the speakers on file, most quoted first: id, number of quotations, names."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.answers import speaker_line, speakers_json
        from quotetrack.search.answer import speakers_called
        from quotetrack.store.speakers import read_speakers

        with sessions() as session:
            found = (speakers_called(session, name) if name else read_speakers(session))[:limit]
        if as_json:
            print_json(speakers_json(found))
        else:
            print_lines(speaker_line(speaker) for speaker in found)
        if not found:
            tell(f"Nobody on file is called {name}." if name else "Nobody is on file.")


@speakers_app.command("show", epilog="Example: quotetrack speakers show 'Orla Venn'")
def show_speaker(speaker: SpeakerArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show one speaker: every name, how many quotations, and what people decided."""
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.answers import speaker_json, speaker_lines
        from quotetrack.store.speakers import decisions_on

        with sessions() as session:
            found = _speaker(session, speaker)
            decisions = decisions_on(session, found.ids)
        if as_json:
            print_json(speaker_json(found, decisions))
        else:
            print_lines(speaker_lines(found, decisions))


@speakers_app.command("merge", epilog="Example: quotetrack speakers merge 'O. Venn' 'Orla Venn'")
def merge_speakers(
    speaker: SpeakerArgument,
    into: Annotated[str | None, typer.Argument(help="The id or name of the speaker who it is.")] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take back that SPEAKER (an id) was merged.")] = False,
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say that two speakers are one, who goes on under the second's id and name; --revoke takes it back."""
    if revoke == (into is not None):
        raise typer.BadParameter("name two speakers, or one with --revoke")
    with reported(), _store(database) as sessions:
        from quotetrack.store.speakers import merge, revoke_merge

        with sessions.begin() as session:
            if into is None:
                speaker_id = _number_of(speaker)
                if not revoke_merge(session, speaker_id, _by(by), datetime.now(UTC)):
                    fail(f"speaker {speaker_id} is not merged into another")
                tell(f"speaker {speaker_id} is one of its own again")
                return
            absorbed, kept = _speaker(session, speaker), _speaker(session, into)
            if not merge(session, absorbed.id, kept.id, _by(by), datetime.now(UTC)):
                fail(f"{absorbed.name} and {kept.name} are one speaker already ({kept.id})")
        tell(f"{absorbed.name} ({absorbed.id}) is now {kept.name} ({kept.id})")
        tell(f"to undo it: quotetrack speakers merge {absorbed.id} --revoke")


@speakers_app.command("split", epilog="Example: quotetrack speakers split 'O. Venn'")
def split_speaker(
    name: Annotated[str, typer.Argument(help="A name that was taken for somebody else's.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Give one name of a speaker to a new speaker of its own."""
    with reported(), _store(database) as sessions:
        from quotetrack.linking.speaker_names import is_full_name, name_key
        from quotetrack.pipeline.steps.resolve_speakers import name_speakers
        from quotetrack.store.speakers import SpeakerKind, speakers_by_key, split_name

        kind = SpeakerKind.PERSON if is_full_name(name) else SpeakerKind.DESCRIBED
        with sessions.begin() as session:
            if name_key(name) not in speakers_by_key(session):
                fail(f"no speaker on file has the name {name!r}")
            speaker_id = split_name(session, name_key(name), kind, _by(by), datetime.now(UTC))
            if speaker_id is None:
                fail(f"{name!r} is the only name of its speaker")
        name_speakers(sessions)
        tell(f"{name} is speaker {speaker_id}")


@speakers_app.command("rename", epilog="Example: quotetrack speakers rename 12 'Orla Venn'")
def rename_speaker(
    speaker: SpeakerArgument,
    name: Annotated[str, typer.Argument(help="The name to show.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show a speaker under another name; all the names by which it is found stay."""
    with reported(), _store(database) as sessions:
        from quotetrack.linking.speaker_names import name_key
        from quotetrack.store.speakers import put_name, rename

        with sessions.begin() as session:
            found = _speaker(session, speaker)
            rename(session, found.id, name, _by(by), datetime.now(UTC))
            put_name(session, found.id, name, name_key(name))
        tell(f"speaker {found.id} is shown as {name}")


@speakers_app.command("import", epilog="Example: quotetrack speakers import people.csv")
def import_speakers(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns name, alias, wikidata; alias and wikidata may be empty.")
    ],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take names and aliases in: a line says that alias is a name of name. The same file again changes nothing."""
    with reported(), _store(database) as sessions, file.open(encoding="utf-8-sig", newline="") as lines:
        from quotetrack.pipeline.steps.resolve_speakers import import_speaker

        reader = csv.DictReader(lines)
        if not {"name", "alias"} <= set(reader.fieldnames or ()):
            fail(f"{file} has no columns name and alias")
        taken, refused = 0, 0
        for row in reader:
            with sessions.begin() as session:
                wrong = import_speaker(
                    session,
                    (row["name"] or "").strip(),
                    (row["alias"] or "").strip() or None,
                    (row.get("wikidata") or "").strip() or None,
                    _by(by),
                    datetime.now(UTC),
                )
            taken, refused = taken + (wrong is None), refused + (wrong is not None)
            if wrong is not None:
                tell(f"failed: {file}:{reader.line_num}: {wrong}")
        tell(f"{taken} lines taken in, {refused} refused")
        if refused:
            raise typer.Exit(SOME_FAILED)


@app.command(epilog='Example: quotetrack judge 12 31 same --by "M. K." --reason "one interview, two translations"')
def judge(
    left: Annotated[int | None, typer.Argument(help="A sighting, by the id that show and ask --json give.")] = None,
    right: Annotated[int | None, typer.Argument(help="Another sighting.")] = None,
    verdict: Annotated[Verdict | None, typer.Argument(help="Whether they are one utterance.")] = None,
    by: Annotated[str | None, typer.Option(help="Who says so; default: your user name.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for those who come after.")] = None,
    take_back: Annotated[
        bool, typer.Option("--revoke", help="Take back what was judged of the two, whatever it was.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="List what is in force, and what is found no more.")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two sightings are the same utterance, or different: linking honours it whatever the score.

    A judgement holds to the characters, and outlives a new extractor and an edited article.
    """
    if listed:
        if left is not None:
            raise typer.BadParameter("--list or two sightings, not both")
        _print_judgements(database, as_json)
    elif left is None or right is None:
        raise typer.BadParameter("name two sightings, or --list")
    elif take_back:
        _revoke(left, right, database)
    elif verdict is not None:
        _judge(left, right, verdict is Verdict.SAME, by, reason, database)
    else:
        raise typer.BadParameter("say same or different, or --revoke")


@database_app.command(epilog="Example: quotetrack db upgrade --database sqlite:///news.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Make the database, or bring its tables up to date."""
    url = _url(database)
    with reported():
        from quotetrack.pipeline.steps.resolve_speakers import name_speakers
        from quotetrack.store import current_revision, upgrade

        upgrade(url)
        with _store(database) as sessions:
            name_speakers(sessions)
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
    fast: FastOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure spans, mentions, names and days on annotated articles, and list the errors by category."""
    with reported():
        from quotetrack.evaluation import metrics as evaluate
        from quotetrack.render.quotations import evaluation_json, figures_lines, mistake_lines, reliability_lines

        try:
            articles = evaluate.read_gold(_lines(gold), _lines(labels) if labels else ())
            predictions = evaluate.read_predictions(_lines(pred) if pred else _extracted_lines(gold, fast), articles)
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
        from quotetrack.cli.doctor import examine

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


def _embedder(settings: Settings) -> Embedder | None:
    """None, and a word about it, where there is none: words alone answer as well."""
    from quotetrack.models.embedder import EmbeddingModelMissing, load_embedder

    try:
        return load_embedder(settings.embedding_model)
    except (EmbeddingModelMissing, ImportError) as error:
        tell(f"answered by words alone: {error}")
        return None


def _speaker(session: Session, asked: str) -> SpeakerOnFile:
    """The one speaker of this id or name; tells near names, or all who are called so, where it is not one."""
    from quotetrack.search.answer import near_names, speakers_called
    from quotetrack.store.speakers import is_speaker, read_speakers

    if asked.isdigit():
        if not is_speaker(session, int(asked)):
            fail(f"there is no speaker {asked} on file")
        return read_speakers(session, [int(asked)])[0]
    found = speakers_called(session, asked)
    if not found:
        near = ", ".join(near_names(session, asked))
        fail(f"nobody on file is called {asked}" + (f"; near names: {near}" if near else ""))
    if len(found) > 1:
        told = ", ".join(f"{speaker.name} ({speaker.id})" for speaker in found)
        fail(f"several are called {asked}: {told}; give the id")
    return found[0]


def _by(name: str | None) -> str:
    import getpass

    return name or getpass.getuser()


def _number_of(asked: str) -> int:
    if not asked.isdigit():
        raise typer.BadParameter(f"{asked!r} is no id of a speaker: `quotetrack speakers show` tells it")
    return int(asked)


def _encoder(fast: bool) -> Encoder | None:
    """The reading model; None where nobody wants to wait for it."""
    if fast:
        return None
    from quotetrack.models.pointer import load_pointer

    return load_pointer()


def _moment(published: str | None) -> datetime | date | None:
    if published is None:
        return None
    from quotetrack.ingest.timestamps import read_moment

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
    from quotetrack.ingest.reader import read_path

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


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines


def _extracted_lines(gold: Path, fast: bool) -> Iterator[str]:
    """What `extract --jsonl` prints of these articles; what cannot be read is told."""
    from quotetrack.models.spacy_pipeline import load_language
    from quotetrack.pipeline.standalone import extract_lines
    from quotetrack.render.quotations import quotation_json

    settings = _settings()
    nlp = load_language(settings.spacy_model)
    with gold.open("rb") as stream:
        for one in extract_lines(stream, str(gold), nlp, _encoder(fast), outlets=_outlets(settings)):
            if isinstance(one, Failure):
                tell(f"failed: {one.where}: {one.reason}")
            else:
                yield json.dumps({"id": one.id, "quotations": [quotation_json(q) for q in one.quotations]})


def _print_answer(answer: Answer, limit: int, page: int, *, with_context: bool) -> None:
    from quotetrack.render.answers import found_lines, page_line
    from quotetrack.search.answer import understood_text

    typer.echo(understood_text(answer.understood))
    for found in answer.utterances:
        typer.echo()
        urls = _links_to_words(found.utterance.sightings)
        is_terminal = sys.stdout.isatty()
        about = answer.understood.about
        print_lines(found_lines(found, about, urls, with_context=with_context, is_terminal=is_terminal))
    where = page_line(answer, limit, page)
    if where and answer.utterances:
        typer.echo(f"\n{where}")


def _tell_about(answer: Answer) -> None:
    """Who else is called so, that nobody is, or that nothing answers: beside the data, never instead of a word."""
    from quotetrack.render.answers import candidate_lines, nobody_lines, nothing_line

    understood = answer.understood
    for line in nobody_lines(understood) if understood.is_unknown else candidate_lines(understood):
        tell(line)
    if not answer.utterances and not understood.is_unknown:
        past = f"There are only {answer.total} utterances." if answer.total else nothing_line(understood)
        tell(past)


def _write_answer(answer: Answer, csv_file: str) -> None:
    from quotetrack.export import write_csv
    from quotetrack.linking.compare import compare

    with written(csv_file) as out:
        rows = write_csv((found.utterance for found in answer.utterances), out, link_of=compare)
    if csv_file != STDIO:
        tell(f"{rows} sightings written to {csv_file}")


def _links_to_words(sightings: Iterable[Sighting]) -> list[str | None]:
    from quotetrack.export import text_fragment_link

    return [text_fragment_link(sighting) for sighting in sightings]


def _tell_failures(failures: Sequence[Failure]) -> None:
    for failure in failures[:MOST_FAILURES_TOLD]:
        tell(f"failed: {failure.where}: {failure.reason}")
    if len(failures) > MOST_FAILURES_TOLD:
        tell(f"... and {len(failures) - MOST_FAILURES_TOLD} more")


def _tell_stale(sessions: Sessions) -> None:
    from quotetrack.pipeline import nightly

    with sessions() as session:
        number = nightly.stale(session)
    if number:
        tell(f"{number} versions were read by an older extractor: `quotetrack ingest --stale` reads them again")


# Judging


def _judge(left: int, right: int, same: bool, by: str | None, reason: str | None, database: str | None) -> None:
    from getpass import getuser

    with reported(), _store(database) as sessions:
        from quotetrack.pipeline.steps.link import relink
        from quotetrack.review import judgements as review

        try:
            judgement = review.judge(
                sessions, left, right, same=same, decided_by=by or getuser(), now=datetime.now(UTC), reason=reason
            )
        except (LookupError, ValueError) as error:
            fail(str(error))
        relink(sessions)
        typer.echo(f"judgement {judgement.id}: {left} and {right} are {'the same' if same else 'different'}")
        _tell_utterances(sessions, left, right)


def _revoke(left: int, right: int, database: str | None) -> None:
    with reported(), _store(database) as sessions:
        from quotetrack.pipeline.steps.link import relink
        from quotetrack.review import judgements as review

        if not review.revoke(sessions, left, right, now=datetime.now(UTC)):
            fail(f"nothing is judged of {left} and {right}")
        relink(sessions)
        typer.echo(f"taken back: what was judged of {left} and {right}")
        _tell_utterances(sessions, left, right)


def _tell_utterances(sessions: Sessions, *sightings: int) -> None:
    from quotetrack.store.sightings import utterance_ids

    with sessions() as session:
        named = utterance_ids(session, sightings)
    typer.echo("; ".join(f"sighting {each} is in utterance {named.get(each, 'none')}" for each in sightings))


def _print_judgements(database: str | None, as_json: bool) -> None:
    with reported(), _store(database, read_only=True) as sessions:
        from quotetrack.render.variants import judgement_lines, judgements_json
        from quotetrack.store.decisions import judgements_in_force

        with sessions() as session:
            judgements = judgements_in_force(session)
        if as_json:
            print_json(judgements_json(judgements))
        else:
            print_lines(judgement_lines(judgements))
        orphans = sum(judgement.is_orphan for judgement in judgements)
        if orphans:
            tell(f"{orphans} of {len(judgements)} judgements point at characters that are found no more")


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
