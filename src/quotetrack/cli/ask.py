"""Commands that read the store: `ask`, `find`, `export`, `show`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import STDIO, fail, print_json, print_lines, reported, tell, written
from quotetrack.cli.options import DatabaseOption, DayOption, JsonOption, open_settings, opened_store
from quotetrack.core.domain import Sighting

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
    from quotetrack.models.embedder import Embedder
    from quotetrack.search.answer import Answer
from quotetrack.cli.options import MinConfidenceOption, tell_stale
from quotetrack.cli.root import app


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
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import answer_json, citation_lines, timeline_lines
        from quotetrack.search.answer import answer_question
        from quotetrack.search.understanding import Given, OutletUnknown, understand

        tell_stale(sessions)
        given = Given(
            speaker=speaker,
            about=about,
            since=_day(since),
            until=_day(until),
            outlet=outlet,
            published_since=_day(published_since),
            published_until=_day(published_until),
        )
        with sessions() as session:
            try:
                understood = understand(session, question, today=datetime.now().date(), given=given)
            except OutletUnknown as error:
                fail(str(error))
            has_topic = understood.about is not None and not understood.is_unknown
            answer = answer_question(
                session,
                question,
                understood=understood,
                embedder=_embedder(open_settings()) if has_topic else None,
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
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import recalled_json, recalled_lines
        from quotetrack.search.quote_lookup import find_quotations_like

        with sessions() as session:
            recalled = find_quotations_like(session, words, limit=limit)
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
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.export import write_csv
        from quotetrack.linking.compare import compare
        from quotetrack.search.answer import only_sure
        from quotetrack.store.utterances import iter_utterances

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
    with reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.quotations import provenance_lines, utterance_json, utterance_lines
        from quotetrack.render.variants import related_lines, variant_lines, variants_json
        from quotetrack.store.links import links_of
        from quotetrack.store.related import related_to
        from quotetrack.store.utterances import read_utterance

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


# The store, the settings, the articles


def _embedder(settings: Settings) -> Embedder | None:
    """None, and a word about it, where there is none: words alone answer as well."""
    from quotetrack.models.embedder import EmbeddingModelMissing, load_embedder

    try:
        return load_embedder(settings.embedding_model)
    except (EmbeddingModelMissing, ImportError) as error:
        tell(f"answered by words alone: {error}")
        return None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print_answer(answer: Answer, limit: int, page: int, *, with_context: bool) -> None:
    from quotetrack.render.answers import found_lines, page_line
    from quotetrack.search.understanding import understood_text

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
