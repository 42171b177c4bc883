"""Where are the quoted words? Characters only: no model, no dictionary.

A paragraph is read once from left to right. Each quotation mark opens, closes or is an apostrophe, judged by
the characters beside it and by what is open; marks inside marks make no quotation of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quotetrack.core.domain import Quotation, QuotationKind, Span

# A paragraph with so few characters and no closing mark is a heading or a stray mark rather than words.
SHORTEST_UNCLOSED = 12
# Inches, minutes and cut-off years: no quotation has its closing mark this far away in one paragraph.
LONGEST_SINGLE = 2_500

_DOUBLE_OPEN = "“„‟«"
_DOUBLE_CLOSE = "”»"
_SINGLE_OPEN = "‘‚‹"
_SINGLE_CLOSE = "’›"
_OPENING_BEFORE = set(" \t\n\r\xa0\u2009\u200a\u200b\ufeff([{—–-/:;,>*|•")
_ENDING_INSIDE = set(",.?!…;:—–-")
_AFTER_CLOSING = set(" \t\n\r\xa0\u2009\u200a\u200b,.;:?!)]}—–-/…<*|")
_ELIDED = re.compile(r"(?:em|im|er|tis|twas|til|till|cause|bout|round|n|cos|coz|neath|\d\ds?)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.?!…][)\]’'”\"]*\s*$")
_MARKS = re.compile(r"=\"[^\"\n]*\"|``|''|[\"“”„‟«»‘’‚‛‹›'`]")
_LOWER_FIRST = re.compile(r"[\W_]*[a-zà-ÿ]")


@dataclass(frozen=True, slots=True)
class _QuotationMark:
    """One quotation mark: what it may do here, and how sure the characters beside it make us."""

    start: int
    end: int
    style: str  # "double" or "single"
    opens: bool
    closes: bool


def find_quotations(text: str, paragraphs: Sequence[Span] | None = None) -> list[Quotation]:
    """The quoted words of a text in order, as quotations without speaker or day.

    One quotation for each pair of outer marks; a quotation that re-opens its marks in following paragraphs
    without closing them has one part for each. Whether words in marks are somebody's own is not judged here.
    `paragraphs` are the paragraphs to read (default: all). Never raises, whatever the text.
    """
    chosen = list(paragraphs) if paragraphs is not None else split_paragraphs(text)
    found: list[Quotation] = []
    running: list[Span] = []  # parts of a quotation that is still open at the end of its paragraph
    for index, paragraph in enumerate(chosen):
        following = chosen[index + 1] if index + 1 < len(chosen) else None
        pairs = list(_pairs(text, paragraph, following))
        for position, (part, is_closed) in enumerate(pairs):
            goes_on = bool(running) and position == 0 and _opens_paragraph(text, paragraph, part)
            if running and not goes_on:
                found.append(_quotation(text, running))
                running = []
            running.append(part)
            last = position == len(pairs) - 1
            if is_closed or not (last and following is not None and _reopening(text, following)):
                found.append(_quotation(text, running))
                running = []
    if running:
        found.append(_quotation(text, running))
    return found


def split_paragraphs(text: str) -> list[Span]:
    """The paragraphs of a text, blank ones left out, without the white space around them.

    A line break ends a paragraph, unless the sentence runs on in lower case, or the text is hard-wrapped (its
    paragraphs are blocks of lines of about one width): then a blank line does.
    """
    blank_line = r"\n[ \t\r\f\v]*\n"
    separator = blank_line if _is_hard_wrapped(text) else rf"{blank_line}|(?<![a-z,])\n|\n(?![a-z])|\u2029"
    found, start = [], 0
    for stop in [*re.finditer(separator, text), None]:
        end = stop.start() if stop else len(text)
        block = text[start:end]
        if stripped := block.strip():
            first = start + block.index(stripped[0])
            found.append(Span(first, first + len(stripped)))
        start = stop.end() if stop else end
    return found


def _is_hard_wrapped(text: str) -> bool:
    """Whether most line breaks fall inside sentences, in lines of about one width."""
    blocks = [block.splitlines() for block in re.split(r"\n[ \t\r]*\n", text)]
    breaks = [pair for lines in blocks for pair in pairwise(lines)]
    if len(breaks) < 3:
        return False
    wrapped = sum(40 <= len(line.rstrip()) <= 100 for line, _ in breaks)
    run_on = sum(following.lstrip()[:1].islower() for _, following in breaks)
    return wrapped >= 0.7 * len(breaks) and run_on >= 0.3 * len(breaks)


def _quotation(text: str, parts: list[Span]) -> Quotation:
    words = " ".join(part.of(text) for part in parts)
    context = Span(_line_start(text, parts[0].start), _line_end(text, parts[-1].end))
    return Quotation(tuple(parts), words, _kind(text, parts), context)


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _kind(text: str, parts: Sequence[Span]) -> QuotationKind:
    """Full: the words begin as a sentence does, or stand apart from the reporter's sentence."""
    if len(parts) > 1:
        return QuotationKind.FULL
    words, before = parts[0].of(text), text[: parts[0].start].rstrip(" \t'\"»›" + _DOUBLE_OPEN + _SINGLE_OPEN)
    number = len(words.split())
    introduced = before.endswith((",", ":")) or not before or before.endswith("\n")
    ends = words.rstrip()[-1:] in set(",.?!…-—–")
    if _LOWER_FIRST.match(words) and not introduced:
        return QuotationKind.MIXED
    if number < 3 and not (introduced and ends):
        return QuotationKind.MIXED
    return QuotationKind.FULL if introduced or ends or number >= 6 else QuotationKind.MIXED


def _reopening(text: str, paragraph: Span) -> _QuotationMark | None:
    """The opening mark with which a paragraph begins."""
    first = next(_marks(text, paragraph), None)
    begins = first is not None and first.opens and not text[paragraph.start : first.start].strip(" \t…—–-•[(")
    return first if begins else None


def _opens_paragraph(text: str, paragraph: Span, part: Span) -> bool:
    return not text[paragraph.start : part.start].strip(" \t'\"“”‘’„«…—–-•[(")


def _pairs(text: str, paragraph: Span, following: Span | None) -> Iterator[tuple[Span, bool]]:
    """The outermost quoted characters of a paragraph, and whether a mark closes them.

    An unclosed double mark quotes the rest of its paragraph; an unclosed single one, which may be an apostrophe, only
    where the following paragraph opens another.
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
            if part := _trimmed(text, opener.end, marks[closer].start):
                yield part, True
            at = closer + 1
        elif _runs_on(text, marks, at, paragraph, following):
            if part := _trimmed(text, opener.end, paragraph.end):
                yield part, False
            return


def _runs_on(text: str, marks: Sequence[_QuotationMark], at: int, paragraph: Span, following: Span | None) -> bool:
    """Whether the unclosed mark before `at` quotes what is left of its paragraph."""
    opener = marks[at - 1]
    again = _reopening(text, following) if following is not None else None
    is_reopened = again is not None and again.style == opener.style
    if opener.style == "single":
        return is_reopened
    return (is_reopened or paragraph.end - opener.end >= SHORTEST_UNCLOSED) and not _has_complete_pair(text, marks, at)


def _closer(text: str, marks: Sequence[_QuotationMark], at: int) -> int | None:
    """The index of the mark that closes the one before `at`, over any marks nested between them."""
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
    """For single marks: a mark after punctuation is surer to close than one that may be a possessive."""
    opener = marks[at - 1]
    fallback = None
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
            if fallback is not None:
                break
            continue
        if not mark.closes or inside_double:
            continue
        if text[mark.start - 1] in _ENDING_INSIDE or not _may_be_possessive(text, mark):
            return index
        if fallback is None:
            fallback = index
    return fallback


def _may_be_possessive(text: str, mark: _QuotationMark) -> bool:
    """The voters' choice: an s, the mark, a space and a lower-case word."""
    after = text[mark.end : mark.end + 2]
    return text[mark.start - 1] in "sSzx" and after[:1] == " " and after[1:].islower()


def _has_complete_pair(text: str, marks: Sequence[_QuotationMark], at: int) -> bool:
    """Whether a pair of double marks opens and closes after `at`: then the mark before was a stray one."""
    return any(
        mark.style == "double" and mark.opens and _closer(text, marks, index + 1) is not None
        for index, mark in enumerate(marks[at:], at)
    )


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The characters without the white space at their ends; None when nothing but marks is left."""
    inner = text[start:end]
    if not any(c.isalnum() for c in inner):
        return None
    return Span(start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()))


def _marks(text: str, paragraph: Span) -> Iterator[_QuotationMark]:
    """Every character of a paragraph that can open or close words, in order; apostrophes are left out."""
    position, inside = paragraph.start, False  # inside: an undecided straight mark is open
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
    shape = text[start:end]
    before, after = text[start - 1 : start], text[end : end + 1]
    if shape in _SINGLE_OPEN + _SINGLE_CLOSE + "'`‛" and len(shape) == 1:
        return _single(text, start, end, before, after)
    if shape == "''" and before.isalnum() and after.isalnum():
        return None
    opens, closes = _direction(shape, before, after, inside)
    return _QuotationMark(start, end, "double", opens, closes)


def _direction(shape: str, before: str, after: str, inside: bool) -> tuple[bool, bool]:
    """Whether a double mark opens or closes: exactly one of the two, or neither (inches)."""
    starts = (not before or before in _OPENING_BEFORE or before in "“„«‘'\"") and bool(after) and not after.isspace()
    ends = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSING or after in "”’'\"")
    if shape in ("“", "„", "‟", "``", "«"):
        if shape in ("“", "«") and inside and ends and not starts:  # „…“, »…«, or a mark the wrong way round
            return False, True
        return True, False
    if shape in _DOUBLE_CLOSE:
        if not inside and starts and not ends:
            return True, False
        return False, True
    if not inside and ((before.isdigit() and not after.isalpha()) or before == "="):  # 6'2", <a href="
        return False, False
    if starts and not ends and inside and before == ",":  # a missing space: "We sold it,"Ann Lee said
        return False, True
    if starts != ends:
        return starts, ends
    return not inside, inside


def _single(text: str, start: int, end: int, before: str, after: str) -> _QuotationMark | None:
    """A single mark, unless it is an apostrophe: between letters, or where a word was cut short."""
    shape = text[start:end]
    if before.isalnum() and after.isalnum():
        return None
    opens = (not before or before in _OPENING_BEFORE or before in '“„«"') and (
        after.isalnum() or after in set('[$£€…“"(@#')
    )
    closes = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSING or after in '”"»')
    if shape in ("‘", "‚", "‹"):
        opens = bool(after) and not after.isspace() and not before.isalnum()
        closes = closes and not opens and shape == "‘"  # ‚…‘
    elif shape in ("’", "›"):
        opens = False
    if opens and shape != "‹" and _ELIDED.match(text, end):
        return None
    if opens and closes:  # -'- : beside a dash on both sides
        closes = before not in _OPENING_BEFORE
        opens = not closes
    return _QuotationMark(start, end, "single", opens, closes) if opens or closes else None
