"""Find the quoted words of a text, by characters only: no model, no dictionary.

A paragraph is read once from left to right. Each quotation mark opens words, closes them or is an apostrophe. The
characters beside it decide, and the marks that are open. Marks inside marks make no separate quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotetrack.core.domain import Quotation, QuotationKind, Span
from quotetrack.core.paragraphs import split_paragraphs
from quotetrack.core.parts import join_parts
from quotetrack.lang.en.calendar import MONTHS, WEEKDAYS
from quotetrack.lang.en.name_words import BEFORE_NICKNAME, LONGEST_BEFORE_NICKNAME, NICKNAME
from quotetrack.lang.en.sentences import SENTENCE_BOUNDARY
from quotetrack.lang.en.words import BETWEEN_APOSTROPHES, CUT_OFF, ELIDED, FUNCTION_WORDS

# Characters behind an unclosed mark: a paragraph with fewer is a heading, or the mark is a stray one.
SHORTEST_UNCLOSED = 12
# Characters from a single mark to its closing one, at most: farther marks are inches, minutes and cut-off years.
LONGEST_SINGLE = 2_500
# Words of a part from which it is full even without an introduction or a closing stop; fewer than `SHORTEST_FULL`
# need both.
LONG_PART, SHORTEST_FULL = 6, 3

# Words with a capital before marks that belong to no name: "In “Hamlet” Shakespeare", "on Monday “Big” Lee".
NOT_BEFORE_NICKNAME = FUNCTION_WORDS | {word.lower() for word in (*WEEKDAYS, *MONTHS)}

_WORD = re.compile(r"\w")
_ATTRIBUTION_END = re.compile(r"[,.:;!?—–-]\W*$")  # before the opening mark of the next part
_DOUBLE_OPEN = "“„‟«"
_DOUBLE_CLOSE = "”»"
_SINGLE_OPEN = "‘‚‹"
_SINGLE_CLOSE = "’›"
_SINGLE_SHAPES = {*_SINGLE_OPEN, *_SINGLE_CLOSE, *"'`‛"}
_OPENING_BEFORE = set(" \t\n\r\xa0\u2009\u200a\u200b\ufeff([{—–-/:;,>*|•")
_OPENING_INSIDE = set('[$£€…“"(@#')
_ENDING_INSIDE = set(",.?!…;:—–-")
_AFTER_CLOSING = set(" \t\n\r\xa0\u2009\u200a\u200b,.;:?!)]}—–-/…<*|")
_MARKS = re.compile(r"=\"[^\"\n]*\"|``|''|[\"“”„‟«»‘’‚‛‹›'`]")
_LOWER_FIRST = re.compile(r"[\W_]*[a-zà-ÿ]")


@dataclass(frozen=True, slots=True)
class _QuotationMark:
    """One quotation mark, and whether it may open or close words here."""

    start: int
    end: int
    style: str  # "double" or "single"
    opens: bool
    closes: bool


def find_quotations(text: str, paragraphs: Sequence[Span] | None = None) -> list[Quotation]:
    """Return the quoted words of a text in order, as quotations without speaker or day.

    There is one quotation for each pair of outer marks. A quotation that re-opens its marks in following paragraphs
    without closing them has one part for each. Whether words in marks are a person's own is not judged here.
    `paragraphs` are the paragraphs to read (default: all). Never raises, whatever the text.
    """
    chosen = list(paragraphs) if paragraphs is not None else split_paragraphs(text)
    quotations: list[Quotation] = []
    running: list[Span] = []  # parts of a quotation that is still open at the end of its paragraph
    for index, paragraph in enumerate(chosen):
        following = chosen[index + 1] if index + 1 < len(chosen) else None
        pairs = list(_pairs(text, paragraph, following))
        for position, (part, is_closed) in enumerate(pairs):
            is_continued = bool(running) and position == 0 and _opens_paragraph(text, paragraph, part)
            if running and not is_continued:
                quotations.append(_quotation(text, running))
                running = []
            running.append(part)
            is_last = position == len(pairs) - 1
            if is_closed or not (is_last and following is not None and _reopening(text, following)):
                quotations.append(_quotation(text, running))
                running = []
    if running:
        quotations.append(_quotation(text, running))
    return quotations


def words_of(text: str, parts: Sequence[Span], attribution: Sequence[Span] = ()) -> str:
    """Return the words of a quotation, verbatim: its parts, with ` […] ` where the article has other words between two.

    `attribution` holds the mention and the cue of the speaker. Where they alone stand between two parts, in one
    sentence, a space joins the parts: "Yes," she said. "We will."
    """
    omissions = [has_other_words(text, left, right, attribution) for left, right in pairwise(parts)]
    return join_parts([part.of(text) for part in parts], omissions)


def has_other_words(text: str, left: Span, right: Span, attribution: Sequence[Span]) -> bool:
    """Return whether anything but the attribution stands between two parts: words, or more than its own sentence."""
    if not _WORD.search(text, left.end, right.start):
        return False
    has_attribution = any(span.start < right.start and span.end > left.end for span in attribution)
    # "…," he said of talks that "…": the second part continues the reporter's sentence, and not the words.
    if not has_attribution or not _ATTRIBUTION_END.search(text[left.end : right.start]):
        return True
    return begins_sentence(text, left.end, right.start)


def begins_sentence(text: str, start: int, end: int) -> bool:
    """Return whether a sentence begins and has a word between two positions."""
    boundaries = SENTENCE_BOUNDARY.finditer(text, start, end)
    return any(_WORD.search(text, boundary.end(), end) for boundary in boundaries)


def _quotation(text: str, parts: list[Span]) -> Quotation:
    words = words_of(text, parts)
    first_line_start = text.rfind("\n", 0, parts[0].start) + 1
    last_line_end = text.find("\n", parts[-1].end)
    context = Span(first_line_start, last_line_end if last_line_end >= 0 else len(text))
    return Quotation(tuple(parts), words, _kind(text, parts), context)


def _kind(text: str, parts: Sequence[Span]) -> QuotationKind:
    """Return "full" where the words begin as a sentence does, or stand apart from the reporter's sentence."""
    if len(parts) > 1:
        return QuotationKind.FULL
    words, before = parts[0].of(text), text[: parts[0].start].rstrip(" \t'\"»›" + _DOUBLE_OPEN + _SINGLE_OPEN)
    length = len(words.split())
    is_introduced = before.endswith((",", ":")) or not before or before.endswith("\n")
    has_end = words.rstrip()[-1:] in set(",.?!…-—–")
    if _LOWER_FIRST.match(words) and not is_introduced:
        return QuotationKind.MIXED
    if length < SHORTEST_FULL and not (is_introduced and has_end):
        return QuotationKind.MIXED
    return QuotationKind.FULL if is_introduced or has_end or length >= LONG_PART else QuotationKind.MIXED


def _reopening(text: str, paragraph: Span) -> _QuotationMark | None:
    """Return the opening mark with which a paragraph begins; None where it begins with anything else."""
    first = next(_marks(text, paragraph), None)
    if first is None or not first.opens or text[paragraph.start : first.start].strip(" \t…—–-•[("):
        return None
    return first


def _opens_paragraph(text: str, paragraph: Span, part: Span) -> bool:
    return not text[paragraph.start : part.start].strip(" \t'\"“”‘’„«…—–-•[(")


def _pairs(text: str, paragraph: Span, following: Span | None) -> Iterator[tuple[Span, bool]]:
    """Yield the outermost quoted characters of a paragraph, and whether a mark closes them.

    An unclosed double mark quotes the rest of its paragraph. An unclosed single one may be an apostrophe: it does so
    only where the following paragraph opens another.
    """
    marks = list(_marks(text, paragraph))
    at = 0
    while at < len(marks):
        opener = marks[at]
        at += 1
        if not opener.opens:
            continue
        closer = _closer(text, marks, at)
        if closer is not None:
            part = _trimmed(text, opener.end, marks[closer].start)
            if part is not None and not _is_nickname(text, opener.start):
                yield part, True
            at = closer + 1
        elif _runs_on(text, marks, at, paragraph, following):
            if part := _trimmed(text, opener.end, paragraph.end):
                yield part, False
            return


def _is_nickname(text: str, start: int) -> bool:
    """Return whether the mark at `start` opens a part of a name, as in Tamsin “Tam” Rook: nobody says it."""
    if NICKNAME.match(text, start) is None:
        return False
    before = BEFORE_NICKNAME.search(text, max(0, start - LONGEST_BEFORE_NICKNAME), start)
    return before is not None and before["word"].lower() not in NOT_BEFORE_NICKNAME


def _runs_on(text: str, marks: Sequence[_QuotationMark], at: int, paragraph: Span, following: Span | None) -> bool:
    """Return whether the unclosed mark before `at` quotes the rest of its paragraph."""
    opener = marks[at - 1]
    reopening = _reopening(text, following) if following is not None else None
    is_reopened = reopening is not None and reopening.style == opener.style
    if opener.style == "single":
        return is_reopened
    return (is_reopened or paragraph.end - opener.end >= SHORTEST_UNCLOSED) and not _has_complete_pair(text, marks, at)


def _closer(text: str, marks: Sequence[_QuotationMark], at: int) -> int | None:
    """Return the index of the mark that closes the one before `at`, over any marks nested between them."""
    opener = marks[at - 1]
    return _double_closer(marks, at) if opener.style == "double" else _single_closer(text, marks, at)


def _double_closer(marks: Sequence[_QuotationMark], at: int) -> int | None:
    depth = 1
    for index in range(at, len(marks)):
        mark = marks[index]
        if mark.style != "double":
            continue
        if mark.closes:
            depth -= 1
        elif mark.opens:
            depth += 1
        if depth == 0:
            return index
    return None


def _single_closer(text: str, marks: Sequence[_QuotationMark], at: int) -> int | None:
    """Return the index of the mark that closes a single one, None where nothing does.

    The first mark that cannot be an apostrophe closes; else the first that can. A mark that can be one is one where a
    later mark stands behind a stop and none opens between.
    """
    opener = marks[at - 1]
    apostrophe = unsure = None
    inside_double = 0
    for index in range(at, len(marks)):
        mark = marks[index]
        if mark.start - opener.start > LONGEST_SINGLE:
            break
        if mark.style == "double":
            if mark.closes and inside_double:
                inside_double -= 1
            elif mark.opens:
                inside_double += 1
            continue
        if mark.opens and not mark.closes:
            if apostrophe is not None or unsure is not None:
                break
            continue
        if not mark.closes or inside_double:
            continue
        if text[mark.start - 1] in _ENDING_INSIDE:
            return index
        if not _may_be_apostrophe(text, mark):
            return index if unsure is None else unsure
        if unsure is None and not _is_inside_sentence(text, mark):
            unsure = index
        elif apostrophe is None:
            apostrophe = index
    return unsure if unsure is not None else apostrophe


def _may_be_apostrophe(text: str, mark: _QuotationMark) -> bool:
    """Return whether a mark that closes may be that of "the voters’ choice", "fallin’" or "a wall of 6’"."""
    return CUT_OFF.search(text, max(0, mark.start - 4), mark.start) is not None


def _is_inside_sentence(text: str, mark: _QuotationMark) -> bool:
    """Return whether a small letter follows after a space: "the voters’ choice"."""
    after = text[mark.end : mark.end + 2]
    return after[:1] == " " and after[1:].islower()


def _has_complete_pair(text: str, marks: Sequence[_QuotationMark], at: int) -> bool:
    """Return whether a pair of double marks opens and closes after `at`: then the mark before was a stray one."""
    return any(
        mark.style == "double" and mark.opens and _closer(text, marks, index + 1) is not None
        for index, mark in enumerate(marks[at:], at)
    )


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the characters without the white space at their ends; None where no letter or digit is left."""
    inner = text[start:end]
    if not any(c.isalnum() for c in inner):
        return None
    return Span(start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()))


def _marks(text: str, paragraph: Span) -> Iterator[_QuotationMark]:
    """Yield every mark of a paragraph that can open or close words, in order; apostrophes are left out."""
    position, inside = paragraph.start, False  # inside: a double mark is open
    while (match := _MARKS.search(text, position, paragraph.end)) is not None:
        position = match.end()
        if match[0][0] == "=":  # the attribute of a left-over tag
            continue
        mark = _mark(text, match.start(), match.end(), inside)
        if mark is None:
            continue
        if mark.style == "double":
            inside = mark.opens and not mark.closes
        yield mark


def _mark(text: str, start: int, end: int, inside: bool) -> _QuotationMark | None:
    """Return the mark at some characters; None for an apostrophe. `inside`: a double mark is open."""
    shape, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    if shape in _SINGLE_SHAPES:
        opens, closes = _single_direction(shape, before, after)
        if not (opens or closes) or (opens and shape != "‹" and ELIDED.match(text, end)):
            return None
        if shape != "›" and BETWEEN_APOSTROPHES.search(text, max(0, start - 2), start):
            return None
        if opens and closes:  # -'- : beside a dash on both sides
            closes = before not in _OPENING_BEFORE
            opens = not closes
        return _QuotationMark(start, end, "single", opens, closes)
    if shape == "''" and before.isalnum() and after.isalnum():
        return None
    opens, closes = _double_direction(shape, before, after, inside)
    return _QuotationMark(start, end, "double", opens, closes)


def _single_direction(shape: str, before: str, after: str) -> tuple[bool, bool]:
    """Return whether a single mark may open and may close words; neither between letters, where it is an apostrophe."""
    if before.isalnum() and after.isalnum():
        return False, False
    closes = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSING or after in '”"»')
    if shape in _SINGLE_OPEN:
        opens = bool(after) and not after.isspace() and not before.isalnum()
        return opens, closes and not opens and shape == "‘"  # ‚…‘
    if shape in _SINGLE_CLOSE:
        return False, closes
    is_after_opening = not before or before in _OPENING_BEFORE or before in '“„«"'
    return is_after_opening and (after.isalnum() or after in _OPENING_INSIDE), closes


def _double_direction(shape: str, before: str, after: str, inside: bool) -> tuple[bool, bool]:
    """Return whether a double mark opens and whether it closes: one of the two, or neither (inches)."""
    is_after_opening = not before or before in _OPENING_BEFORE or before in "“„«‘'\""
    may_open = is_after_opening and bool(after) and not after.isspace()
    may_close = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSING or after in "”’'\"")
    if shape == "``" or shape in _DOUBLE_OPEN:
        is_reversed = shape in "“«" and inside and may_close and not may_open  # „…“, »…«, or the wrong way round
        return not is_reversed, is_reversed
    if shape in _DOUBLE_CLOSE:
        is_reversed = not inside and may_open and not may_close
        return is_reversed, not is_reversed
    return _straight_direction(before, after, inside, may_open, may_close)


def _straight_direction(before: str, after: str, inside: bool, may_open: bool, may_close: bool) -> tuple[bool, bool]:
    """Return whether a straight double mark opens and whether it closes, by the mark that is open in doubt."""
    if not inside and ((before.isdigit() and not after.isalpha()) or before == "="):  # 6'2", <a href="
        return False, False
    if may_open and not may_close and inside and before == ",":  # a missing space: "We sold it,"Ann Lee said
        return False, True
    if may_open != may_close:
        return may_open, may_close
    return not inside, inside
