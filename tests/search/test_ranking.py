"""Each part of a score moves a quotation in the right direction, other things being equal."""

from __future__ import annotations

import numpy as np
import pytest

from quotetrack.search import ranking
from quotetrack.search.ranking import nearby_gains, score_utterances, weighted_cosines
from quotetrack.store.search import SearchHit
from quotetrack.store.vectors import Cosines

TOPIC = "the new ferry"
SENTENCE = "We shall sail again before the summer comes."


def hit(utterance_id: int, words: str = SENTENCE, version_id: int | None = None, start: int = 0) -> SearchHit:
    return SearchHit(utterance_id, words, version_id or utterance_id, start)


def scores(
    first: SearchHit,
    second: SearchHit,
    by_text: dict[int, float] | None = None,
    meanings: dict[int, float] | None = None,
) -> tuple[float, float]:
    """Return the scores of two quotations, which are utterances 1 and 2."""
    found = score_utterances(TOPIC, {10: first, 20: second}, by_text or {}, meanings or {10: 0.5, 20: 0.5})
    return found[1], found[2]


def test_equal_quotations_score_alike() -> None:
    first, second = scores(hit(1), hit(2))
    assert first == second > 0


def test_a_scrap_of_a_sentence_loses_against_a_sentence_of_the_same_meaning() -> None:
    scrap, sentence = scores(hit(1, "sail again then"), hit(2))
    assert scrap < sentence


def test_a_scrap_loses_even_against_words_about_something_else() -> None:
    scrap, sentence = scores(hit(1, "sail again then"), hit(2), meanings={10: 0.6, 20: 0.25})
    assert scrap < sentence


@pytest.mark.parametrize(
    "words", ["We shall build the new ferry before summer.", "WE WANT “THE NEW FERRY”, NOT A PIER."]
)
def test_words_that_have_the_topic_word_for_word_win(words: str) -> None:
    said, unsaid = scores(hit(1, words), hit(2, "We shall build a ferry that is new this summer."))
    assert said > unsaid


def test_a_better_hit_of_full_text_wins() -> None:
    better, worse = scores(hit(1), hit(2), by_text={10: 8.0, 20: 4.0})
    assert better > worse


def test_a_better_meaning_wins() -> None:
    better, worse = scores(hit(1), hit(2), meanings={10: 0.6, 20: 0.4})
    assert better > worse


def test_a_quotation_near_one_about_the_topic_gains_and_one_far_from_it_does_not() -> None:
    proposed = {
        10: hit(1, version_id=7, start=0),
        11: hit(2, version_id=7, start=ranking.NEARBY - 1),
        12: hit(3, version_id=7, start=3 * ranking.NEARBY),
        13: hit(4, version_id=8, start=0),
    }
    meanings = {10: 0.9, 11: 0.3, 12: 0.3, 13: 0.3}
    found = score_utterances(TOPIC, proposed, {}, meanings)
    assert found[2] > found[3] == found[4]


def test_a_quotation_without_neighbours_gains_a_share_of_its_meaning() -> None:
    neighbours = {10: hit(1, version_id=7), 11: hit(2, version_id=7, start=100), 12: hit(3, version_id=8)}
    gains = nearby_gains(neighbours, {10: 0.5, 11: 0.5, 12: 0.5})
    assert 0 < gains[12] < gains[10] == gains[11]


def test_an_utterance_has_the_score_of_its_best_quotation() -> None:
    proposed = {10: hit(1, version_id=7), 11: hit(1, "sail", version_id=8), 20: hit(2)}
    found = score_utterances(TOPIC, proposed, {}, {10: 0.5, 11: 0.5, 20: 0.5})
    assert found[1] == found[2]


def test_the_cosine_of_the_words_counts_less_than_that_of_the_passage() -> None:
    ids = np.array([10, 20, 30])
    cosines = Cosines(ids, passage=np.array([0.5, 0.5, 0.4]), words=np.array([0.3, 0.4, 0.6]))
    meanings = weighted_cosines(cosines, [])
    assert meanings[30] < meanings[10] < meanings[20]


def test_texts_about_other_things_are_not_proposed_unless_full_text_found_them() -> None:
    ids = np.array([10, 20])
    cosines = Cosines(ids, passage=np.array([0.1, 0.1]), words=np.array([0.2, 0.2]))
    assert weighted_cosines(cosines, [20]).keys() == {20}
