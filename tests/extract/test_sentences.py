"""The reporter's sentences, and the words outside the marks."""

from __future__ import annotations

import re

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.sentences import Reporter


def reporter(text: str) -> Reporter:
    paragraphs = [Span(*match.span()) for match in re.finditer(r"[^\n]+", text)]
    return Reporter(text, paragraphs, [Span(*match.span(1)) for match in re.finditer("“([^”]+)”", text)])


@pytest.mark.parametrize(
    ("text", "word", "sentence"),
    [
        ("It rained. Vale spoke. They left.", "spoke", "Vale spoke. "),
        ("It rained. Gov. Vale spoke on Nov. 7 in Orm. They left.", "spoke", "Gov. Vale spoke on Nov. 7 in Orm. "),
        ("“It rained. We stayed,” Vale said. They left.", "said", "“It rained. We stayed,” Vale said. "),
        ("It rained.\nVale spoke.\nThey left.", "spoke", "Vale spoke."),
    ],
)
def test_a_sentence_ends_at_its_own_stop(text, word, sentence):
    assert reporter(text).sentence(text.index(word)).of(text) == sentence


def test_quoted_words_are_not_the_reporters():
    text = "Vale said “we stay” and “we wait” in Orm."
    assert reporter(text).words(Span(0, len(text))).split() == "Vale said “ ” and “ ” in Orm.".split()


def test_the_sentence_before_may_stand_in_the_paragraph_above():
    text = "It rained. Vale wrote:\n“We stay.”"
    sentences = reporter(text)
    before = sentences.sentence_before(sentences.sentence(text.index("We")))
    assert before is not None and before.of(text) == "Vale wrote:"
    assert sentences.sentence_before(Span(0, 5)) is None
