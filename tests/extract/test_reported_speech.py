"""Reported statements, kind by kind, in invented sentences."""

from __future__ import annotations

from datetime import date

import pytest
from tests.extract.reported_cases import (
    ATTITUDES,
    CLAUSES,
    EMBEDDED,
    INFINITIVES,
    INVERTED,
    MIXED,
    NOTHING,
    OBJECTS,
    Reported,
)

from quotetrack.core.domain import Article, ReportedStatement, Span, StatementKind
from quotetrack.extract.extractor import extract
from quotetrack.extract.reported_speech import extract_with_reported, with_whole_marks
from quotetrack.extract.reporting.choice import SAME_CONTENT, shared_content
from quotetrack.models.pointer import load_pointer

PUBLISHED = date(2031, 3, 16)


def article(text: str) -> Article:
    return Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text, published_at=PUBLISHED)


@pytest.fixture(scope="module")
def statements_of(nlp):
    """Return a function that gives the reported statements of a text."""

    def read(text: str, *, attitudes: bool = False) -> list[ReportedStatement]:
        return extract_with_reported(article(text), nlp, load_pointer(), attitudes=attitudes)[1]

    return read


def _meets(case: Reported, statement: ReportedStatement) -> bool:
    """Return whether half of the characters are the same and the mention overlaps, which is how gold is scored."""
    content = Span(case.text.index(case.content), case.text.index(case.content) + len(case.content))
    source = Span(case.text.index(case.source), case.text.index(case.source) + len(case.source))
    found = statement.attribution
    is_source = found is not None and found.mention is not None and found.mention.overlap(source) > 0
    return is_source and shared_content(statement.parts, [content]) >= SAME_CONTENT


@pytest.mark.parametrize("case", [*CLAUSES, *INVERTED, *INFINITIVES, *OBJECTS, *EMBEDDED, *MIXED], ids=lambda c: c.text)
def test_what_is_reported_is_found_with_who_said_it(statements_of, case: Reported):
    assert any(_meets(case, statement) for statement in statements_of(case.text))


@pytest.mark.parametrize("case", CLAUSES[:3] + INVERTED[:6], ids=lambda c: c.text)
def test_of_a_plain_clause_nearly_all_words_are_found(statements_of, case: Reported):
    found = [statement.words for statement in statements_of(case.text)]
    assert any(case.content.startswith(words) or words.startswith(case.content) for words in found)


@pytest.mark.parametrize("case", ATTITUDES, ids=lambda c: c.text)
def test_what_people_think_or_want_is_left_out_unless_asked_for(statements_of, case: Reported):
    assert statements_of(case.text) == []
    (found,) = statements_of(case.text, attitudes=True)
    assert _meets(case, found)
    assert found.kind is StatementKind.ATTITUDE


@pytest.mark.parametrize("text", NOTHING)
def test_what_nobody_said_is_no_statement(statements_of, text: str):
    assert statements_of(text, attitudes=True) == []


def test_a_statement_holds_the_quotation_inside_it(nlp):
    text = MIXED[0].text
    quotations, statements = extract_with_reported(article(text), nlp, load_pointer())
    (statement,) = statements
    assert [quotations[number].words for number in statement.quotations] == ["cruel"]


def test_the_quotations_are_those_without_reported_statements(nlp):
    text = "“We will wait,” said Lena Orr.\n\nShe said the bridge would reopen.\n\nVale called it “a gift to us all”."
    quotations, _ = extract_with_reported(article(text), nlp, load_pointer())
    assert quotations == extract(article(text), nlp, load_pointer())


def test_a_pronoun_is_named_and_a_day_is_read_as_for_quotations(statements_of):
    text = "Lena Orr runs the port.\n\nShe said on Friday that the harbour would be closed to ferries."
    (statement,) = statements_of(text)
    assert statement.attribution is not None
    assert statement.attribution.name == "Lena Orr"
    assert statement.said.first == statement.said.last == date(2031, 3, 14)


def test_every_part_is_in_the_text_and_in_order(statements_of):
    for case in [*INVERTED, *EMBEDDED]:
        for statement in statements_of(case.text, attitudes=True):
            assert all(part.end <= len(case.text) for part in statement.parts)
            assert " […] ".join(part.of(case.text) for part in statement.parts) == statement.words


@pytest.mark.parametrize("text", ["", "\n\n", "said", "According to", "He said that", "“", "X" * 5000])
def test_odd_text_gives_no_error(nlp, text: str):
    extract_with_reported(article(text), nlp, load_pointer(), attitudes=True)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([(0, 14)], [(0, 20)]),  # ends inside the marks
        ([(12, 30)], [(10, 30)]),  # begins inside them
        ([(0, 30)], [(0, 30)]),
        ([(12, 18)], [(12, 18)]),  # stands inside them
        ([(0, 14), (16, 30)], [(0, 14), (16, 30)]),  # the cue stands inside them
        ([(22, 30)], [(22, 30)]),
    ],
)
def test_no_statement_begins_or_ends_between_two_marks(parts, whole):
    found = with_whole_marks([Span(*part) for part in parts], [Span(10, 20)])
    assert found == tuple(Span(*part) for part in whole)


def test_a_statement_has_both_marks_of_the_quotation_inside_it(statements_of):
    text = "Ingrid Vale said that the request was ‘being assessed together with all the others’."
    (statement,) = statements_of(text)
    assert statement.words == "that the request was ‘being assessed together with all the others’"
