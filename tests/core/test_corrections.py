"""Corrections of people, applied to what the extractor found in a text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from quotetrack.core.anchors import surroundings
from quotetrack.core.corrections import CorrectedQuotation, InvalidDays, apply_corrections, find_words, read_days
from quotetrack.core.domain import (
    Anchor,
    Attribution,
    Correction,
    CorrectionFault,
    DateBasis,
    Quotation,
    QuotationKind,
    SaidOn,
    Span,
)

NOW = datetime(2031, 3, 12, tzinfo=UTC)
TEXT = (
    "“We sail at dawn,” Orla Venn said. “Not before.”\n\n"
    "The “ghost ferry”, as locals call it, is back.\n\n"
    "Nobody cheered. 'It leaks,' a docker said."
)
SAIL, NOT_BEFORE, GHOST, LEAKS = "We sail at dawn,", "Not before.", "ghost ferry", "It leaks,"


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def found(*words: str, speaker: str | None = "Orla Venn", text: str = TEXT) -> Quotation:
    parts = tuple(span(each, text) for each in words)
    attribution = Attribution(speaker, None, None, "after_cue", 0.9, 0.95) if speaker else None
    said = SaidOn(date(2031, 3, 1), date(2031, 3, 1), DateBasis.IMPLIED)
    context, evidence = Span(0, len(text)), Span(0, 3)
    return Quotation(
        parts, " ".join(words), QuotationKind.FULL, context, attribution, said, evidence, said_confidence=0.8
    )


def anchor(*words: str, text: str = TEXT) -> Anchor:
    parts = [span(each, text) for each in words]
    start, end = parts[0].start, parts[-1].end
    inside = tuple(Span(part.start - start, part.end - start) for part in parts)
    return Anchor(start, text[start:end], *surroundings(text, start, end), inside)


def correction(
    fault: CorrectionFault, at: Anchor, value: str | None = None, target: Anchor | None = None, number: int = 1
) -> Correction:
    return Correction(number, "https://harbourpost.example/a", at, fault, value, "ada", NOW, target)


def applied(quotations: list[Quotation], *corrections: Correction, text: str = TEXT) -> list[Quotation]:
    return [each.quotation for each in apply_corrections(text, quotations, corrections) if each.quotation is not None]


def test_without_corrections_everything_stays() -> None:
    quotations = [found(SAIL, NOT_BEFORE), found(GHOST, speaker=None)]
    assert apply_corrections(TEXT, quotations, []) == [CorrectedQuotation(q, q) for q in quotations]


def test_a_speaker_is_corrected_and_what_the_extractor_found_is_kept() -> None:
    before = found(SAIL, NOT_BEFORE)
    to_marek = correction(CorrectionFault.SPEAKER, anchor(SAIL, NOT_BEFORE), "Odd Marek")
    (after,) = apply_corrections(TEXT, [before], [to_marek])
    attribution = Attribution("Odd Marek", None, None, "decided", 1.0, 1.0)
    assert after == CorrectedQuotation(replace(before, attribution=attribution), before, (to_marek,))


def test_a_speaker_whom_the_article_does_not_name_is_nobody() -> None:
    unknown = correction(CorrectionFault.SPEAKER, anchor(SAIL), "unknown")
    assert applied([found(SAIL)], unknown)[0].attribution is None


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ("2031-03-05", date(2031, 3, 5), date(2031, 3, 5)),
        ("2031-03-05..2031-03-07", date(2031, 3, 5), date(2031, 3, 7)),
        ("..2031-03-07", None, date(2031, 3, 7)),
        ("2031-03-05..", date(2031, 3, 5), None),
        ("unknown", None, None),
    ],
)
def test_days_are_corrected(days: str, first: date | None, last: date | None) -> None:
    (after,) = applied([found(SAIL)], correction(CorrectionFault.DAY, anchor(SAIL), days))
    assert after.said == SaidOn(first, last, DateBasis.DECIDED)
    is_a_claim = first is not None or last is not None
    assert (after.said_evidence, after.said_confidence) == (None, 1.0 if is_a_claim else None)


@pytest.mark.parametrize("days", ["", "yesterday", "2031-02-30", "..", "2031-03-07..2031-03-05", "2031-03-05.."[:-1]])
def test_text_that_is_no_day_is_refused(days: str) -> None:
    with pytest.raises(InvalidDays, match="is not a day: write"):
        read_days(days)


def test_words_out_of_marks_that_are_no_quotation_go() -> None:
    scare = found(GHOST, speaker=None)
    taken_out = correction(CorrectionFault.NOT_A_QUOTATION, anchor(GHOST))
    after = apply_corrections(TEXT, [found(SAIL), scare], [taken_out])
    assert [each.quotation for each in after] == [found(SAIL), None]
    assert after[1].extracted == scare


def test_other_characters_are_chosen_and_the_speaker_stays() -> None:
    shorter = correction(CorrectionFault.WORDS, anchor(SAIL, NOT_BEFORE), target=anchor(SAIL))
    (after,) = applied([found(SAIL, NOT_BEFORE)], shorter)
    assert (after.words, after.parts) == (SAIL, (span(SAIL),))
    assert after.attribution == found(SAIL).attribution


def test_quotations_inside_the_chosen_characters_go() -> None:
    both = correction(CorrectionFault.WORDS, anchor(SAIL), target=anchor(SAIL, NOT_BEFORE))
    (after,) = applied([found(SAIL), found(NOT_BEFORE)], both)
    assert after.words == f"{SAIL} […] {NOT_BEFORE}"


def test_missed_words_become_a_quotation_of_their_paragraph() -> None:
    missed = correction(CorrectionFault.MISSED, anchor(LEAKS), "a docker")
    (after,) = applied([], missed)
    assert after.words == LEAKS and after.context.of(TEXT) == "Nobody cheered. 'It leaks,' a docker said."
    assert after.attribution == Attribution("a docker", None, None, "decided", 1.0, 1.0)


def test_missed_words_that_the_extractor_finds_by_now_keep_its_speaker_if_the_person_gave_none() -> None:
    (after,) = applied([found(LEAKS, speaker="a docker")], correction(CorrectionFault.MISSED, anchor(LEAKS)))
    assert after.attribution == found(LEAKS, speaker="a docker").attribution


def test_a_corrected_quotation_that_the_extractor_does_not_find_any_more_is_made_of_its_characters() -> None:
    (after,) = applied([], correction(CorrectionFault.SPEAKER, anchor(SAIL, NOT_BEFORE), "Odd Marek"))
    assert after.parts == (span(SAIL), span(NOT_BEFORE))
    assert after.attribution is not None and after.attribution.name == "Odd Marek"


def test_the_newest_correction_wins() -> None:
    first = correction(CorrectionFault.SPEAKER, anchor(SAIL), "Odd Marek", number=1)
    second = correction(CorrectionFault.SPEAKER, anchor(SAIL), "Nila Sarr", number=2)
    (after,) = applied([found(SAIL)], second, first)
    assert after.attribution is not None and after.attribution.name == "Nila Sarr"


def test_a_correction_that_was_imported_later_and_decided_earlier_does_not_win() -> None:
    here = correction(CorrectionFault.SPEAKER, anchor(SAIL), "Tadeo Brisk", number=1)
    imported = correction(CorrectionFault.SPEAKER, anchor(SAIL), "Bo Lind", number=2)
    imported = replace(imported, decided_at=NOW - timedelta(days=1))
    (quotation,) = applied([found(SAIL)], here, imported)
    assert quotation.attribution is not None and quotation.attribution.name == "Tadeo Brisk"


def test_a_speaker_corrected_before_the_words_stays_after_them() -> None:
    speaker = correction(CorrectionFault.SPEAKER, anchor(SAIL, NOT_BEFORE), "Odd Marek", number=1)
    words = correction(CorrectionFault.WORDS, anchor(SAIL, NOT_BEFORE), target=anchor(NOT_BEFORE), number=2)
    (after,) = applied([found(SAIL, NOT_BEFORE)], speaker, words)
    assert after.words == NOT_BEFORE
    assert after.attribution is not None and after.attribution.name == "Odd Marek"


def test_corrections_are_found_again_in_an_edited_text() -> None:
    edited = "Updated at noon.\n\n" + TEXT.replace("Orla Venn said", "Captain Orla Venn said on deck")
    quotation = found(SAIL, NOT_BEFORE, text=edited)
    to_marek = correction(CorrectionFault.SPEAKER, anchor(SAIL, NOT_BEFORE), "Odd Marek")
    (after,) = applied([quotation], to_marek, text=edited)
    assert after.attribution is not None and after.attribution.name == "Odd Marek"


def test_a_correction_of_words_that_the_text_has_no_more_changes_nothing() -> None:
    text = TEXT.replace("We sail at dawn,", "The crossing was cancelled for good,")
    quotation = found("The crossing was cancelled for good,", text=text)
    to_marek = correction(CorrectionFault.SPEAKER, anchor(SAIL), "Odd Marek")
    assert apply_corrections(text, [quotation], [to_marek]) == [CorrectedQuotation(quotation, quotation)]


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("We sail at dawn,", [SAIL]),
        ("We  sail\nat dawn,", [SAIL]),
        ("We sail at dawn, […] Not before.", [SAIL, NOT_BEFORE]),
        ("We sail at dawn, [...] Not before.", [SAIL, NOT_BEFORE]),
        ("‘It leaks,’", ["'It leaks,'"]),
        ('"Not before."', ["“Not before.”"]),
    ],
)
def test_typed_words_are_found_as_printed(typed: str, parts: list[str]) -> None:
    assert find_words(TEXT, typed) == tuple(span(part) for part in parts)


@pytest.mark.parametrize("typed", ["We sail at dusk,", "", "[…]", "a"])
def test_words_that_are_not_there_or_stand_at_several_places_are_not_found(typed: str) -> None:
    assert find_words(TEXT, typed) is None


def test_of_two_places_the_near_one_is_meant() -> None:
    text = "“No,” he said.\n\n“No,” she said."
    second = Span(text.rindex("No,"), text.rindex("No,") + 3)
    assert find_words(text, "No,") is None
    assert find_words(text, "No,", near=second) == (second,)
