"""Repair the characters of a text that a program has broken on their way: as a browser shows them, or as they were.

Nothing is guessed: each broken form stands for exactly one character.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from rapidfuzz.distance import Levenshtein

from quotetrack.core.domain import Span

# UTF-8 that was read as Windows-1252 and stored again: "â€œ" for “. No text in a European language has these pairs.
_MOJIBAKE = re.compile(
    "â(?:€.?|\x80[\x80-\xbf])|[ÃÂ][\x80-\xbf©¨¼¶¤±«»¡¢£¥§¯°²³´µ·¸¹º¾¿]|Ã[‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]", re.S
)
_CUT_CLOSING = re.compile("â€(?:\ufffd|\x9d|(?=[\\s.,;:!?)]|$))")  # 0x9D, the end of ”, is no character of Windows-1252
_OPENING = "â€œ"  # “ as mojibake: only beside it is a cut "â€" surely a ”
_C1 = re.compile("[\x80-\x9f]")
_C1_SHOWN = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
# Soft hyphens, zero-width spaces, and marks and embeddings of direction. A browser shows none of them.
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
        "\u2066\u2067\u2068\u2069\ufeff")
)  # fmt: skip
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_JOINER_IN_LATIN = re.compile("(?<=[A-Za-z\u00c0-\u024f])[\u200c\u200d]+(?=[A-Za-z\u00c0-\u024f])")


def repair(text: str) -> str:
    """Return a text with its mojibake undone, in composed letters (NFC), with “ for the control character U+0093."""
    if text.isascii():
        return text
    if _OPENING in text:
        text = _CUT_CLOSING.sub("”", text)
    text = _MOJIBAKE.sub(_as_utf_8, text)
    text = _C1.sub(lambda control: _C1_SHOWN[ord(control[0])], text)
    return unicodedata.normalize("NFC", text)


class Alignment:
    """Where the characters of a repaired text stand in the text that was given."""

    def __init__(self, given: str, repaired: str) -> None:
        """Compare the texts line by line, or as wholes where they differ in the number of lines."""
        lines = given.split("\n"), repaired.split("\n")
        pairs = zip(*lines, strict=True) if len(lines[0]) == len(lines[1]) else [(given, repaired)]
        self._blocks: list[tuple[int, int, int, int]] = []  # a stretch of the repaired text, and of the given one
        at, given_at = 0, 0
        for before, after in pairs:
            if before == after:
                self._blocks.append((at, at + len(after) + 1, given_at, given_at + len(before) + 1))
            else:
                for found in Levenshtein.opcodes(before, after):
                    here, there = (found.dest_start, found.dest_end), (found.src_start, found.src_end)
                    self._blocks.append((at + here[0], at + here[1], given_at + there[0], given_at + there[1]))
                self._blocks.append(
                    (at + len(after), at + len(after) + 1, given_at + len(before), given_at + len(before) + 1)
                )
            at, given_at = at + len(after) + 1, given_at + len(before) + 1
        self._starts = [block[0] for block in self._blocks]

    def in_given(self, span: Span) -> Span:
        """Return the characters of the given text that a span of the repaired one stands for."""
        start, end = self._block(span.start), self._block(span.end - 1)
        first = start[2] + (span.start - start[0] if _is_same(start) else 0)
        last = end[2] + span.end - end[0] if _is_same(end) else end[3]
        return Span(first, max(last, first + 1))

    def _block(self, position: int) -> tuple[int, int, int, int]:
        """Return the stretch in which a character of the repaired text stands."""
        return self._blocks[bisect_right(self._starts, position) - 1]


def _is_same(block: tuple[int, int, int, int]) -> bool:
    """Return whether a stretch has as many characters in both texts."""
    return block[1] - block[0] == block[3] - block[2]


def visible(text: str) -> str:
    """Return a text without the characters that no browser shows."""
    if text.isascii():
        return text
    return _JOINER_IN_LATIN.sub("", text.translate(_INVISIBLE))


def squash(text: str) -> str:
    """Return the letters and digits of a text in lower case: two prints of one passage agree in them."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def _as_utf_8(broken: re.Match[str]) -> str:
    """Return the character whose bytes in UTF-8 were read as Windows-1252; the broken form if there is none."""
    try:
        return b"".join(map(_byte, broken[0])).decode("utf-8")
    except UnicodeError:
        return broken[0]


def _byte(character: str) -> bytes:
    """Return the byte that Windows-1252, or else Latin-1, shows as a character."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
