"""What the reading model sees of a quotation and its dates, and what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.dating.ranker import Dating
from quotetrack.extract.dating.reading import DATE_STATES, OF_DATE, OF_QUOTATION, QUOTATION_STATES
from quotetrack.extract.windows import Questions, States
from quotetrack.models.day_question import DayQuestion, Floats

TEXT = "Ingrid Vale met the farmers on Friday.\n\n“It will open in May,” Vale said on Thursday, a day before the fair."
SUNDAY = date(2031, 3, 16)
WIDTH = 2


class Places:
    """An encoder with a piece for each character; its state is the place in the text."""

    def __init__(self) -> None:
        self.asked: list[DayQuestion] = []

    def pieces(self, text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        places = np.arange(len(text), dtype=np.int32)
        return places, places, places + 1

    def read(self, windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[PlacesWindow]:
        return [PlacesWindow(ids) for ids, _ in windows]

    def read_days(self, questions: Sequence[DayQuestion]) -> list[Floats]:
        """Keep the questions, and answer that all answers are alike."""
        self.asked += questions
        return [np.full(len(question.dates) + 2, -1.0, dtype=np.float32) for question in questions]


class PlacesWindow:
    def __init__(self, ids: np.ndarray) -> None:
        self.ids = ids

    def states(self) -> States:
        return np.repeat(self.ids[:, None], WIDTH, axis=1).astype(np.float32)

    def chances(self, ask: object, asked: object) -> np.ndarray:
        raise AssertionError("nobody asks who speaks")


@pytest.fixture
def quotation() -> Quotation:
    return quotation_in(TEXT)


def quotation_in(text: str) -> Quotation:
    words = Span(text.index("It will"), text.index(",”") + 1)
    name, verb = text.rindex("Vale"), text.index("said")
    attribution = Attribution("Ingrid Vale", Span(name, name + 4), Span(verb, verb + 4), "before_cue", 0.9, 0.95)
    return Quotation((words,), words.of(text), QuotationKind.FULL, words, attribution)


def dating_with(encoder: Places, quotation: Quotation, text: str = TEXT) -> Dating:
    article = Article(url="", outlet="", text=text, published_at=SUNDAY)
    paragraphs = [Span(*found.span()) for found in re.finditer(r"[^\n]+", text)]
    return Dating(article, paragraphs, quotation.parts, {}, Questions(text, quotation.parts, [], [], encoder))


def test_a_question_shows_the_states_and_features_of_the_quotation_and_of_each_date(quotation):
    dating = dating_with(Places(), quotation)
    (question,) = dating.questions([quotation], dating.candidates([quotation]))
    assert question.words.shape == (QUOTATION_STATES * WIDTH,)
    assert question.dates.shape == (2, DATE_STATES * WIDTH)
    assert (question.of_words.shape, question.of_dates.shape) == ((len(OF_QUOTATION),), (2, len(OF_DATE)))
    friday, thursday = (TEXT.index(day) + (len(day) - 1) / 2 for day in ("Friday", "Thursday"))
    assert question.dates[:, 0] == pytest.approx([friday, thursday])
    assert question.words[WIDTH] == pytest.approx(TEXT.index("said") + 1.5)


def test_the_reading_model_is_asked_where_the_trees_are_in_doubt():
    before = "The council met on Friday.\n\nIngrid Vale was absent on Thursday.\n\n"
    doubtful, sure = (
        f"{before}“It will open in May,” Vale has said.",
        f"{before}“It will open in May,” Vale said on Friday.",
    )
    for text, number in ((doubtful, 1), (sure, 0)):
        encoder, quotation = Places(), quotation_in(text)
        dating_with(encoder, quotation, text).date_all([quotation])
        assert len(encoder.asked) == number


def test_without_an_encoder_there_is_no_question(quotation):
    article = Article(url="", outlet="", text=TEXT, published_at=SUNDAY)
    dating = Dating(article, [Span(0, len(TEXT))], quotation.parts, {})
    with pytest.raises(ValueError, match="encoder"):
        dating.questions([quotation], dating.candidates([quotation]))
