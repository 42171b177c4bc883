"""CSV readers and spreadsheets read back what was written."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.domain import DateBasis, Link, LinkKind, QuotationKind, SaidOn, Sighting, Span, Utterance
from quotetrack.export import COLUMNS, write_csv
from quotetrack.export.csv import cell_text

WHOLE = Sighting(
    7,
    "The gates are shut, and they will stay shut.",
    speaker="Olu Brandt",
    outlet="ember-daily",
    article="ember-1",
    published_at=datetime(2026, 3, 11, 0, 5, 30, 250_000, tzinfo=timezone(timedelta(hours=1))),
    said=SaidOn(date(2026, 3, 10), date(2026, 3, 10), DateBasis.STATED_HERE),
    said_confidence=0.87654321,
    said_evidence=Span(92, 99),
    said_phrase="Tuesday",
    said_paragraph=2,
    url="https://www.emberdaily.example/a/1",
    title="Gates shut, says engineer",
    author="Tove Armitage",
    wire_credit="AFP",
    version_sha256="9f" * 32,
    parts=(Span(101, 120), Span(140, 164)),
    context_before='Brandt said on Tuesday: "',
    context_after='"',
    occasion="on Tuesday",
    method="colon",
    speaker_confidence=0.912345,
    mention_confidence=0.95,
    extractor="extract-1",
    speaker_id=4,
    speaker_as_printed="Engineer Brandt",
    wikidata_id="Q42",
    kind=QuotationKind.FULL,
    mention=Span(80, 86),
    mention_words="Brandt",
    cue=Span(87, 91),
    cue_words="said",
    outlet_name="Ember Daily",
    country="VL",
    modified_at=date(2026, 3, 12),
    fetched_at=datetime(2026, 3, 15, 7, 30, tzinfo=UTC),
    evidence_sha256="3c" * 32,
    decided=("speaker", "title"),
)
CUT = Sighting(
    "8", "The gates are shut", outlet="tide", published_at=date(2026, 3, 12), url="file:/news/b.txt", is_current=False
)


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
        "sighting": "7",
        "speaker": "Olu Brandt",
        "speaker_as_printed": "Engineer Brandt",
        "speaker_id": "4",
        "wikidata": "Q42",
        "words": "The gates are shut, and they will stay shut.",
        "kind": "full",
        "said_first": "2026-03-10",
        "said_last": "2026-03-10",
        "said_basis": "stated_here",
        "said_confidence": "0.8765",
        "said_phrase": "Tuesday",
        "said_phrase_start": "92",
        "said_phrase_end": "99",
        "said_paragraph": "2",
        "occasion": "on Tuesday",
        "mention": "Brandt",
        "mention_start": "80",
        "mention_end": "86",
        "cue": "said",
        "cue_start": "87",
        "cue_end": "91",
        "outlet": "ember-daily",
        "outlet_name": "Ember Daily",
        "outlet_domain": "emberdaily.example",
        "country": "VL",
        "url": "https://www.emberdaily.example/a/1",
        "title": "Gates shut, says engineer",
        "author": "Tove Armitage",
        "published": "2026-03-11",
        "published_at": "2026-03-10T23:05:30Z",
        "modified": "2026-03-12",
        "modified_at": "",
        "fetched_at": "2026-03-15T07:30:00Z",
        "wire_credit": "AFP",
        "version_sha256": "9f" * 32,
        "evidence_sha256": "3c" * 32,
        "start": "101",
        "end": "164",
        "parts": "[101,120) [140,164)",
        "context_before": 'Brandt said on Tuesday: "',
        "context_after": '"',
        "method": "colon",
        "confidence": "0.9123",
        "speaker_confidence": "0.9123",
        "mention_confidence": "0.95",
        "alternatives": "",
        "unsure": "no",
        "extractor": "extract-1",
        "decided": "speaker title",
        "link_kind": "itself",
        "link_score": "",
        "link_flags": "",
        "current": "yes",
        "link": "https://www.emberdaily.example/a/1"
        "#:~:text=on%20Tuesday%3A%20%22-,The%20gates%20are%20shut&text=and%20they%20will%20stay%20shut",
        "fact_checks": "",
    }
    assert {column: value for column, value in cut.items() if value} == {
        "utterance": "3",
        "sighting": "8",
        "words": "The gates are shut",
        "said_basis": "unknown",
        "outlet": "tide",
        "outlet_name": "tide",
        "url": "file:/news/b.txt",
        "published": "2026-03-12",
        "confidence": "1.0",
        "speaker_confidence": "1.0",
        "unsure": "no",
        "link_kind": "contained",
        "link_score": "0.9877",
        "link_flags": "not number",
        "current": "no",
        "link": "file:/news/b.txt",
    }


@pytest.mark.parametrize(
    ("printed", "day", "moment"),
    [
        (None, "", ""),
        (date(2026, 3, 11), "2026-03-11", ""),
        (datetime(2026, 3, 11, 20, 5), "2026-03-11", ""),
        (datetime(2026, 3, 11, 20, 5, tzinfo=UTC), "2026-03-11", "2026-03-11T20:05:00Z"),
        (datetime(2026, 3, 11, 20, 5, tzinfo=timezone(timedelta(hours=-5))), "2026-03-11", "2026-03-12T01:05:00Z"),
    ],
)
def test_a_day_is_as_printed_and_a_moment_is_in_utc(printed, day, moment):
    (row,) = rows_of(written([Utterance(1, (Sighting(1, "Go.", published_at=printed, modified_at=printed),))]))
    assert (row["published"], row["published_at"]) == (row["modified"], row["modified_at"]) == (day, moment)


# What Excel and LibreOffice turn into a date or a time: "1-106", "3/4", "12:30", "1.106", "mar-4", "4 June".
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
SPREADSHEET_DATE = re.compile(rf"\d+ ?[-/.:] ?\d+(?:[-/.: ]\d+)*|\d+[- ]?{_MONTH}|{_MONTH}[- ]?\d+", re.IGNORECASE)
VERBATIM = {"speaker", "speaker_as_printed", "words", "occasion", "mention", "cue", "title", "author"}
VERBATIM |= {"said_phrase", "context_before", "context_after", "wire_credit", "outlet", "outlet_name", "outlet_domain"}
TYPED = {"said_first", "said_last", "published", "modified", "confidence", "speaker_confidence"}
TYPED |= {"mention_confidence", "said_confidence", "link_score"}


def test_a_spreadsheet_takes_no_cell_for_a_date():
    for row in rows_of(written([Utterance(3, (WHOLE, CUT))], link_of=cut_off)):
        cells = [row[column] for column in COLUMNS if column not in VERBATIM | TYPED]
        assert [cell for cell in cells if SPREADSHEET_DATE.fullmatch(cell)] == []
    assert all(map(SPREADSHEET_DATE.fullmatch, ("101-120", "1:106", "mar-4", "4 June")))


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
        ("'=1+1", "''=1+1"),
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
            assert cell_text(cell) == as_utf8(printed)
            assert cell.lstrip()[:1] not in {"=", "+", "-", "@"} and cell[:1] not in {"\t", "\r"}


def as_utf8(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
