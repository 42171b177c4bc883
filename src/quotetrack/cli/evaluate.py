"""The command `evaluate`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import fail, print_json, print_lines, reported, tell
from quotetrack.cli.options import JsonOption, open_outlets, open_settings
from quotetrack.core.domain import Failure

if TYPE_CHECKING:
    pass
from quotetrack.cli.options import FastOption, encoder_unless
from quotetrack.cli.root import evaluate_app


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
        from quotetrack.evaluation import metrics
        from quotetrack.evaluation.gold import GoldFormatError, read_gold
        from quotetrack.render.quotations import evaluation_json, figures_lines, mistake_lines, reliability_lines

        try:
            articles = read_gold(_lines(gold), _lines(labels) if labels else ())
            predictions = metrics.read_predictions(_lines(pred) if pred else _extracted_lines(gold, fast), articles)
        except (GoldFormatError, UnicodeDecodeError) as error:
            fail(str(error))
        missing = [article.id for article in articles if article.id not in predictions]
        if missing:
            tell(f"no prediction for {len(missing)} of {len(articles)} articles, such as {missing[0]}")
        matched = metrics.match(articles, predictions)
        figures = metrics.figures(matched)
        mistakes = metrics.mistakes(matched) if errors else {}
        bins = metrics.reliability(matched) if with_reliability else []
        if as_json:
            print_json(evaluation_json(figures, mistakes, errors, bins))
            return
        print_lines(figures_lines(figures))
        print_lines(mistake_lines(mistakes, errors))
        if with_reliability:
            print_lines(reliability_lines(bins, metrics.calibration_error(bins)))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from lines


def _extracted_lines(gold: Path, fast: bool) -> Iterator[str]:
    """What `extract --jsonl` prints of these articles; what cannot be read is told."""
    from quotetrack.models.spacy_pipeline import load_language
    from quotetrack.pipeline.standalone import extract_lines
    from quotetrack.render.quotations import quotation_json

    settings = open_settings()
    nlp = load_language(settings.spacy_model)
    with gold.open("rb") as stream:
        for one in extract_lines(stream, str(gold), nlp, encoder_unless(fast), outlets=open_outlets(settings)):
            if isinstance(one, Failure):
                tell(f"failed: {one.where}: {one.reason}")
            else:
                yield json.dumps({"id": one.id, "quotations": [quotation_json(q) for q in one.quotations]})
