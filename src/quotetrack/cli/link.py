"""The command `link`."""

from __future__ import annotations

from typing import Annotated

import typer

from quotetrack.cli.console import (
    errors_reported,
    opened_input,
    print_failures,
    print_json_line,
    progress,
)
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.root import app
from quotetrack.core.domain import Failure, Sighting


@app.command(epilog="Example: quotetrack link --jsonl sightings.jsonl > utterances.jsonl")
def link(
    sightings: Annotated[
        str, typer.Option("--jsonl", metavar="FILE|-", help="Sightings from any source, one JSON object a line.")
    ],
) -> None:
    """Link sightings of the same words without a database. Prints {"id", "utterance"} for each line, in order.

    A sighting has id, words, speaker, outlet, article, published (a day, a month or a year) and said.

    Only id and words are required. Malformed lines are reported and skipped.
    """
    with errors_reported():
        from quotetrack.ingest.formats.sightings_jsonl import read_sightings
        from quotetrack.linking.clusters import link_sightings
        from quotetrack.render.schemas import LinkedSightingSchema

        with opened_input(sightings) as stream:
            read = list(read_sightings(stream, sightings))
        valid = [sighting for sighting in read if isinstance(sighting, Sighting)]
        with progress() as on_progress:
            on_progress("linking", 0, None)
            utterances = link_sightings(valid)
        utterance_of = {sighting.id: utterance.id for utterance in utterances for sighting in utterance.sightings}
        for sighting in valid:
            linked = LinkedSightingSchema(id=sighting.id, utterance=utterance_of[sighting.id])
            print_json_line(linked.to_json())
        failures = [failure for failure in read if isinstance(failure, Failure)]
        print_failures(failures)
        if failures:
            raise typer.Exit(SOME_FAILED)
