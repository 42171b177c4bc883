"""The models of all JSON output: every one is documented, and writes numbers and moments as they are."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from inspect import getmembers, isclass

import pytest

from quotetrack.core.domain import Attribution, DateBasis, Quotation, QuotationKind, SaidOn, Sighting, Span, Utterance
from quotetrack.core.rows import COLUMNS
from quotetrack.render import schemas
from quotetrack.render.schemas import QuotationSchema, RunSchema, Schema, SightingSchema
from quotetrack.store.runs import Run

MODELS = [model for _, model in getmembers(schemas, isclass) if issubclass(model, Schema)]
DAY = date(2031, 3, 10)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_describes_its_json(model: type[Schema]) -> None:
    assert (model.__doc__ and model.__doc__ != Schema.__doc__) or model is Schema


def test_a_quotation_has_offsets_name_and_days() -> None:
    found = Attribution("Orla Venn", Span(34, 43), None, "after_cue", 0.123456, 0.95)
    said = SaidOn(DAY, DAY, DateBasis.STATED_HERE)
    quotation = Quotation(
        (Span(1, 27),),
        "The ferry will sail again,",
        QuotationKind.FULL,
        Span(0, 50),
        found,
        said,
        Span(44, 50),
        said_confidence=0.876543,
    )
    written = QuotationSchema.of(quotation).to_json()
    assert list(written) == [
        "parts",
        "words",
        "kind",
        "speaker",
        "cue",
        "said",
        "said_evidence",
        "method",
        "confidence",
    ]
    assert written["parts"] == [[1, 27]] and written["cue"] is None and written["kind"] == "full"
    assert written["speaker"] == {
        "name": "Orla Venn",
        "mention": [34, 43],
        "confidence": 0.1235,
        "mention_confidence": 0.95,
        "unsure": False,
        "alternatives": [],
    }
    assert written["said"] == {
        "first": "2031-03-10",
        "last": "2031-03-10",
        "basis": "stated_here",
        "confidence": 0.8765,
    }
    assert written["said_evidence"] == [44, 50]
    assert (written["method"], written["confidence"]) == ("after_cue", 0.1235)


def test_a_quotation_without_a_speaker_has_nulls_and_confidence_0() -> None:
    written = QuotationSchema.of(Quotation((Span(1, 9),), "Go home.", QuotationKind.FULL, Span(0, 9))).to_json()
    assert (written["speaker"]["name"], written["speaker"]["mention"]) == (None, None)
    assert (written["speaker"]["confidence"], written["speaker"]["unsure"]) == (0.0, False)
    assert (written["cue"], written["method"], written["confidence"]) == (None, None, 0.0)
    assert written["said"] == {"first": None, "last": None, "basis": "unknown", "confidence": None}


WHOLE = Sighting(
    7,
    "The ferry will sail again before the end of the month, and the ferry will sail every day.",
    speaker="Orla Venn",
    outlet="tide",
    parts=(Span(1, 54), Span(70, 104)),
    speaker_confidence=0.75,
)
CUT = Sighting(
    "b",
    "The ferry will sail again before the end of the month",
    speaker="Orla Venn",
    article="b-1",
    said=SaidOn(DAY, None, DateBasis.IMPLIED),
    said_confidence=0.71236,
    is_current=False,
)


def test_a_sighting_has_the_columns_of_the_csv() -> None:
    whole, cut = (sighting.to_json() for sighting in SightingSchema.all_of(Utterance(3, (WHOLE, CUT))))
    # The utterance has its fact-checks once, as `checks`.
    assert list(whole) == [*(name for name in COLUMNS if name != "fact_checks"), "id", "article", "said"]
    assert (whole["id"], whole["sighting"], whole["utterance"], whole["outlet_name"]) == (7, 7, 3, "tide")
    assert (whole["parts"], whole["start"], whole["end"]) == ([[1, 54], [70, 104]], 1, 104)
    assert (whole["link_kind"], cut["link_kind"], cut["article"]) == ("itself", "contained", "b-1")
    assert cut["said"] == {"first": "2031-03-10", "last": None, "basis": "implied", "confidence": 0.7124}
    assert (whole["current"], cut["current"], whole["decided"], whole["confidence"]) == (True, False, [], 0.75)


@pytest.mark.parametrize(
    ("published", "day", "moment"),
    [
        (DAY, "2031-03-10", None),
        (datetime(2031, 3, 10, 0, 40, tzinfo=timezone(timedelta(hours=1))), "2031-03-10", "2031-03-09T23:40:00Z"),
        (None, None, None),
    ],
)
def test_a_day_is_as_printed_and_a_moment_is_in_utc(
    published: date | None, day: str | None, moment: str | None
) -> None:
    (sighting,) = SightingSchema.all_of(Utterance(1, (Sighting("a", "Go home.", published_at=published),)))
    written = sighting.to_json()
    assert (written["published"], written["published_at"]) == (day, moment)


def test_counts_stay_whole_numbers_and_seconds_keep_their_decimals() -> None:
    counts, stages = {"new": 3}, {"reading": {"done": 3, "seconds": 0.25}}
    run = Run(7, "nightly", "0.1.0", datetime(2031, 3, 10, tzinfo=UTC), None, None, counts, 0, {"drop": counts}, stages)
    written = json.dumps(RunSchema.of(run).to_json())
    assert '"counts": {"new": 3}' in written and '"sources": {"drop": {"new": 3}}' in written
    assert '"stages": {"reading": {"done": 3, "seconds": 0.25}}' in written
