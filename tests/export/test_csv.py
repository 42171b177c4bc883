"""CSV readers and spreadsheets read back what was written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.domain import DateBasis, Link, LinkKind, SaidOn, Sighting, Span, Utterance
from quotetrack.export import COLUMNS, write_csv

WHOLE = Sighting(
    7,
    "The gates are shut, and they will stay shut.",
    speaker="Olu Brandt",
    outlet="Ember Daily",
    article="ember-1",
    published_at=datetime(2026, 3, 11, 20, 5, tzinfo=UTC),
    said=SaidOn(date(2026, 3, 10), date(2026, 3, 10), DateBasis.STATED_HERE),
    url="https://emberdaily.example/a/1",
    title="Gates shut, says engineer",
    author="Tove Armitage",
    wire_credit="AFP",
    version_sha256="9f" * 32,
    parts=(Span(101, 120), Span(140, 164)),
    context_before='Brandt said on Tuesday: "',
    context_after='"',
    occasion="on Tuesday",
    method="colon",
    confidence=0.912345,
    extractor="extract-1",
)
CUT = Sighting("8", "The gates are shut", published_at=date(2026, 3, 12), url="file:/news/b.txt", is_current=False)


def written(utterances: list[Utterance], **options) -> str:
    out = io.StringIO(newline="")
    assert write_csv(utterances, out, **options) == sum(len(u.sightings) for u in utterances)
    return out.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def cut_off(longest: Sighting, sighting: Sighting) -> Link:
    return Link(longest.id, sighting.id, LinkKind.CONTAINED, 0.98765, ("not", "number"))


def test_a_row_has_the_provenance_of_a_sighting():
    whole, cut = rows_of(written([Utterance(3, (WHOLE, CUT))], link_of=cut_off))
    assert whole == {
        "utterance": "3",
        "speaker": "Olu Brandt",
        "words": "The gates are shut, and they will stay shut.",
        "said_first": "2026-03-10",
        "said_last": "2026-03-10",
        "said_basis": "stated_here",
        "occasion": "on Tuesday",
        "outlet": "Ember Daily",
        "url": "https://emberdaily.example/a/1",
        "title": "Gates shut, says engineer",
        "author": "Tove Armitage",
        "published": "2026-03-11T20:05:00+00:00",
        "wire_credit": "AFP",
        "version_sha256": "9f" * 32,
        "start": "101",
        "end": "164",
        "parts": "101-120 140-164",
        "context_before": 'Brandt said on Tuesday: "',
        "context_after": '"',
        "method": "colon",
        "confidence": "0.9123",
        "extractor": "extract-1",
        "link_kind": "itself",
        "link_score": "",
        "link_flags": "",
        "current": "yes",
        "link": "https://emberdaily.example/a/1"
        "#:~:text=on%20Tuesday%3A%20%22-,The%20gates%20are%20shut&text=and%20they%20will%20stay%20shut",
    }
    assert {column: value for column, value in cut.items() if value} == {
        "utterance": "3",
        "words": "The gates are shut",
        "said_basis": "unknown",
        "url": "file:/news/b.txt",
        "published": "2026-03-12",
        "confidence": "0.0",
        "link_kind": "contained",
        "link_score": "0.9877",
        "link_flags": "not number",
        "current": "no",
        "link": "file:/news/b.txt",
    }


def test_the_columns_of_the_link_are_empty_without_a_link():
    for options in ({}, {"link_of": lambda longest, sighting: None}):
        rows = rows_of(written([Utterance(3, (CUT, WHOLE))], **options))
        assert [(row["link_kind"], row["link_score"]) for row in rows] == [("", ""), ("itself", "")]


def test_no_utterances_make_only_a_header():
    assert written([]) == ",".join(COLUMNS) + "\r\n"


def test_for_excel_the_byte_order_mark_comes_first():
    assert written([Utterance(1, (CUT,))], excel=True) == "\ufeff" + written([Utterance(1, (CUT,))])


def test_rows_are_written_as_the_utterances_come():
    out = io.StringIO(newline="")

    def utterances():
        for number in range(1, 4):
            assert len(rows_of(out.getvalue())) == number - 1
            yield Utterance(number, (CUT,))

    assert write_csv(utterances(), out) == 3


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ('=HYPERLINK("https://x.example";"Read on")', '\'=HYPERLINK("https://x.example";"Read on")'),
        ("+44 is the code for Varland", "'+44 is the code for Varland"),
        ("-5 degrees and falling", "'-5 degrees and falling"),
        ("@Telle knows", "'@Telle knows"),
        ("\tindented", "'\tindented"),
        ("\rback", "'\rback"),
        (" \n =1+1", "' \n =1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        ("＝1+1", "'＝1+1"),
        ("— not a sum", "— not a sum"),
        ("two = two", "two = two"),
        ("'Tis done", "'Tis done"),
        ("first\r\nsecond\nthird", "first\r\nsecond\nthird"),
        ("half \ud83d a pair", "half \ufffd a pair"),
    ],
)
def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(words, cell):
    text = written([Utterance(1, (Sighting(1, words, speaker=words),))])
    assert text.encode("utf-8")
    (row,) = rows_of(text)
    assert row["words"] == row["speaker"] == cell


TEXT = st.text(st.characters(), max_size=40)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5), st.booleans())
def test_any_text_is_read_back_as_it_was_written(texts, excel):
    sightings = tuple(
        Sighting(i, words, speaker=speaker, context_before=context) for i, (words, speaker, context) in enumerate(texts)
    )
    raw = written([Utterance(1, sightings)], excel=excel).encode("utf-8")
    rows = rows_of(raw.decode("utf-8-sig" if excel else "utf-8"))
    assert [tuple(row) for row in rows] == [COLUMNS] * len(texts)
    for row, text in zip(rows, texts, strict=True):
        for cell, printed in zip((row["words"], row["speaker"], row["context_before"]), text, strict=True):
            assert cell.removeprefix("'") == as_utf8(printed).removeprefix("'")
            assert cell.lstrip()[:1] not in {"=", "+", "-", "@"} and cell[:1] not in {"\t", "\r"}


def as_utf8(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
