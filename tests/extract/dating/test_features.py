"""The features of dating: produced and stored in the weights under the same names."""

from __future__ import annotations

from datetime import date

import pytest

from quotetrack.core.domain import Article, Attribution, Quotation, QuotationKind, Span
from quotetrack.extract.dating.features import AnswerFeatures, DateFeatures
from quotetrack.extract.dating.ranker import Candidates, Dating
from quotetrack.models.trees import load_ensemble

TEXT = "Ingrid Vale met the farmers on Friday.\n\n“It will open in May,” {cue} on Thursday, a day before the fair."


def candidates_of(cue: str) -> Candidates:
    text = TEXT.format(cue=cue)
    words = Span(text.index("It will"), text.index(",”") + 1)
    name, verb = text.rindex("Vale"), text.index(cue.split()[-1])
    attribution = Attribution("Ingrid Vale", Span(name, name + 4), Span(verb, verb + 4), "before_cue", 0.9, 0.95)
    quotation = Quotation((words,), words.of(text), QuotationKind.FULL, words, attribution)
    article = Article(url="", outlet="", text=text, published_at=date(2031, 3, 16))
    paragraphs = [Span(0, text.index("\n")), Span(words.start - 1, len(text))]
    (candidates,) = Dating(article, paragraphs, [words], {}).candidates([quotation])
    return candidates


@pytest.mark.parametrize(("stage", "features"), [("first", DateFeatures), ("second", AnswerFeatures)])
def test_the_weights_hold_the_features_in_this_order(stage, features):
    assert load_ensemble("dating", stage, features._fields).features == features._fields


def test_every_candidate_has_the_features_of_its_round():
    candidates = candidates_of("Vale said")
    assert len(candidates.dates) > 1 and all(type(date.features) is DateFeatures for date in candidates.dates)
    assert [type(answer.features) for answer in candidates.undated] == [AnswerFeatures] * 2


def test_the_second_round_knows_all_of_the_first():
    assert set(DateFeatures._fields) < set(AnswerFeatures._fields)


def test_the_features_say_where_a_date_stands_and_of_whom():
    friday, thursday = candidates_of("Vale said").dates
    assert (friday.features.here, friday.features.paragraphs, friday.features.of_speaker) == (0.0, 1.0, 1.0)
    assert (thursday.features.here, thursday.features.paragraphs, thursday.features.told_by_weekday) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize(("cue", "days"), [("Vale said", [14, 13]), ("Vale has often said", [13])])
def test_words_that_are_recalled_have_only_the_dates_of_their_sentence(cue, days):
    candidates = candidates_of(cue)
    assert [candidate.said.first.day for candidate in candidates.dates] == days
    assert len(candidates.undated) == (2 if len(days) == 2 else 1)
