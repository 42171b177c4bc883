"""Fit reported statements: `python -m quotetrack.training.reported GOLD_FOLDER`. An hour on one quiet core.

Fitted on `statements_train.jsonl`. Two articles of three fit how often each word reports and the reading model
(`weights/reported_words.json`, `weights/statement_reader.npz`). The third one fits the trees that choose
(`weights/reported.json`), so that they see the opinions of a model that has not read their articles. The printed
figures are of held-out folds of those: whole articles that neither the trees nor the model have seen.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldStatement, read_gold_files, read_statements
from quotetrack.extract.extractor import attribute_text
from quotetrack.extract.frames import Reading
from quotetrack.extract.reported_speech import all_readings
from quotetrack.extract.reporting.choice import (
    CONTENT_FIELDS,
    FILE,
    LEAST_WORDS,
    SAME_CONTENT,
    Candidate,
    PlacedCue,
    best_of,
    candidate_sources,
    candidates_of,
    placed_cues,
    shared_content,
)
from quotetrack.extract.reporting.cues import Rates
from quotetrack.extract.reporting.reading import piece_of
from quotetrack.extract.reporting.sources import Source, SourceFeatures
from quotetrack.extract.windows import Pieces
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.models.statement_reader import StatementReader
from quotetrack.training.folds import articles_in_folds
from quotetrack.training.gradient_boosting import FittedTrees, Numbers, TreeOptions, fit_trees
from quotetrack.training.statement_reader import ReaderExample, fit_reader, question_of

SPLIT = 3  # one article of three is kept for the trees
FOLDS = 4
CONTENT_OPTIONS = TreeOptions(max_iter=150, max_leaf_nodes=31, learning_rate=0.08, min_samples_leaf=20)
SOURCE_OPTIONS = TreeOptions(max_iter=120, max_leaf_nodes=15, learning_rate=0.08, min_samples_leaf=20)
THRESHOLDS = np.arange(-1.6, 0.7, 0.2)
FITTED_ON = "statements_train.jsonl (840 US political news articles, 2015 to 2016)"
WEIGHTS = Path(__file__).parents[1] / "models" / "weights"


@dataclass(slots=True)
class ReportedExample:
    """An article with its annotated statements, its parsed paragraphs, and the states of its word pieces."""

    id: str
    text: str
    statements: list[GoldStatement]
    readings: list[Reading]
    pieces: Pieces
    states: NDArray[np.float16]


class Row(NamedTuple):
    """A candidate of an article: is it right, and the statement that it meets, if any."""

    candidate: Candidate
    is_right: bool
    statement: GoldStatement | None


class Score(NamedTuple):
    """Precision, recall and F1."""

    precision: float
    recall: float
    f1: float


def main(folder: Path) -> None:
    """Fit, report, write."""
    examples = list(read_examples(folder))
    fit_all(examples)


def fit_all(examples: Sequence[ReportedExample]) -> None:
    """Fit words, reading model and trees; write their weights."""
    part = articles_in_folds([e.id for e in examples], SPLIT)
    read, rest = [e for e in examples if part[e.id]], [e for e in examples if not part[e.id]]
    rates = count_rates(read)
    known = {key: list(value) for key, value in sorted(rates.items()) if value[0] or value[1] > 1}
    _write(WEIGHTS / "reported_words.json", {"fitted_on": FITTED_ON, "rates": known})
    rates = {key: (value[0], value[1]) for key, value in known.items()}
    net = fit_reader([reader_example(e) for e in read])
    kept = {name: values.detach().numpy().astype(np.float16) for name, values in net.state_dict().items()}
    np.savez_compressed(WEIGHTS / "statement_reader.npz", allow_pickle=False, **kept)
    fit_choices(rest, rates, StatementReader(net))


def read_examples(folder: Path) -> Iterator[ReportedExample]:
    """Yield the articles of train that have annotated statements."""
    articles = read_gold_files(folder / "quotations_train.jsonl")
    statements = read_statements(articles, folder / "statements_train.jsonl")
    nlp, encoder = load_language(Settings().spacy_model), load_pointer()
    for gold in articles:
        if statements.get(gold.id):
            text = gold.article.text
            attributed = attribute_text(text, nlp, encoder, is_whole=True)
            if attributed.questions is None:
                raise ValueError("the encoder is missing")
            pieces, states = attributed.questions.whole()
            readings = all_readings(text, attributed, nlp)
            yield ReportedExample(gold.id, text, statements[gold.id], readings, pieces, states.astype(np.float16))


def count_rates(examples: Sequence[ReportedExample]) -> dict[str, tuple[int, int]]:
    """Return how often each word reports, and how often it stands in the articles (see `extract/reporting/cues.py`)."""
    reporting: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for example in examples:
        for cue in placed_cues(example.readings, {}):
            keys = cue.word.lemma, f"{cue.word.lemma} {cue.word.complement}"
            places.update(keys)
            if reported_by(cue, example.statements):
                reporting.update(keys)
    return {key: (reporting[key], number) for key, number in places.items()}


def reported_by(cue: PlacedCue, statements: Sequence[GoldStatement]) -> list[GoldStatement]:
    """Return the annotated statements that a cue reports."""
    span = cue.span
    return [s for s in statements if any(own.overlap(span) for own in s.cue)]


def reader_example(example: ReportedExample) -> ReaderExample:
    """Return what the reading model is fitted on: each cue with the pieces of the right answers."""
    questions = []
    for cue in placed_cues(example.readings, {}):
        piece = piece_of(example.pieces, cue.span)
        if piece is not None:
            questions.append(question_of(piece, example.pieces, reported_by(cue, example.statements)))
    return ReaderExample(example.states, questions)


def fit_choices(examples: Sequence[ReportedExample], rates: Rates, reader: StatementReader) -> None:
    """Fit the trees that choose contents and sources; print held-out scores and write them."""
    rows = {example.id: candidate_rows(example, rates, reader) for example in examples}
    scores = held_out_scores(rows)
    threshold, score = best_threshold(examples, rows, scores)
    print(f"content: {_text(score)} at {threshold:.1f}, held out", flush=True)
    content = fit_content([row for article in rows.values() for row in article])
    source, of_source = fit_source(examples, rows, scores, threshold)
    print(f"content and source: {_text(of_source)}, held out", flush=True)
    stages = {"content": content.pack() | {"threshold": round(float(threshold), 2)}, "source": source.pack()}
    _write(WEIGHTS / f"{FILE}.json", {"fitted_on": FITTED_ON, "stages": stages})


def candidate_rows(example: ReportedExample, rates: Rates, reader: StatementReader) -> list[Row]:
    """Return the candidates of an article, each with whether it is right."""
    rows = []
    for cue in _with_answers(example, placed_cues(example.readings, rates), reader):
        reported = reported_by(cue, example.statements)
        for candidate in candidates_of(cue, example.pieces):
            if candidate.words < LEAST_WORDS:
                continue
            best = max(reported, key=lambda s: shared_content(s.content, candidate.spans), default=None)
            is_right = best is not None and shared_content(best.content, candidate.spans) >= SAME_CONTENT
            rows.append(Row(candidate, is_right, best if is_right else None))
    return rows


def _with_answers(example: ReportedExample, cues: Sequence[PlacedCue], reader: StatementReader) -> list[PlacedCue]:
    numbers = [piece_of(example.pieces, cue.span) for cue in cues]
    shown = [number for number in numbers if number is not None]
    answers = dict(zip(shown, reader.read(example.states.astype(np.float32), shown), strict=True))
    return [
        replace(cue, answer=answers[number])
        for cue, number in zip(cues, numbers, strict=True)
        if number is not None and answers[number] is not None
    ]


def fit_content(rows: Sequence[Row]) -> FittedTrees:
    """Fit the trees that rate candidates."""
    is_right = [row.is_right for row in rows]
    return fit_trees([row.candidate.row for row in rows], is_right, CONTENT_FIELDS, CONTENT_OPTIONS)


def held_out_scores(rows: Mapping[str, Sequence[Row]]) -> dict[str, Numbers]:
    """Return the score of each candidate of each article, by trees that have not seen the article."""
    fold_of = articles_in_folds(list(rows), FOLDS)
    scores = {}
    for fold in range(FOLDS):
        model = fit_content([row for key, own in rows.items() if fold_of[key] != fold for row in own])
        for key in (key for key in rows if fold_of[key] == fold):
            scores[key] = model.log_odds([row.candidate.row for row in rows[key]])
    return scores


def best_threshold(
    examples: Sequence[ReportedExample], rows: Mapping[str, Sequence[Row]], scores: Mapping[str, Numbers]
) -> tuple[float, Score]:
    """Return the threshold with the best F1 of contents, and the score at it."""
    tried = []
    for threshold in THRESHOLDS:
        found = {}
        for example in examples:
            candidates = [row.candidate for row in rows[example.id]]
            chosen = best_of(candidates, scores[example.id], float(threshold))
            found[example.id] = [(candidates[i], None) for i in chosen]
        tried.append((float(threshold), score_statements(examples, found)[0]))
    return max(tried, key=lambda one: one[1].f1)


Found = Mapping[str, Sequence[tuple[Candidate, Source | None]]]


def score_statements(examples: Sequence[ReportedExample], found: Found) -> tuple[Score, Score]:
    """Return the scores of contents, and of contents with their source, as the scorer of the gold counts them."""
    counts: Counter[str] = Counter()
    for example in examples:
        own = found[example.id]
        taken: set[int] = set()
        for gold in (s for s in example.statements if s.is_core):
            counts["gold"] += 1
            shares = [(shared_content(gold.content, c.spans), -i) for i, (c, _) in enumerate(own) if i not in taken]
            best = max(shares, default=(0.0, 0))
            if best[0] >= SAME_CONTENT:
                source = own[-best[1]][1]
                taken.add(-best[1])
                counts["content"] += 1
                counts["source"] += source is not None and any(source.mention.overlap(s) for s in gold.source)
        for i, (candidate, _) in enumerate(own):
            meets = any(shared_content(s.content, candidate.spans) >= SAME_CONTENT for s in example.statements)
            counts["found"] += i in taken or not meets
    return _score(counts, "content"), _score(counts, "source")


def _score(counts: Mapping[str, int], right: str) -> Score:
    precision = counts[right] / max(1, counts["found"])
    recall = counts[right] / max(1, counts["gold"])
    return Score(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def fit_source(
    examples: Sequence[ReportedExample],
    rows: Mapping[str, Sequence[Row]],
    scores: Mapping[str, Numbers],
    threshold: float,
) -> tuple[FittedTrees, Score]:
    """Fit the trees that rate sources, on the chosen candidates that are right; return them and the held-out score."""
    chosen: dict[str, list[tuple[Row, list[Source]]]] = {}
    for example in examples:
        own = rows[example.id]
        kept = best_of([row.candidate for row in own], scores[example.id], threshold)
        chosen[example.id] = [(own[i], candidate_sources(own[i].candidate, example.pieces)) for i in kept]
    fold_of = articles_in_folds(list(chosen), FOLDS)
    found: dict[str, list[tuple[Candidate, Source | None]]] = {}
    for fold in range(FOLDS):
        model = _fit_source([pair for key, own in chosen.items() if fold_of[key] != fold for pair in own])
        for key in (key for key in chosen if fold_of[key] == fold):
            found[key] = [(row.candidate, _best_source(model, sources)) for row, sources in chosen[key]]
    return _fit_source([pair for own in chosen.values() for pair in own]), score_statements(examples, found)[1]


def _best_source(model: FittedTrees, sources: Sequence[Source]) -> Source | None:
    if not sources:
        return None
    return sources[int(np.argmax(model.log_odds([source.features for source in sources])))]


def _fit_source(chosen: Sequence[tuple[Row, Sequence[Source]]]) -> FittedTrees:
    rows, is_right = [], []
    for row, sources in chosen:
        if row.statement is not None and row.statement.source:
            rows += [source.features for source in sources]
            is_right += [any(source.mention.overlap(s) for s in row.statement.source) for source in sources]
    return fit_trees(rows, is_right, SourceFeatures._fields, SOURCE_OPTIONS)


def _text(score: Score) -> str:
    return f"P {100 * score.precision:.1f} R {100 * score.recall:.1f} F1 {100 * score.f1:.1f}"


def _write(path: Path, stored: Mapping[str, object]) -> None:
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
