"""Gold articles as they are read: spans with and without marks, labels, excluded characters."""

from __future__ import annotations

import pytest
from tests.evaluation.invented_gold import GOLD_ROWS, HARBOUR, LABEL_ROWS, ends, gold_row, lines, quote

from quotetrack.core.domain import Span
from quotetrack.evaluation.gold import GoldArticle, bare_span, read_gold, read_gold_files

BOARD = "The board"


@pytest.fixture(scope="module")
def harbour() -> GoldArticle:
    return read_gold(lines(GOLD_ROWS), lines(LABEL_ROWS))[0]


def test_a_part_keeps_its_annotated_span_and_has_a_bare_one(harbour: GoldArticle) -> None:
    assert harbour.parts[0].span.of(HARBOUR) == "The ferry will sail again,"
    assert harbour.parts[0].bare.of(HARBOUR) == "The ferry will sail again"
    assert [mention.of(HARBOUR) for mention in harbour.parts[0].mentions] == ["Orla Venn"]


def test_full_quotations_and_fragments_of_four_words_are_core() -> None:
    text = "The board called it “a boat with leaks” and “a bucket”."
    quotes = [quote(text, words, BOARD, "1", "mixed") for words in ("a boat with leaks", "a bucket")]
    (gold,) = read_gold(lines([gold_row("one", text, quotes)]))
    assert [(part.is_full, part.is_core) for part in gold.parts] == [(False, True), (False, False)]


def test_a_label_belongs_to_the_parts_of_its_group(harbour: GoldArticle) -> None:
    assert [part.label.name if part.label else None for part in harbour.parts] == [
        "Orla Venn",
        "Orla Venn",
        "The Harbour Board",
        BOARD,
    ]
    assert [part.is_quotation for part in harbour.parts] == [True, True, True, False]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("“The ferry will sail again,”", True),  # marks do not count
        ("The ferry will sail", False),  # 19 of 25 characters
        ("e ferry will sail again", True),
        ("Orla Venn", False),
    ],
)
def test_a_part_is_found_by_four_fifths_of_its_characters(harbour: GoldArticle, words: str, found: bool) -> None:
    assert (harbour.part_at(Span(*ends(HARBOUR, words))) is not None) is found


@pytest.mark.parametrize(("words", "excluded"), [("“Anchors Up”", True), ("“Anchors Up” at the pier.", False)])
def test_a_span_is_excluded_when_half_of_it_is(harbour: GoldArticle, words: str, excluded: bool) -> None:
    assert harbour.is_excluded(Span(*ends(HARBOUR, words))) is excluded


def test_a_part_of_nothing_but_marks_is_left_out() -> None:
    text = "The board said “…” and left."
    (gold,) = read_gold(lines([gold_row("one", text, [quote(text, "…", BOARD, "1")])]))
    assert gold.parts == ()


def test_a_span_is_bare_without_marks_and_punctuation_at_its_ends() -> None:
    assert bare_span("He said, “No!”", Span(9, 14)) == Span(10, 12)
    assert bare_span("He said, “…”", Span(9, 12)) is None


def test_excluded_characters_may_be_written_as_a_pair_or_by_name() -> None:
    start, end = ends(HARBOUR, "Anchors Up")
    rows = [gold_row("one", HARBOUR, [], [[start, end]]), gold_row("two", HARBOUR, [], [{"start": start, "end": end}])]
    assert [gold.excluded for gold in read_gold(lines(rows))] == [(Span(start, end),)] * 2


@pytest.mark.parametrize(
    ("confidence", "kind", "name"),
    [("high", "person", "Orla Venn"), ("low", "person", None), ("high", "organisation", None)],
)
def test_the_name_that_a_machine_gave_is_kept_where_it_is_trusted(confidence: str, kind: str, name: str | None) -> None:
    guess = {"canonical": "Orla Venn", "canonical_conf": confidence, "canonical_type": kind}
    row = gold_row("one", HARBOUR, [quote(HARBOUR, "It is a fine ship,", "she", "2") | guess])
    (gold,) = read_gold(lines([row]))
    assert gold.parts[0].guessed_name == name


def test_files_give_the_same_as_their_lines(tmp_path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n".join(lines(GOLD_ROWS)) + "\n", "utf-8")
    (tmp_path / "labels.jsonl").write_text("\n".join(lines(LABEL_ROWS)) + "\n", "utf-8")
    read = read_gold_files(tmp_path / "gold.jsonl", tmp_path / "labels.jsonl")
    assert read == read_gold(lines(GOLD_ROWS), lines(LABEL_ROWS))
