"""Show control characters of data instead of sending them to a terminal, a page or a log. Pure."""

from __future__ import annotations

import re

# C0 and C1 without tab and line feed, line and paragraph separators, and the bidirectional controls that reorder what
# stands around them. The marks U+200E and U+200F, which names in Arabic and Hebrew need, reorder nothing else.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str, kept: tuple[str, ...] = ()) -> str:
    """Return the text with `\\x1b` or `\\u202e` in place of each control character. What is `kept` stays as it is."""
    if not _CONTROL.search(text):
        return text
    pieces = re.split("(" + "|".join(map(re.escape, kept)) + ")", text) if kept else [text]
    return "".join(piece if piece in kept else _CONTROL.sub(_escape, piece) for piece in pieces)


def json_on_one_line(text: str) -> str:
    """Return JSON with its control characters as JSON escapes: a reader finds the same values."""
    return _CONTROL.sub(lambda control: f"\\u{ord(control[0]):04x}", text)


def _escape(control: re.Match[str]) -> str:
    code = ord(control[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
