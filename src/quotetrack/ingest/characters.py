"""Repair the characters of a text that a program has broken on their way: as a browser shows them, or as they were.

Nothing is guessed: each broken form stands for exactly one character.
"""

from __future__ import annotations

import re
import unicodedata

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
