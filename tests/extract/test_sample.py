"""The sample newsroom against its labels: what is right now stays right. A failure prints what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import pytest

from quotetrack.core.domain import Article, Quotation, Sighting, day_of
from quotetrack.extract.extractor import extract
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.linking.clusters import link_sightings
from quotetrack.sample import folder

EXPECTED = json.loads(Path(__file__).parents[1].joinpath("sample_expected.json").read_text("utf-8"))["articles"]
LABELLED = sum(len(article["quotations"]) for article in EXPECTED)

# How many of the 45 labelled quotations are right, and how many are found beside them, as of 2026-11-28.
FLOORS = {"spans": 45, "speaker": 43, "kind": 45, "days": 28, "basis": 27}
MOST_EXTRA = 1


@dataclass(slots=True)
class Measured:
    """The number of quotations that are right in each aspect, and a line for each difference."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLOORS, 0))
    extra: int = 0
    differs: list[str] = field(default_factory=list)
    labelled: list[tuple[str, Sighting]] = field(default_factory=list)  # each found quotation under its utterance


@pytest.fixture(scope="module")
def measured(nlp) -> Measured:
    """Return the newsroom, read, extracted and compared."""
    articles = [a for a in read_path(folder(), outlets=load_outlets()) if isinstance(a, Article)]
    result = Measured()
    for expected in EXPECTED:
        (article,) = [a for a in articles if _is_of(expected, a)]
        extracted = {quotation.words: quotation for quotation in extract(article, nlp)}
        for labelled in expected["quotations"]:
            _compare(result, expected["article"], labelled, extracted.pop(labelled["words"], None), article)
        result.extra += len(extracted)
        result.differs += [f"{expected['article']}: not labelled: {words}" for words in extracted]
    return result


def _is_of(expected: dict, article: Article) -> bool:
    name = article.external_id or Path(article.url).name
    is_named = name == expected["article"] or article.title == expected["title"]
    return is_named and all(part in article.text for q in expected["quotations"] for part in q["parts"])


def _compare(result: Measured, name: str, labelled: dict, quotation: Quotation | None, article: Article) -> None:
    if quotation is None:
        result.differs.append(f"{name}: not found: {labelled['utterance']}")
        return
    speaker = quotation.attribution.name if quotation.attribution else None
    said = quotation.said
    days = {end: day and day.isoformat() for end, day in (("first", said.first), ("last", said.last))}
    published = str(day_of(article.published_at))  # nobody is quoted later
    pairs = {
        "spans": ([part.of(article.text) for part in quotation.parts], labelled["parts"]),
        "speaker": (speaker, labelled["speaker"]),
        "kind": (quotation.kind.value, labelled["kind"]),
        "days": (days, {"first": labelled["said"]["first"], "last": labelled["said"]["last"] or published}),
        "basis": (said.basis.value, labelled["said"]["basis"]),
    }
    for aspect, (got, right) in pairs.items():
        result.right[aspect] += got == right
        if got != right:
            result.differs.append(f"{name}: {labelled['utterance']}: {aspect}: {got} for {right}")
    number = len(result.labelled)
    sighting = Sighting(number, quotation.words, speaker, article.outlet, published_at=article.published_at, said=said)
    result.labelled.append((labelled["utterance"], sighting))


def test_the_newsroom_is_read_as_labelled(measured):
    print(*measured.differs, sep="\n")
    right = measured.right
    short = {aspect: f"{right[aspect]} of {LABELLED}" for aspect, floor in FLOORS.items() if right[aspect] < floor}
    assert not short and measured.extra <= MOST_EXTRA


def test_sightings_are_linked_where_they_are_one_utterance(measured):
    utterance_of = {sighting.id: utterance for utterance, sighting in measured.labelled}
    linked = {
        frozenset(pair)
        for utterance in link_sightings([sighting for _, sighting in measured.labelled])
        for pair in combinations((sighting.id for sighting in utterance.sightings), 2)
    }
    labelled = {frozenset(p) for p in combinations(utterance_of, 2) if len({utterance_of[i] for i in p}) == 1}
    wrong = [sorted(utterance_of[i] for i in pair) for pair in linked ^ labelled]
    print("linked or apart against the labels:", sorted(wrong))
    assert linked == labelled
