"""Ask a reading model when words were said: it sees the states of the words and of every date of the article.

The encoder that reads who speaks has read the whole text; a state says of a word what stands around it. The model
(`models/day_reader.py`, passed in with the encoder) compares the states of the quoted words, cue, mention and sentence,
and of the beginning of the article, with those of each date, its verb and its sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from quotetrack.core.domain import Quotation, Span
from quotetrack.extract.dating.context import ArticleDates
from quotetrack.extract.dating.features import AnswerFeatures, DateFeatures
from quotetrack.extract.windows import Questions
from quotetrack.models.day_question import DayQuestion, Floats

DATE_STATES, QUOTATION_STATES = 3, 6  # spans whose states describe a date, and a quotation
# Characters of the text that count as the beginning of the article.
BEGINNING = 500
# The features that the model sees beside the states: of a date, and of the quotation and article.
OF_DATE = (
    "here", "below", "paragraphs", "age", "width", "between", "between_keys", "between_news", "of_speaker",
    "of_speaker_near", "other_there", "same_there", "quotes_there", "speech", "said_before", "after_cue",
    "told_by_weekday", "told_by_year", "told_by_today", "told_by_day", "told_by_relative", "told_by_yesterday",
    "told_by_counted", "clause_cue", "clause_speech", "clause_speaker", "clause_ahead", "clause_main",
    "clause_relative", "clause_content", "clause_adverbial", "clause_noun", "often", "opens", "first_date",
    "others_between", "same_between", "quoted_between", "from_cue",
)  # fmt: skip
OF_QUOTATION = (
    "mixed", "has_cue", "present", "perfect", "has_said", "had_said", "would_say", "is_pronoun", "introduced",
    "paragraph", "place", "news_dates_a_paragraph", "old_dates", "opening_news", "present_share", "first_person",
    "quotations", "speakers", "long", "keys", "habit", "lately", "speaker_quotations", "first_quotation",
)  # fmt: skip
_OF_DATE = [DateFeatures._fields.index(name) for name in OF_DATE]
_OF_QUOTATION = [AnswerFeatures._fields.index(name) for name in OF_QUOTATION]


@runtime_checkable
class DayModel(Protocol):
    """A model that answers such questions (implemented by `models/pointer.py: Pointer`)."""

    def read_days(self, questions: Sequence[DayQuestion]) -> list[Floats]:
        """Return the log-probability of each date, then of "fresh news" and "unknown"; shape (dates + 2,) each."""
        ...


class StatesOfArticle:
    """The states of one article, for the questions about some of its quotations."""

    def __init__(
        self, questions: Questions, dates: ArticleDates, quotations: Sequence[Quotation], phrases: Iterable[Span]
    ) -> None:
        """Read what the text shows of the quotations, of some dates and of its beginning."""
        self._dates = {date.phrase.span: date for date in dates.dates}
        self._reporter = dates.reporter
        beginning = Span(0, max(1, min(BEGINNING, len(dates.text))))
        spans = [span for quotation in quotations for span in [*quotation.parts, *self._beside(quotation)] if span]
        spans += [span for phrase in phrases for span in self._around(phrase) if span]
        needed = list(dict.fromkeys([beginning, *spans]))
        states, whole = questions.states(needed)
        self._states = dict(zip(needed, states, strict=True))
        self._nothing = np.zeros_like(whole)
        self._article = [self._states[beginning], whole]

    def of_quotation(self, quotation: Quotation) -> Floats:
        """Return the states of the words, cue, mention and sentence, of the beginning and of the whole article."""
        words = np.mean([self._states[part] for part in quotation.parts], axis=0)
        return np.concatenate([words, *self._of(self._beside(quotation)), *self._article])

    def of_date(self, phrase: Span) -> Floats:
        """Return the states of a date, its verb and its sentence."""
        return np.concatenate(self._of(self._around(phrase)))

    def _beside(self, quotation: Quotation) -> tuple[Span | None, Span | None, Span]:
        attribution = quotation.attribution
        cue, mention = (attribution.cue, attribution.mention) if attribution else (None, None)
        return cue, mention, self._reporter.sentences_of(quotation)

    def _around(self, phrase: Span) -> tuple[Span, Span | None, Span]:
        date = self._dates[phrase]
        return phrase, (date.clause.verbs[0] if date.clause.verbs else None), date.sentence

    def _of(self, spans: Sequence[Span | None]) -> list[Floats]:
        return [self._nothing if span is None else self._states[span] for span in spans]


def question_of(
    states: StatesOfArticle,
    quotation: Quotation,
    dates: Sequence[tuple[Span, DateFeatures]],
    undated: AnswerFeatures,
    *,
    may_be_fresh: bool,
) -> DayQuestion:
    """Return the question about one quotation; `undated` are the features of an answer without a date."""
    words = states.of_quotation(quotation)
    width = len(words) * DATE_STATES // QUOTATION_STATES
    return DayQuestion(
        words=words,
        of_words=np.array([undated[i] for i in _OF_QUOTATION], dtype=np.float32),
        dates=np.array([states.of_date(span) for span, _ in dates], dtype=np.float32).reshape(len(dates), width),
        of_dates=np.array([[row[i] for i in _OF_DATE] for _, row in dates], dtype=np.float32).reshape(
            len(dates), len(OF_DATE)
        ),
        may_be_fresh=may_be_fresh,
    )
