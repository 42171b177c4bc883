"""The command that prints an utterance or a reported statement with its provenance: `show`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    fail,
    is_terminal,
    print_json,
    print_lines,
    print_styled_lines,
    warn,
)
from quotetrack.cli.options import DatabaseOption, JsonOption, opened_store
from quotetrack.cli.root import app
from quotetrack.core.domain import is_reported_id, number_of_reported


@app.command(epilog="Example: quotetrack show 12")
def show(
    utterance: Annotated[
        str, typer.Argument(help="The id of an utterance (12) or of a reported statement (r12), as `ask` prints it.")
    ],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one utterance: who published it when, how the wordings differ, and the evidence that links them.

    Of a reported statement it shows who is said to have said it, where, and the evidence in the article.
    """
    if is_reported_id(utterance):
        _show_reported(utterance, database, as_json)
        return
    if not utterance.isdecimal():
        raise typer.BadParameter(f"{utterance!r} is no id: write 12, or r12 for a reported statement")
    _show_utterance(int(utterance), database, as_json)


def _show_reported(statement: str, database: str | None, as_json: bool) -> None:
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.core.domain import ReportedWords
        from quotetrack.render.decisions import decision_lines
        from quotetrack.render.reported import provenance_of_reported, reported_lines
        from quotetrack.render.schemas import ReportedWordsSchema
        from quotetrack.store.corrections import corrections_of_reported
        from quotetrack.store.reported_search import read_reported

        with sessions() as session:
            found = read_reported(session, [number_of_reported(statement)])
            corrections = corrections_of_reported(session, [statement])[statement]
        if not found:
            fail(f"There is no reported statement {statement}. See the ids that `quotetrack ask` prints.")
        shown = ReportedWords(tuple(found))
        if as_json:
            print_json(ReportedWordsSchema.of(shown).to_json())
        else:
            print_styled_lines(reported_lines(shown, is_terminal=is_terminal()))
            print_lines(provenance_of_reported(shown.best))
            print_lines(decision_lines(corrections, ()))


def _show_utterance(utterance: int, database: str | None, as_json: bool) -> None:
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.decisions import decision_lines
        from quotetrack.render.fact_checks import fact_checked_lines
        from quotetrack.render.quotations import provenance_lines, utterance_lines
        from quotetrack.render.schemas import UtteranceSchema
        from quotetrack.render.variants import related_lines, variant_lines
        from quotetrack.store.check_matches import checks_of_utterances
        from quotetrack.store.corrections import corrections_of_sightings
        from quotetrack.store.decisions import judgements_on
        from quotetrack.store.links import links_of
        from quotetrack.store.related import related_to
        from quotetrack.store.utterances import read_utterance

        with sessions() as session:
            shown = read_utterance(session, utterance)
            links = links_of(session, shown.id) if shown else []
            related = related_to(session, [shown.id])[shown.id] if shown else []
            checks = checks_of_utterances(session, [shown.id])[shown.id] if shown else []
            sightings = [int(sighting.id) for sighting in shown.sightings] if shown else []
            corrections = corrections_of_sightings(session, sightings)
            judgements = judgements_on(session, sightings)
        if shown is None:
            fail(f"There is no utterance {utterance}. See the ids that `quotetrack ask` prints.")
        if shown.id != utterance:
            warn(f"Utterance {utterance} is now part of utterance {shown.id}.")
        if as_json:
            print_json(UtteranceSchema.linked(shown, links, related, checks, corrections, judgements).to_json())
        else:
            print_styled_lines(utterance_lines(shown, is_terminal=is_terminal(), with_wordings=False))
            print_styled_lines(variant_lines(shown, colours=is_terminal() and "NO_COLOR" not in os.environ))
            print_lines(fact_checked_lines(checks))
            print_lines(related_lines(related))
            print_lines(provenance_lines(shown, links))
            print_lines(decision_lines(corrections, judgements))
