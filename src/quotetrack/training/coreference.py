"""Fit whom a mention means: `python -m quotetrack.training.coreference GOLD_FOLDER`. Deterministic; some minutes.

Fitted on the names that were read in the articles of `corpora.py`, in two passes. In the first, the speakers before a
mention are the labelled ones. In the second, they are those that held-out trees of the first pass chose, as the trees
will see in use. Writes `models/weights/coreference.json`.
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
from quotetrack.evaluation.gold import PERSON, GoldArticle, GoldPart, Label
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.coreference import Option, Resolver
from quotetrack.extract.entities.descriptions import UnnamedPerson
from quotetrack.extract.entities.features import BODY_KINDS, BodyFeatures, Features, MentionKind, PersonFeatures
from quotetrack.extract.extractor import AttributedText, attribute_text, make_resolver
from quotetrack.lang import sections
from quotetrack.models.spacy_pipeline import LanguageModelMissing, load_language
from quotetrack.training.conditional_logit import ChoiceTreeOptions, fit_choice
from quotetrack.training.corpora import FITTED_ON, all_articles, domains_of, read_corpora, weight_of
from quotetrack.training.folds import articles_in_folds
from quotetrack.training.gradient_boosting import Numbers, TreeOptions, fit_trees, write_weights

FOLDS = 5
# The options of a mention compete. Of 2,347 pronouns of held-out articles 2,022 were right so; row by row it was 1,991.
# Of 3,365 mentions 300 small steps name 2,844 right (log-loss .480), 150 steps of the usual size 2,831 (.486).
PERSON_OPTIONS = ChoiceTreeOptions(max_iter=300, learning_rate=0.06, max_leaf_nodes=12)
# Fitted row by row: trees that compete got 153 of 240 right on held-out articles and these 149, too near to tell.
ORGANISATION_OPTIONS = TreeOptions(max_iter=80, max_leaf_nodes=4, learning_rate=0.07, min_samples_leaf=15)
WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "coreference.json"

UNNAMED = "unnamed"  # kind of a label

_FUNCTION_WORDS = sections("evaluation_words.txt")["function_words"]

Score = Callable[[Sequence[Features]], Numbers]


@dataclass(slots=True)
class LabelledArticle:
    """A labelled article with our quotations; each has its mention and its annotated part, where there is one."""

    gold: GoldArticle
    attributed: AttributedText
    quotations: list[tuple[Quotation, FoundMention | None, GoldPart | None]]


@dataclass(slots=True)
class CoreferenceExample:
    """One mention with its options (the last is "none of these"), and which of them are right.

    `weight` is that of the article in the fit.
    """

    article: str
    weight: float
    kind: MentionKind
    rows: list[Features]
    is_right: list[bool]


def main(folder: Path) -> None:
    """Fit twice, report, write."""
    corpora = read_corpora(folder)
    domain_of = domains_of(corpora)
    articles = read_articles(all_articles(corpora))
    fold_of = articles_in_folds([a.gold.id for a in articles], FOLDS)
    second_pass = _second_pass(articles)
    counts: Counter[tuple[str, bool]] = Counter()
    for fold in range(FOLDS):
        models = _Models([e for e in second_pass if fold_of[e.article] != fold])
        for example in (e for e in second_pass if fold_of[e.article] == fold):
            best = int(np.argmax(models.log_odds(example.rows)))
            counts[f"{domain_of[example.article]}, {example.kind}", example.is_right[best]] += 1
    for kind in sorted({kind for kind, _ in counts}):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{kind:24}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}")
    write_weights(WEIGHTS, FITTED_ON, _Models(second_pass).pack())


def fit_names(articles: Sequence[LabelledArticle]) -> dict[str, dict[str, object]]:
    """Return the packed trees that some articles give."""
    return _Models(_second_pass(articles)).pack()


def _second_pass(articles: Sequence[LabelledArticle]) -> list[CoreferenceExample]:
    """Return the examples in which the speakers before a mention are those that held-out trees chose."""
    fold_of = articles_in_folds([a.gold.id for a in articles], FOLDS)
    first_pass = [example for article in articles for example in _examples(article, None)]
    held_out = {k: _Models([e for e in first_pass if fold_of[e.article] != k]) for k in range(FOLDS)}
    return [e for article in articles for e in _examples(article, held_out[fold_of[article.gold.id]].log_odds)]


class _Models:
    """The trees for persons, and those for organisations."""

    def __init__(self, examples: Sequence[CoreferenceExample]) -> None:
        organisation = [e for e in examples if e.kind in BODY_KINDS]
        person = [e for e in examples if e.kind not in BODY_KINDS]
        self._organisation = fit_trees(
            [row for e in organisation for row in e.rows],
            [right for e in organisation for right in e.is_right],
            BodyFeatures._fields,
            ORGANISATION_OPTIONS,
            [e.weight for e in organisation for _ in e.rows],
        )
        self._person = fit_choice(
            [e.rows for e in person],
            [e.is_right for e in person],
            PersonFeatures._fields,
            PERSON_OPTIONS,
            [e.weight for e in person],
        )

    def log_odds(self, rows: Sequence[Features]) -> Numbers:
        """Return the scores of the options of one mention."""
        return self._organisation.log_odds(rows) if isinstance(rows[0], BodyFeatures) else self._person.log_odds(rows)

    def pack(self) -> dict[str, dict[str, object]]:
        """Return both as stages of the weights file."""
        return {"person": self._person.pack(), "body": self._organisation.pack()}


def read_articles(gold_articles: Sequence[GoldArticle]) -> list[LabelledArticle]:
    """Return those of some articles whose speakers were read."""
    nlp = load_language(Settings().spacy_model)
    articles = []
    for gold in gold_articles:
        if not any(part.label for part in gold.parts):
            continue
        attributed = attribute_text(gold.article.text, nlp)
        quotations = [
            (q, attributed.speaker_of(q), next((part for p in q.parts if (part := gold.part_at(p)) is not None), None))
            for q in attributed.quotations
        ]
        articles.append(LabelledArticle(gold, attributed, quotations))
    return articles


def _examples(article: LabelledArticle, score: Score | None) -> list[CoreferenceExample]:
    """Return the mentions of one article in order, once each.

    With `score`, the speakers before a mention are those that it chooses, else the labelled ones.
    """
    score_rows = score or (lambda rows: np.zeros(len(rows)))
    resolver = make_resolver(article.gold.article, article.attributed, score_rows)
    spoken: list[str] = []  # the names of the speakers so far
    name_of: dict[Span, str] = {}  # the name that `score` chose for each mention
    seen: set[Span] = set()
    examples = []
    for _, found, part in article.quotations:
        if found is None:
            continue
        label = part.label if part else None
        is_annotated = part is not None and any(found.mention.overlap(mention) for mention in part.mentions)
        if part is not None and label is not None and is_annotated and found.mention not in seen:
            seen.add(found.mention)
            example = _example(article.gold, resolver, found, spoken, part, article.attributed.unnamed)
            if example is not None:
                examples.append(example)
        if score is not None:
            if found.mention not in name_of:
                name_of[found.mention] = resolver.resolve(found, spoken).name
            spoken.append(name_of[found.mention])
        elif label is not None:
            names = [p.name for p in article.attributed.people.persons if is_same_person(label.name, p.name)]
            spoken.append(names[0] if names else label.name)
    return examples


def _example(
    gold: GoldArticle,
    resolver: Resolver,
    found: FoundMention,
    spoken: Sequence[str],
    part: GoldPart,
    unnamed: Sequence[UnnamedPerson],
) -> CoreferenceExample | None:
    """Return the mention with its options as an example; None where it has no options."""
    options = resolver.options(found, spoken)
    if not options:
        return None
    is_right = [is_option_right(part, option, unnamed) for option in options[:-1]]
    rows = [o.features for o in options]
    return CoreferenceExample(gold.id, weight_of(gold), options[0].kind, rows, [*is_right, not any(is_right)])


def is_option_right(part: GoldPart, option: Option, unnamed: Sequence[UnnamedPerson]) -> bool:
    """Return whether an option is the labelled speaker of a part, with or without a name."""
    if option.person is None or part.label is None:
        return False
    if isinstance(option.person, UnnamedPerson):
        return option.person is unnamed_speaker(part, unnamed)
    return part.label.kind != UNNAMED and is_meant(part.label, option.person.name)


def unnamed_speaker(part: GoldPart, unnamed: Sequence[UnnamedPerson]) -> UnnamedPerson | None:
    """Return the person without a name who speaks a part, by the label's words; None where the label names one."""
    if part.label is None or part.label.kind != UNNAMED:
        return None
    for person in unnamed:
        if any(place.span.overlap(mention) for place in person.places for mention in part.mentions):
            return person
    alike = [person for person in unnamed if is_same_description(part.label.name, person)]
    return alike[0] if alike else None


def is_same_description(labelled: str, person: UnnamedPerson) -> bool:
    """Return whether a label has the noun of a description and half of its counting words."""
    wanted, given = _counting_words(labelled), _counting_words(person.name)
    return person.noun in wanted and len(wanted & given) >= min(len(wanted), len(given)) / 2


def is_meant(label: Label, name: str) -> bool:
    """Return whether a name is a labelled one."""
    is_same = is_same_person if label.kind == PERSON else is_same_organisation
    return any(is_same(right, name) for right in (label.name, *label.also))


def is_same_organisation(labelled: str, name: str) -> bool:
    """Return whether a name has half of the words of the labelled name, function words aside."""
    wanted, given = _counting_words(labelled), _counting_words(name)
    return bool(wanted) and len(wanted & given) >= len(wanted) / 2


def _counting_words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower())) - _FUNCTION_WORDS


def is_same_person(labelled: str, name: str) -> bool:
    """Return whether the surnames are equal, and the first names (or an initial) where both have one.

    Unlike the metrics, this knows no suffixes ("Jr."): the shipped weights were fitted so.
    """
    return have_same_ends(labelled.lower().replace(".", "").split(), name.lower().replace(".", "").split())


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except LanguageModelMissing as error:
        sys.exit(str(error))
