"""Ask a reading model when words were said: it sees the states of the words and of every date of the article.

The encoder that reads who speaks has read the whole text; a state says of a word what stands around it. The model
(`models/day_reader.py`, passed in with the encoder) compares the states of the quoted words, cue, mention and sentence,
and of the beginning of the article, with those of each date, its verb and its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from quotetrack.core.domain import Quotation, Span
from quotetrack.extract.dating.context import ArticleDates
from quotetrack.extract.dating.features import AnswerFeatures, DateFeatures
from quotetrack.extract.windows import Questions, States
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
    """The states of one article, asked for by spans."""

    def __init__(self, questions: Questions, dates: ArticleDates) -> None:
        self._questions = questions
        self._dates = {date.phrase.span: date for date in dates.dates}
        self._of_date: dict[Span, Floats] = {}
        self._reporter = dates.reporter
        whole = Span(0, max(1, len(dates.text)))
        self._article = questions.states([Span(0, max(1, min(BEGINNING, len(dates.text)))), whole])

    def of_quotation(self, quotation: Quotation) -> Floats:
        """Return the states of the words, cue, mention and sentence, of the beginning and of the whole article."""
        attribution = quotation.attribution
        cue, mention = (attribution.cue, attribution.mention) if attribution else (None, None)
        words = self._questions.states(quotation.parts).mean(axis=0)
        others = self._states([cue, mention, self._reporter.sentences_of(quotation)])
        return np.concatenate([words, *others, *self._article])

    def of_date(self, phrase: Span) -> Floats:
        """Return the states of a date, its verb and its sentence."""
        if phrase not in self._of_date:
            date = self._dates[phrase]
            verbs = date.clause.verbs
            states = self._states([phrase, verbs[0] if verbs else None, date.sentence])
            self._of_date[phrase] = np.concatenate(states)
        return self._of_date[phrase]

    def _states(self, spans: Sequence[Span | None]) -> States:
        found = self._questions.states([span for span in spans if span is not None])
        states = np.zeros((len(spans), found.shape[1]), dtype=np.float32)
        states[[span is not None for span in spans]] = found
        return states


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
