"""A text without line breaks is one paragraph. Its cost must grow with its length, not with the square or cube."""

import time

import pytest

from quotetrack.core.domain import Article
from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.models.spacy_pipeline import load_language

SAID = "“We sold the boat,” Ingrid Vale said on the quay. "
MOST_GROWTH = 3  # of the time, for twice as many quotations


@pytest.mark.bench
def test_twice_as_many_quotations_in_one_paragraph_cost_less_than_three_times_the_time():
    nlp = load_language(Settings().spacy_model)
    _cpu_seconds(SAID, nlp)  # the first call loads word lists and weights
    ratio = _cpu_seconds(SAID * 160, nlp) / _cpu_seconds(SAID * 80, nlp)
    print(f"\n160 quotations in one paragraph cost {ratio:.1f} times as much as 80")
    assert ratio < MOST_GROWTH


def _cpu_seconds(text, nlp):
    start = time.process_time()
    assert extract(Article(url="https://tarn.example/boat", outlet="tarn", text=text), nlp)
    return time.process_time() - start
