"""Who spoke and when, in the third of the invented articles that nothing is fitted on: figures by class, in a file.

A class is "natural" (what a paper would print), or the code of what makes an article hard:
C1 a description of somebody unnamed, C2 somebody who speaks for another, C3 "she said" of somebody unnamed, C4 "he
said" of the one just introduced, C5 words within another's words, C6 one surname, C7 the sex that the article tells,
C8 one office for two, C9 names of one word, C10 question and answer; N1 to N4 short forms, titles, words and places as
names; S1 to S6 marks and colons. Days: D1 a day ahead, D2 a year at the cue, D3 the date of something else beside a
name, D4 counted days and weekends, D5 old and undated words, D6 two occasions, D7 evidence in court, D8 habits, D9
matches and live blogs, D10 statements and posts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quotetrack.core.domain import UNKNOWN_DAY, Quotation
from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.invented_articles import InventedArticle, SpeakerLine, read_invented

FOLDER = Path(__file__).with_name("invented")
FILE = Path(__file__).with_name("invented_baseline.json")
SURE = 0.9  # least confidence of a sure name
# Quotations by which a class may be worse than pinned. The sums of two processors differ in their last digits, and two
# candidates may be all but equal: one of 2,320 changed on another machine (30 November 2026).
TIES = 1
_NUMBERS = (
    "quotations", "right", "wrong", "wrong_sure", "sure",
    "day_right", "day_claimed", "day_wrong",
)  # fmt: skip
_ARTICLE = re.compile(r"^(?:the|a|an|one|his|her|their)\s+")

Figures = dict[str, dict[str, int]]  # by class: the numbers of quotations, and of those that are right, wrong, sure ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one labelled quotation; `name` is None where no name was given."""

    article: str
    classes: tuple[str, ...]
    number: str
    labelled: str
    name: str | None
    confidence: float
    is_found: bool
    is_right: bool
    is_day_claimed: bool  # a single day
    is_day_right: bool


def verdicts(articles: Iterable[InventedArticle]) -> list[Verdict]:
    """Extract the articles, and compare the speaker and day of each labelled quotation."""
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    found: list[Verdict] = []
    for article in articles:
        quotations = extract(article.gold.article, nlp, encoder)
        found += [_verdict(article, number, line, quotations) for number, line in article.speakers.items()]
    return found


def measured() -> Figures:
    """Return the figures of all articles of the folder."""
    return figures_of(verdicts(read_invented(FOLDER)))


def figures_of(found: Sequence[Verdict]) -> Figures:
    """Return the numbers by class; an article of two classes counts in both, and in "all" once."""
    counts: dict[str, Counter[str]] = {}
    for verdict in found:
        for name in ("all", *verdict.classes):
            counter = counts.setdefault(name, Counter(dict.fromkeys(_NUMBERS, 0)))
            counter["quotations"] += 1
            counter["right"] += verdict.is_right
            counter["wrong"] += verdict.name is not None and not verdict.is_right
            counter["sure"] += verdict.confidence >= SURE
            counter["wrong_sure"] += verdict.name is not None and not verdict.is_right and verdict.confidence >= SURE
            counter["day_right"] += verdict.is_day_right
            counter["day_claimed"] += verdict.is_day_claimed
            counter["day_wrong"] += verdict.is_day_claimed and not verdict.is_day_right
    return {name: dict(counts[name]) for name in sorted(counts)}


def shortfalls(pinned: Figures, now: Figures) -> list[str]:
    """Return each class that is worse than pinned: fewer speakers or days right, more surely wrong or false days.

    A class may be worse by TIES.
    """
    lines = []
    for name, floor in pinned.items():
        own = now.get(name, {})
        worse = [key for key in ("right", "day_right") if own.get(key, 0) < floor[key] - TIES]
        worse += [key for key in ("wrong_sure", "day_wrong") if own.get(key, 0) > floor[key] + TIES]
        lines += [f"{name}: {key} {own.get(key, 0)}, pinned {floor[key]}" for key in worse]
    return lines


def read_pinned() -> Figures:
    """Return the pinned figures."""
    pinned: Figures = json.loads(FILE.read_text("utf-8"))
    return pinned


def write_pinned(figures: Figures) -> None:
    """Pin the figures."""
    FILE.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")


def lines_of(figures: Figures) -> list[str]:
    """Return one line for each class."""
    return [
        f"{name:8}{f['right']:5} of {f['quotations']:5} right, {f['wrong']:4} wrong,"
        f" {f['wrong_sure']:3} of {f['sure']:4} sure ones; days {f['day_right']:5} right,"
        f" {f['day_wrong']:4} false of {f['day_claimed']:4} claimed"
        for name, f in figures.items()
    ]


def _verdict(article: InventedArticle, number: str, line: SpeakerLine, quotations: Sequence[Quotation]) -> Verdict:
    parts = [part for part in article.gold.parts if part.group == number]
    quotation = next((q for q in quotations if any(p.overlap(part.span) for p in q.parts for part in parts)), None)
    said = quotation.said if quotation else UNKNOWN_DAY
    label = parts[0].label if parts else None
    attribution = quotation.attribution if quotation else None
    name = attribution.name if attribution else None
    return Verdict(
        article.gold.id,
        article.classes,
        number,
        line.names[0],
        name,
        attribution.confidence if attribution and name else 0.0,
        quotation is not None,
        name is not None and any(is_same_speaker(name, wanted, line.kind) for wanted in line.names),
        said.first is not None and said.first == said.last,
        quotation is not None
        and label is not None
        and label.is_day_right(
            said.first, said.last, article.gold.article.published_on, is_claimed=said.first is not None
        ),
    )


def is_same_speaker(name: str, wanted: str, kind: str) -> bool:
    """Return whether a name is the wanted one: of a person exactly, else one may be the beginning of the other."""
    ours, theirs = _comparable(name), _comparable(wanted)
    if kind == "person":
        return ours == theirs
    return ours.startswith(theirs) or theirs.startswith(ours)


def _comparable(name: str) -> str:
    return _ARTICLE.sub("", " ".join(name.lower().replace("’", "'").split()).strip(" .,"))
