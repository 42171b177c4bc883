"""The command `evaluate quotations`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from quotetrack.cli.console import errors_reported, fail, print_json, print_lines, warn
from quotetrack.cli.options import FastOption, JsonOption, encoder_unless, open_outlets, open_settings
from quotetrack.cli.root import evaluate_app
from quotetrack.core.domain import Failure


@evaluate_app.command(epilog="Example: quotetrack evaluate quotations gold.jsonl --labels labels.jsonl --errors 5")
def quotations(
    gold: Annotated[Path, typer.Argument(help="Annotated articles, JSONL.")],
    labels: Annotated[
        Path | None, typer.Option(help="Names and days of the annotated quotations, JSONL. Adds name and date figures.")
    ] = None,
    pred: Annotated[
        Path | None, typer.Option(help="The output of `extract --jsonl`. Default: run the extractor on GOLD.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="List this many errors of each category.")] = 0,
    with_reliability: Annotated[
        bool, typer.Option("--reliability", help="Show how often mention, name and day are right, by confidence.")
    ] = False,
    fast: FastOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure spans, mentions, names and days on annotated articles, and list the errors by category."""
    with errors_reported():
        from quotetrack.evaluation import metrics
        from quotetrack.evaluation.gold import GoldFormatError, read_gold
        from quotetrack.render.evaluation import figures_lines, mistake_lines, reliability_lines
        from quotetrack.render.schemas import evaluation_json

        try:
            articles = read_gold(_lines(gold), _lines(labels) if labels else ())
            predictions = metrics.read_predictions(_lines(pred) if pred else _extracted_lines(gold, fast), articles)
        except (GoldFormatError, UnicodeDecodeError) as error:
            fail(str(error))
        missing = [article.id for article in articles if article.id not in predictions]
        if missing:
            warn(f"{len(missing)} of {len(articles)} articles have no prediction, for example {missing[0]}")
        matched = metrics.match(articles, predictions)
        figures = metrics.figures(matched)
        mistakes = metrics.mistakes(matched) if errors else {}
        reliability = metrics.reliability(matched) if with_reliability else None
        if as_json:
            print_json(evaluation_json(figures, mistakes, errors, reliability))
            return
        print_lines(figures_lines(figures))
        print_lines(mistake_lines(mistakes, errors))
        if reliability is not None:
            print_lines(reliability_lines(reliability))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines


def _extracted_lines(gold: Path, fast: bool) -> Iterator[str]:
    """Yield the output of `extract --jsonl` for these articles, and warn about those that cannot be read."""
    from quotetrack.models.spacy_pipeline import load_language
    from quotetrack.pipeline.standalone import ExtractionSetup, extract_lines
    from quotetrack.render.schemas import ExtractedLineSchema

    settings = open_settings()
    setup = ExtractionSetup(load_language(settings.spacy_model), open_outlets(settings), encoder_unless(fast))
    with gold.open("rb") as stream:
        for extracted in extract_lines(stream, str(gold), setup):
            if isinstance(extracted, Failure):
                warn(f"failed: {extracted.where}: {extracted.reason}")
            else:
                yield json.dumps(ExtractedLineSchema.of(extracted).to_json())
