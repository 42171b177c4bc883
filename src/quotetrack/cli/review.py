"""Commands about decisions of people: `review correct | check | judge | undo | list | queue | export | import`."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.articles import undo_decision
from quotetrack.cli.console import (
    STDIO,
    errors_reported,
    fail,
    opened_input,
    opened_output,
    print_failures,
    print_json,
    print_lines,
    warn,
)
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    MOST_SHOWN,
    ByOption,
    DatabaseOption,
    JsonOption,
    applied_later,
    open_outlets,
    open_settings,
    opened_store,
    user_or,
    utc_now,
)
from quotetrack.cli.root import review_app
from quotetrack.core.domain import is_reported_id, number_of_reported

if TYPE_CHECKING:
    from quotetrack.core.domain import CorrectionFault
    from quotetrack.review.apply import Recorded
    from quotetrack.review.exchange import Imported
    from quotetrack.store import Sessions

CORRECTION, JUDGEMENT, ARTICLE = "c", "j", "a"  # the letter in front of the id of a decision

ReasonOption = Annotated[str | None, typer.Option(help="The reason for the decision.")]


class Verdict(StrEnum):
    """A person's verdict about two sightings."""

    SAME = "same"
    DIFFERENT = "different"


class MatchVerdict(StrEnum):
    """A person's verdict about a fact-check of an utterance."""

    RIGHT = "right"
    WRONG = "wrong"


@review_app.command(
    epilog='Example: quotetrack review correct 31 --speaker "Orla Venn" --by "M. K." --reason "her deputy was asked"'
)
def correct(
    sighting: Annotated[
        str | None, typer.Argument(help="The id of a sighting, as printed by `show`, or of a reported statement (r12).")
    ] = None,
    speaker: Annotated[
        str | None, typer.Option(help="Who said it; `unknown` if the article does not name the speaker.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(metavar="DAY|FROM..TO|unknown", help="When it was said, for example 2026-03-11."),
    ] = None,
    words: Annotated[
        str | None, typer.Option(help="The right words, as the article has them; […] where words are left out.")
    ] = None,
    not_a_quotation: Annotated[
        bool,
        typer.Option("--not-a-quotation", help="These words are no quotation (a title, a term), or nobody said so."),
    ] = False,
    missed: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="ARTICLE WORDS", help="Add missed words: the URL or file of their article, and the words."
        ),
    ] = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Correct all sightings of the utterance: every outlet that has it.")
    ] = False,
    by: ByOption = None,
    reason: ReasonOption = None,
    database: DatabaseOption = None,
) -> None:
    """Correct one quotation: its speaker, day or words; take it out; or add one that was missed.

    Of a reported statement, correct the speaker or the day, or take it out.

    A correction is tied to the characters: it survives a new extractor and an edited article, and reaches every output.
    """
    if (sighting is None) == (missed is None):
        raise typer.BadParameter("give the id of a sighting, or --missed ARTICLE WORDS")
    if missed is not None:
        if day is not None or words is not None or not_a_quotation or everywhere:
            raise typer.BadParameter("use only --speaker with --missed; then correct the new sighting")
        _add_missed(missed, speaker, by, reason, database)
        return
    from quotetrack.core.domain import CorrectionFault

    given: dict[CorrectionFault, str | None] = {}
    for fault, value in (
        (CorrectionFault.WORDS, words),
        (CorrectionFault.SPEAKER, speaker),
        (CorrectionFault.DAY, day),
    ):
        if value is not None:
            given[fault] = value
    if not_a_quotation:
        given[CorrectionFault.NOT_A_QUOTATION] = None
    if len(given) != 1:
        raise typer.BadParameter("give one of --speaker, --day, --words and --not-a-quotation")
    assert sighting is not None
    if not (sighting.isdecimal() or is_reported_id(sighting)):
        raise typer.BadParameter(f"{sighting!r} is no id: write 12, or r12 for a reported statement")
    if is_reported_id(sighting) and (everywhere or words is not None):
        raise typer.BadParameter("of a reported statement only --speaker, --day and --not-a-quotation can be given")
    ((fault, value),) = given.items()
    _correct(sighting, fault, value, everywhere, by, reason, database)


@review_app.command("check", epilog="Example: quotetrack review check 12 3 wrong --reason 'another ferry'")
def decide_check(
    utterance: Annotated[int, typer.Argument(help="The id of an utterance, as printed by `ask`.")],
    fact_check: Annotated[int, typer.Argument(help="The number of a fact-check, as printed by `checks list`.")],
    verdict: Annotated[MatchVerdict, typer.Argument(help="Is the fact-check about the claim of the utterance?")],
    by: ByOption = None,
    reason: ReasonOption = None,
    database: DatabaseOption = None,
) -> None:
    """Confirm that a fact-check is about what an utterance claims, or reject it. A rejected one is not shown again.

    This judges the match, and not the claim. A fact-check that was not found can be added in this way.
    """
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import corrections

        try:
            done = corrections.decide_check(
                sessions,
                utterance,
                fact_check,
                is_right=verdict is MatchVerdict.RIGHT,
                decided_by=user_or(by),
                now=utc_now(),
                settings=open_settings(),
                reason=reason,
            )
        except LookupError as error:
            fail(_sentence(error))
        _report(done, f"utterance {utterance}")


@review_app.command(epilog="Example: quotetrack review undo c12")
def undo(
    decision: Annotated[str, typer.Argument(help="The id of a decision, as printed by `review list`: c12, j3 or a7.")],
    database: DatabaseOption = None,
) -> None:
    """Revoke a correction, a judgement or a decision about an article. What was found or printed is shown again."""
    kind, number = decision[:1].lower(), decision[1:]
    if kind not in (CORRECTION, JUDGEMENT, ARTICLE) or not number.isdigit():
        raise typer.BadParameter(f"{decision!r} is not the id of a decision: write c12, j3 or a7. See `review list`.")
    if kind == ARTICLE:
        undo_decision(int(number), database)
        return
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import corrections, judgements

        use_case = corrections.undo if kind == CORRECTION else judgements.undo
        done = use_case(sessions, int(number), now=utc_now(), settings=open_settings())
        if done is None:
            fail(f"There is no decision {decision} in force. See `quotetrack review list`.")
        warn(f"Revoked {decision}.{applied_later(done)}")


@review_app.command("list", epilog="Example: quotetrack review list --json")
def list_decisions(
    orphans: Annotated[
        bool, typer.Option("--orphans", help="Only decisions whose words no stored article has.")
    ] = False,
    contradictions: Annotated[
        bool,
        typer.Option(
            "--contradictions", help="Only judgements that contradict others: A is B, B is C, and A is not C."
        ),
    ] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the decisions in force about quotations, with the sightings that they are about today, and about articles.

    Decisions about a speaker are listed by `speakers show`.
    """
    if orphans and contradictions:
        raise typer.BadParameter("use only one of --orphans and --contradictions")
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.decisions import article_decision_lines, correction_lines, judgement_lines
        from quotetrack.render.schemas import DecisionsSchema
        from quotetrack.review.judgements import contradictions as contradicting
        from quotetrack.store.article_decisions import read_article_decisions
        from quotetrack.store.corrections import places_of_correction, read_corrections
        from quotetrack.store.decisions import read_judgements

        with sessions() as session:
            placed = [(each, places_of_correction(session, each)) for each in read_corrections(session)]
            judgements = read_judgements(session)
            articles = [each for each in read_article_decisions(session) if each.revoked_at is None and not orphans]
        lost = sum(not sightings for _, sightings in placed) + sum(judgement.is_orphan for judgement in judgements)
        if orphans:
            placed = [(each, sightings) for each, sightings in placed if not sightings]
            judgements = [judgement for judgement in judgements if judgement.is_orphan]
        if contradictions:
            placed, judgements, articles = [], contradicting(judgements), []
        if as_json:
            print_json(DecisionsSchema.of_decisions(placed, judgements, articles).to_json())
        else:
            print_lines(correction_lines(placed))
            print_lines(judgement_lines(judgements))
            print_lines(article_decision_lines(articles))
        if not (placed or judgements or articles):
            warn("There are no such decisions.")
        elif lost and not (orphans or contradictions):
            warn(f"The words of {lost} are in no stored article: quotetrack review list --orphans")


@review_app.command(epilog='Example: quotetrack review judge 12 31 same --reason "one interview, two translations"')
def judge(
    left: Annotated[int, typer.Argument(help="The id of a sighting, as printed by `show`.")],
    right: Annotated[int, typer.Argument(help="The id of another sighting.")],
    verdict: Annotated[Verdict | None, typer.Argument(help="Are they the same utterance?")] = None,
    by: ByOption = None,
    reason: ReasonOption = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="Revoke the judgement about the two sightings.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Judge that two sightings are the same utterance, or different. Overrides the linker.

    A judgement is tied to the quoted characters: it survives a new extractor and an edited article.
    """
    if revoke == (verdict is not None):
        raise typer.BadParameter("say same or different, or --revoke")
    if verdict is None:
        _revoke(left, right, database)
    else:
        _judge(left, right, verdict, by, reason, database)


@review_app.command(epilog="Example: quotetrack review queue --limit 20")
def queue(
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many sightings.")] = 10,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a person should look at next: what most likely is wrong, and stands in most outlets, first.

    What a person has decided is not shown again. To say that something is right, decide it as it is.
    """
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.review_queue import queue_lines
        from quotetrack.render.schemas import DoubtSchema
        from quotetrack.review.queue import review_queue

        with sessions() as session:
            doubts = review_queue(session, limit)
        if as_json:
            print_json([DoubtSchema.of(doubt).to_json() for doubt in doubts])
        else:
            print_lines(queue_lines(doubts))
        if not doubts:
            warn("There is nothing to look at.")


@review_app.command("export", epilog="Example: quotetrack review export decisions.json")
def export_decisions(
    file: Annotated[str, typer.Argument(help="The file to write, or - for standard output.")],
    database: DatabaseOption = None,
) -> None:
    """Write all decisions in force as Web Annotations (JSON-LD): corrections, judgements, speakers and articles.

    They name articles by URL and speakers by name, so that `review import` finds them in any other database.
    """
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.text import count
        from quotetrack.review.annotations import write_json
        from quotetrack.review.exchange import export_decisions

        with sessions() as session:
            annotations = export_decisions(session)
        with opened_output(file) as out:
            out.write(write_json(annotations))
        if file != STDIO:
            warn(f"Wrote {count(len(annotations), 'decision')} to {file}.")


@review_app.command("import", epilog="Example: quotetrack review import decisions.json")
def import_decisions(
    file: Annotated[str, typer.Argument(help="A file of `review export`, or - for standard input.")],
    database: DatabaseOption = None,
) -> None:
    """Import decisions from another database. Who decided, when and why is kept.

    Decisions about an article that is not stored yet wait for it. Importing a file twice changes nothing.
    """
    with errors_reported():
        from quotetrack.review.annotations import WrongAnnotations, read_json
        from quotetrack.review.exchange import import_decisions

        try:
            with opened_input(file) as stream:
                annotations = read_json(stream.read())
        except WrongAnnotations as error:
            fail(f"{file}: {error}. Nothing was imported.")
        with opened_store(database, create=True) as sessions:
            settings = open_settings()
            outlets = open_outlets(settings)
            imported = import_decisions(sessions, annotations, outlets, now=utc_now(), settings=settings)
        for place, problem in imported.refused:
            warn(f"failed: {file}: annotation {place}: {problem}")
        _report_import(imported)
        print_failures(imported.failures)
        if imported.refused or imported.failures:
            raise typer.Exit(SOME_FAILED)


def _correct(
    sighting: str,
    fault: CorrectionFault,
    value: str | None,
    everywhere: bool,
    by: str | None,
    reason: str | None,
    database: str | None,
) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.core.corrections import InvalidDays
        from quotetrack.review import corrections

        who, now, settings = user_or(by), utc_now(), open_settings()
        try:
            if is_reported_id(sighting):
                number = number_of_reported(sighting)
                recorded = corrections.correct_reported(
                    sessions, number, fault, value, decided_by=who, now=now, settings=settings, reason=reason
                )
                done: Sequence[Recorded] = [recorded]
            else:
                done = corrections.correct(
                    sessions,
                    int(sighting),
                    fault,
                    value,
                    decided_by=who,
                    now=now,
                    settings=settings,
                    reason=reason,
                    everywhere=everywhere,
                )
        except (LookupError, InvalidDays) as error:
            fail(_sentence(error))
        kind = "reported statement" if is_reported_id(sighting) else "sighting"
        _report(done, f"{kind} {sighting}" if len(done) == 1 else f"{len(done)} sightings")


def _add_missed(
    missed: tuple[str, str], speaker: str | None, by: str | None, reason: str | None, database: str | None
) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import corrections
        from quotetrack.review.articles import find_article
        from quotetrack.store.articles import url_of_article

        article, words = missed
        try:
            with sessions() as session:
                url = url_of_article(session, find_article(session, article))
            done = corrections.add_missed(
                sessions,
                url,
                words,
                speaker,
                decided_by=user_or(by),
                now=utc_now(),
                settings=open_settings(),
                reason=reason,
            )
        except LookupError as error:
            fail(_sentence(error))
        _report([done], url)


def _report(done: Sequence[Recorded], about: str) -> None:
    ids = ", ".join(f"{CORRECTION}{recorded.id}" for recorded in done)
    own = [recorded for recorded in done if not recorded.is_agreement]
    if not own:
        warn(f"Somebody else decided the same about {about}: {ids}. Nothing is added.")
        return
    warn(f"Correction of {about} is recorded: {ids}.{applied_later(done[0])}")
    warn(f"To undo: quotetrack review undo {CORRECTION}{own[-1].id}")


def _report_import(imported: Imported) -> None:
    from quotetrack.render.text import count
    from quotetrack.store.decisions import ImportResult

    counts = imported.counts
    line = f"{count(counts[ImportResult.NEW], 'decision')} imported, {counts[ImportResult.KNOWN]} already there"
    if counts[ImportResult.OVERRULED]:
        line += f", {counts[ImportResult.OVERRULED]} overruled by decisions here"
    if imported.refused:
        line += f", {len(imported.refused)} refused"
    warn(f"{line}.{applied_later(imported)}")
    if imported.waiting:
        verb = "waits" if imported.waiting == 1 else "wait"
        warn(f"{imported.waiting} of them {verb} for an article that is not stored yet.")


def _judge(left: int, right: int, verdict: Verdict, by: str | None, reason: str | None, database: str | None) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        is_same = verdict is Verdict.SAME
        try:
            done = judgements.judge(
                sessions,
                left,
                right,
                same=is_same,
                decided_by=user_or(by),
                now=utc_now(),
                settings=open_settings(),
                reason=reason,
            )
        except (LookupError, ValueError) as error:
            fail(_sentence(error))
        verdict_text = "the same" if is_same else "different"
        warn(f"Judgement {JUDGEMENT}{done.id}: {left} and {right} are {verdict_text}.{applied_later(done)}")
        _print_utterances(sessions, left, right)


def _revoke(left: int, right: int, database: str | None) -> None:
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review import judgements

        revoked = judgements.revoke(sessions, left, right, now=utc_now(), settings=open_settings())
        if not revoked:
            fail(f"There is no judgement about {left} and {right}. See `quotetrack review list`.")
        warn(f"Revoked the judgement about {left} and {right}.{applied_later(revoked[0])}")
        _print_utterances(sessions, left, right)


def _print_utterances(sessions: Sessions, *sightings: int) -> None:
    """Print in which utterance each sighting is now."""
    from quotetrack.store.utterances import utterance_ids

    with sessions() as session:
        utterance_of = utterance_ids(session, sightings)
    print_lines(f"Sighting {each} is in utterance {utterance_of.get(each, 'none')}." for each in sightings)


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
