"""Fit whom a mention means: `python -m quotetrack.fit.coref GOLD_FOLDER`. Deterministic; some minutes on two cores.

Fitted on the names of `speakers_dates_train.jsonl` (read by a person) and on nothing else, in two passes: in the first
the speakers before a mention are the labelled ones, in the second those that held-out trees of the first pass chose,
which is what the trees will see in use. Writes `extract/weights/coref.json`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quotetrack.core.domain import Quotation, Span
from quotetrack.core.names import have_same_ends
from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle, GoldPart, Label, articles_in_folds, read_gold
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.coreference import Resolver
from quotetrack.extract.entities.features import BODY_KINDS, BodyFeatures, Features, PersonFeatures
from quotetrack.extract.entities.people import People, Person
from quotetrack.extract.extractor import attribute_text
from quotetrack.lang.en.words import SMALL_WORDS_OF_ORGANISATIONS
from quotetrack.models.spacy_pipeline import LanguageModelMissing, load_language
from quotetrack.training import gradient_boosting as boost

FOLDS = 5
OPTIONS = boost.TreeOptions(max_iter=120, max_leaf_nodes=8, learning_rate=0.05, min_samples_leaf=20)
FITTED_ON = "speakers_dates_train.jsonl: 410 US political news articles, November 2015 to September 2016"
BODY_OPTIONS = boost.TreeOptions(max_iter=80, max_leaf_nodes=4, learning_rate=0.07, min_samples_leaf=15)
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "coreference.json"

Score = Callable[[Sequence[Features]], boost.Numbers]


@dataclass(slots=True)
class Read:
    """One labelled article, with our quotations and their mentions."""

    gold: GoldArticle
    people: People
    organisations: list[Person]
    quoted: list[Span]
    spoken: list[tuple[Quotation, FoundMention | None, GoldPart | None]]


@dataclass(slots=True)
class CoreferenceExample:
    """One mention that needs a choice: its options and which of them is right."""

    article: str
    kind: str
    rows: list[Features]
    right: list[bool]


def main(folder: Path) -> None:
    """Fit twice, report, write."""
    articles = read_articles(folder)
    fold_of = articles_in_folds([a.gold.id for a in articles], FOLDS)
    told = [example for article in articles for example in _examples(article, None)]
    held_out = {k: _Models([e for e in told if fold_of[e.article] != k]) for k in range(FOLDS)}
    met = []
    for article in articles:
        met += _examples(article, held_out[fold_of[article.gold.id]].log_odds)
    counts: Counter[tuple[str, bool]] = Counter()
    for fold in range(FOLDS):
        models = _Models([e for e in met if fold_of[e.article] != fold])
        for example in (e for e in met if fold_of[e.article] == fold):
            best = int(np.argmax(models.log_odds(example.rows)))
            counts[example.kind, example.right[best]] += 1
    for kind in sorted({kind for kind, _ in counts}):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{kind:12}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}")
    boost.write(WEIGHTS, FITTED_ON, _Models(met).packed())


class _Models:
    """Trees for the persons whom a mention may mean, and trees for organisations."""

    def __init__(self, examples: Sequence[CoreferenceExample]) -> None:
        self._body = _fit([e for e in examples if e.kind in BODY_KINDS], BodyFeatures._fields, BODY_OPTIONS)
        self._person = _fit([e for e in examples if e.kind not in BODY_KINDS], PersonFeatures._fields, OPTIONS)

    def log_odds(self, rows: Sequence[Features]) -> boost.Numbers:
        """The scores of the options of one mention."""
        model = self._body if isinstance(rows[0], BodyFeatures) else self._person
        return model.log_odds([row._asdict() for row in rows])

    def packed(self) -> dict[str, dict[str, object]]:
        """Both, as they are written."""
        return {"person": self._person.packed(), "body": self._body.packed()}


def read_articles(folder: Path) -> list[Read]:
    """The articles of train that a person read."""
    nlp = load_language(Settings().spacy_model)
    articles = []
    for gold in read_gold(folder, "quotations_train", "speakers_dates_train"):
        if not any(part.label for part in gold.parts):
            continue
        whose = attribute_text(gold.article.text, nlp)
        spoken = [
            (q, whose.speaker_of(q), next((g for p in q.parts if (g := gold.part_at(p)) is not None), None))
            for q in whose.quotations
        ]
        articles.append(Read(gold, whose.people, whose.organisations, whose.quoted, spoken))
    return articles


def _examples(read: Read, score: Score | None) -> list[CoreferenceExample]:
    """The mentions of one article, met in order; with `score` the speakers before are those that it chooses."""
    article = read.gold.article
    resolver = Resolver(
        article.text,
        read.people,
        read.quoted,
        article.byline,
        article.title,
        read.organisations,
        score or (lambda rows: np.zeros(len(rows))),
    )
    spoken: list[str] = []  # the names of the speakers before a mention
    names: dict[Span, str] = {}  # of the mentions, where `score` chooses
    seen: set[Span] = set()
    examples = []
    for _, found, part in read.spoken:
        if found is None:
            continue
        label = part.label if part else None
        is_told = label is not None and part is not None and any(found.mention.overlap(m) for m in part.mentions)
        if label is not None and is_told and found.mention not in seen:
            seen.add(found.mention)
            options = resolver.options(found, spoken)
            right = [o.person is not None and is_meant(label, o.person.name) for o in options[:-1]]
            if options:
                examples.append(
                    CoreferenceExample(
                        read.gold.id,
                        options[0].kind,
                        [o.features for o in options],
                        [*right, not any(right)],
                    )
                )
        if score is not None:
            if found.mention not in names:
                names[found.mention] = resolver.name(found, spoken)
            spoken.append(names[found.mention])
        elif label is not None:
            named = [p.name for p in read.people.persons if same_person(label.name, p.name)]
            spoken.append(named[0] if named else label.name)
    return examples


def is_meant(label: Label, name: str) -> bool:
    """Whether a name is the labelled one, as the scorer counts."""
    return same_person(label.name, name) if label.kind == "person" else same_body(label.name, name)


def same_body(told: str, name: str) -> bool:
    """Half of the words that count."""
    a, b = _counting_words(told), _counting_words(name)
    return bool(a) and len(a & b) >= len(a) / 2


def _counting_words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower())) - SMALL_WORDS_OF_ORGANISATIONS


def same_person(told: str, name: str) -> bool:
    """The same surname, and first names that agree where both have one (as the scorer counts)."""
    return have_same_ends(told.lower().replace(".", "").split(), name.lower().replace(".", "").split())


def _fit(examples: Sequence[CoreferenceExample], fields: Sequence[str], options: boost.TreeOptions) -> boost.Model:
    rows = [row._asdict() for e in examples for row in e.rows]
    return boost.fit(rows, [right for e in examples for right in e.right], fields, options)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except LanguageModelMissing as error:
        sys.exit(str(error))
