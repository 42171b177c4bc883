"""spaCy runs with the matrix products of numpy's BLAS, on one core while it parses."""

from __future__ import annotations

import spacy
from thinc.api import NumpyOps, get_current_ops
from threadpoolctl import threadpool_info, threadpool_limits

from quotetrack.core.settings import Settings
from quotetrack.models.spacy_pipeline import load_language, parse

TEXTS = ["Orla Venn opened the mill on Monday.", "The ferry is late, said Tadeo Brisk of the Orle Ferry Board."]


def blas_threads() -> list[int]:
    """Return the number of threads of each BLAS of numpy's; other libraries may bring others."""
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    return [library["num_threads"] for library in blas if "numpy" in library["filepath"]]


def test_a_pipeline_parses_the_same_with_either_product():
    plain = spacy.load(Settings().spacy_model)
    ours = load_language(Settings().spacy_model)
    assert not ours.get_pipe("ner").model.ops.use_blis
    for doc, other in zip(parse(TEXTS, ours), plain.pipe(TEXTS), strict=True):
        assert [(t.text, t.dep_, t.pos_, t.head.i) for t in doc] == [(t.text, t.dep_, t.pos_, t.head.i) for t in other]
        assert [e.text for e in doc.ents] == [e.text for e in other.ents]


def test_loading_a_pipeline_leaves_the_settings_of_others():
    load_language(Settings().spacy_model)
    assert type(get_current_ops()) is NumpyOps and get_current_ops().use_blis


def test_parsing_takes_one_core_and_then_restores_the_limit():
    nlp = load_language(Settings().spacy_model)
    during = []
    with threadpool_limits(limits=2, user_api="blas"):
        before = blas_threads()
        parse((during.append(blas_threads()) or text for text in TEXTS), nlp)
        assert blas_threads() == before
    assert before and max(before) == 2
    assert [max(threads) for threads in during] == [1, 1]
