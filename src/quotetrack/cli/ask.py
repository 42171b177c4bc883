"""Commands that answer questions: `ask`, `find`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import (
    STDIO,
    errors_reported,
    fail,
    is_terminal,
    opened_input,
    print_json,
    print_json_line,
    print_lines,
    print_styled_lines,
    warn,
)
from quotetrack.cli.options import (
    MOST_SHOWN,
    CertainOption,
    DatabaseOption,
    JsonOption,
    MinConfidenceOption,
    OnlyOutletOption,
    PublishedSinceOption,
    PublishedUntilOption,
    SinceOption,
    SpeakerOption,
    UntilOption,
    check_order,
    open_settings,
    opened_store,
    warn_if_stale,
)
from quotetrack.cli.output import print_counts, write_counts, write_utterances
from quotetrack.cli.root import app
from quotetrack.core.domain import CountBy, day_of

if TYPE_CHECKING:
    from quotetrack.models.embedder import Embedder
    from quotetrack.search.answer import Answer
    from quotetrack.search.understanding import Given, Understood
    from quotetrack.store import Session, Sessions


class _Output(Enum):
    """The form of an answer."""

    TEXT = auto()
    JSON = auto()
    CSV = auto()
    FOOTNOTES = auto()
    TIMELINE = auto()


@app.command(epilog='Example: quotetrack ask "what did Ragna Telle say about the storm barrier since March 2026"')
def ask(
    question: Annotated[
        str | None,
        typer.Argument(help="What did X say about Y? May contain days, for example: since March 2026."),
    ] = None,
    speaker: SpeakerOption = None,
    about: Annotated[str | None, typer.Option(help="The topic.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    certain: CertainOption = False,
    published_since: PublishedSinceOption = None,
    published_until: PublishedUntilOption = None,
    outlet: OnlyOutletOption = None,
    newest: Annotated[bool, typer.Option("--newest", help="Sort the best matches by day, newest first.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_SHOWN,
            help="Utterances on a page. Default: 10; with --csv and --cite, all. With --count-by, the most lines.",
        ),
    ] = None,
    page: Annotated[
        int | None, typer.Option(min=1, max=MOST_SHOWN, help="The page to show. Default: the first.")
    ] = None,
    context: Annotated[bool, typer.Option("--context", help="Show the paragraph around the words.")] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="Show the number of utterances by month.")] = False,
    cite: Annotated[bool, typer.Option("--cite", help="Print a footnote for each source.")] = False,
    csv_file: Annotated[
        str | None, typer.Option("--csv", metavar="FILE|-", help="Write the sources as CSV, as `export` does.")
    ] = None,
    only_understand: Annotated[
        bool, typer.Option("--understand", help="Print only how the question was understood, as one line of JSON.")
    ] = False,
    jsonl: Annotated[
        str | None,
        typer.Option(
            "--jsonl", metavar="FILE|-", help="With --understand: read questions, as `question` of each line."
        ),
    ] = None,
    count_by: Annotated[
        CountBy | None,
        typer.Option(
            "--count-by", help="Count the utterances that name the topic; print the numbers, with --json or --csv too."
        ),
    ] = None,
    reported: Annotated[
        bool | None,
        typer.Option(
            "--reported/--no-reported",
            help="Show reported statements first, with --csv as rows too; or none. Default: three a page, below.",
            show_default=False,
        ),
    ] = None,
    min_confidence: MinConfidenceOption = 0.0,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with quotations, each with all its sources.

    Options override what the question says; with --speaker, --about or --outlet no question is needed.
    """
    if jsonl is not None and (question is not None or not only_understand):
        raise typer.BadParameter("give --jsonl with --understand, and without a question")
    if jsonl is None and question is None and not (speaker or about or outlet):
        raise typer.BadParameter("give a question, or --speaker, --about or --outlet")
    check_order("--since", since, "--until", until)
    check_order("--published-since", published_since, "--published-until", published_until)
    output = _output(as_json, csv_file is not None, cite, timeline)
    if reported and output in (_Output.FOOTNOTES, _Output.TIMELINE):
        raise typer.BadParameter("--reported prints text, JSON or CSV: leave it out, or --cite and --timeline")
    if count_by is not None:
        shown = {"cite": cite, "timeline": timeline, "context": context, "newest": newest, "certain": certain}
        _check_counted(**shown, page=bool(page), reported=bool(reported))
    is_whole = output in (_Output.CSV, _Output.FOOTNOTES) and limit is None and page is None
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import page_line
        from quotetrack.search.answer import LIMIT, SOME_REPORTED, answer_question
        from quotetrack.search.understanding import Given, understand

        warn_if_stale(sessions)
        question = question or ""
        given = Given(
            speaker=speaker,
            about=about,
            since=day_of(since),
            until=day_of(until),
            outlet=outlet,
            published_since=day_of(published_since),
            published_until=day_of(published_until),
        )
        some = SOME_REPORTED if reported is None and output in (_Output.TEXT, _Output.JSON) else 0
        if only_understand:
            _print_understood(sessions, _questions(jsonl) if jsonl else [(None, question)], given)
            return
        with sessions() as session:
            understood = understand(session, question, today=datetime.now().date(), given=given)
            if count_by is not None:
                _print_counts(session, understood, count_by, min_confidence, limit, csv_file, as_json=as_json)
                return
            answer = answer_question(
                session,
                question,
                understood=understood,
                embedder=_embedder_if_any() if understood.needs_meaning else None,
                newest=newest,
                limit=None if is_whole else limit or LIMIT,
                page=page or 1,
                min_confidence=min_confidence,
                certain=certain,
                reported=(None if is_whole else limit or LIMIT) if reported else some,
            )
        position = None if is_whole else page_line(answer, limit or LIMIT, page or 1)
        if output is _Output.TEXT:
            more = _next_page(answer, limit or LIMIT, page or 1) if reported else "--reported"
            _print_text(answer, position, more, with_context=context, reported_first=bool(reported))
        else:
            _print_as(output, answer, csv_file or STDIO)
        if position and output in (_Output.CSV, _Output.FOOTNOTES):
            warn(f"{position} Leave out --limit and --page for all of them.")
        _print_hints(answer)


@app.command(epilog='Example: quotetrack find "paint and promises keep the sea out"')
def find(
    words: Annotated[str, typer.Argument(help="The words as you remember them.")],
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many utterances.")] = 5,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find who said the words that you remember, when and where, and how the printed words differ."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.answers import NOTHING_CLOSE, match_lines
        from quotetrack.render.schemas import QuotationMatchSchema
        from quotetrack.search.quote_lookup import find_quotations_like

        with sessions() as session:
            matches = find_quotations_like(session, words, limit=limit)
        if as_json:
            print_json([QuotationMatchSchema.of(match).to_json() for match in matches])
            return
        for number, match in enumerate(matches):
            if number:
                typer.echo()
            print_styled_lines(match_lines(match, is_terminal=is_terminal()))
        if not matches:
            warn(NOTHING_CLOSE)


def _print_counts(
    session: Session,
    understood: Understood,
    by: CountBy,
    min_confidence: float,
    limit: int | None,
    csv_file: str | None,
    *,
    as_json: bool,
) -> None:
    from quotetrack.render.analysis import found_hint_lines
    from quotetrack.search.analysis import count_by, utterances_on

    found = utterances_on(session, understood, min_confidence=min_confidence)
    counts = count_by(found.utterances, by, topic=understood.about)[:limit]
    if csv_file is not None:
        write_counts(counts, by, csv_file)
    else:
        print_counts(counts, by, len(found.utterances), as_json=as_json)
    for line in found_hint_lines(understood, found):
        warn(line)


# Options


def _output(as_json: bool, as_csv: bool, cite: bool, timeline: bool) -> _Output:
    wanted = {_Output.JSON: as_json, _Output.CSV: as_csv, _Output.FOOTNOTES: cite, _Output.TIMELINE: timeline}
    chosen = [output for output, is_wanted in wanted.items() if is_wanted]
    if len(chosen) > 1:
        raise typer.BadParameter("use only one of --json, --csv, --cite and --timeline")
    return chosen[0] if chosen else _Output.TEXT


def _check_counted(**shown: bool) -> None:
    """Raise BadParameter for an option that changes how utterances are shown, where only their numbers are."""
    wrong = [f"--{name}" for name, is_given in shown.items() if is_given]
    if wrong:
        raise typer.BadParameter(f"--count-by prints numbers, not utterances: leave out {' and '.join(wrong)}")


def _questions(file: str) -> Iterator[tuple[str | None, str]]:
    """Yield the id, if any, and the question of each line. A line without a question ends the command."""
    with opened_input(file) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict) or not isinstance(row.get("question"), str):
                fail(f'{file}:{number}: no question. Each line should read {{"id": "1", "question": "..."}}.')
            yield (None if row.get("id") is None else str(row["id"])), row["question"]


def _print_understood(sessions: Sessions, questions: Iterable[tuple[str | None, str]], given: Given) -> None:
    from quotetrack.render.schemas import UnderstoodQuestionSchema
    from quotetrack.search.understanding import understand

    with sessions() as session:
        for question_id, question in questions:
            understood = understand(session, question, today=datetime.now().date(), given=given)
            print_json_line(UnderstoodQuestionSchema.understood(question, understood, question_id).to_json())


def _embedder_if_any() -> Embedder | None:
    """Load the embedding model; without it print a hint and return None: full text alone answers as well."""
    from quotetrack.models.embedder import EmbeddingModelMissing, load_question_embedder

    try:
        return load_question_embedder(open_settings().embedding_model)
    except (EmbeddingModelMissing, ImportError) as error:
        warn(f"Searching by words only: {error}")
        return None


# Output


def _next_page(answer: Answer, limit: int, page: int) -> str | None:
    """Return the option for the next page of reported statements; None behind the last one."""
    return f"--page {page + 1}" if page * limit < answer.reported_total else None


def _print_text(
    answer: Answer,
    position: str | None,
    more_reported: str | None,
    *,
    with_context: bool,
    reported_first: bool = False,
) -> None:
    from quotetrack.render.answers import heading_of, ranked_lines, summary_lines, uncertain_text
    from quotetrack.render.reported import reported_of_answer
    from quotetrack.render.text import count
    from quotetrack.search.understanding import understood_text

    print_lines([understood_text(answer.understood), *summary_lines(answer)])
    reported = list(reported_of_answer(answer, more_reported, is_terminal=is_terminal()))
    print_styled_lines(reported if reported_first else ())
    topic = answer.understood.about
    for place, ranked in enumerate(answer.utterances):
        typer.echo()
        if heading := heading_of(answer, place):
            print_lines([heading])
        print_styled_lines(ranked_lines(ranked, topic, with_context=with_context, is_terminal=is_terminal()))
    uncertain = f"{count(answer.total, 'utterance')}; {uncertain_text(answer)}." if answer.uncertain else None
    if position or uncertain:
        typer.echo(f"\n{' '.join(filter(None, (uncertain, position)))}")
    print_styled_lines(() if reported_first else reported)


def _print_as(output: _Output, answer: Answer, csv_file: str) -> None:
    from quotetrack.render.answers import citation_lines, timeline_lines
    from quotetrack.render.schemas import AnswerSchema

    if output is _Output.JSON:
        print_json(AnswerSchema.of(answer).to_json())
    elif output is _Output.CSV:
        write_utterances(
            (ranked.utterance for ranked in answer.utterances),
            csv_file,
            reported=answer.reported or None,
            checks=answer.checks,
        )
    elif output is _Output.FOOTNOTES:
        print_lines(citation_lines(answer))
    elif output is _Output.TIMELINE:
        print_lines(timeline_lines(answer))


def _print_hints(answer: Answer) -> None:
    """Print hints on stderr: other speakers of that name, unknown speaker, or no result."""
    from quotetrack.render.answers import hint_lines

    for line in hint_lines(answer):
        warn(line)


# For the shell


def load_embedder_if_any() -> Embedder | None:
    """Load the embedding model; without it print a hint and return None."""
    return _embedder_if_any()


def print_answer(answer: Answer, limit: int, page: int) -> None:
    """Print one page of an answer, with hints on standard error."""
    from quotetrack.render.answers import page_line
    from quotetrack.search.answer import SOME_REPORTED

    more = "more" if page * SOME_REPORTED < answer.reported_total else None
    _print_text(answer, page_line(answer, limit, page), more, with_context=False)
    _print_hints(answer)
