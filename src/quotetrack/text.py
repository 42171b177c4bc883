"""Words reduced to what makes them the same words. Pure; the stored text itself is never changed."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from ftfy import fix_text

_EDIT = re.compile(r"\[\s*(?:…|\.\.\.|\. \. \.)\s*\]|…|\.{3,}|\. \. \.")
_BRACKETS = re.compile(r"[\[\]()]")
_NOT_A_WORD = re.compile(r"[^\w'%$€£]+")
_SINGLE_MARKS = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'"})


def normalise(words: str) -> str:
    """Lower-case words with single spaces: no marks, punctuation, accents or edit signs.

    Two wordings that differ only in print (curly marks, dashes, a full stop for a comma, `[…]`) come out equal.
    """
    flat = _EDIT.sub(" ", fix_text(words, normalization="NFKC"))
    flat = _BRACKETS.sub("", flat.translate(_SINGLE_MARKS))
    bare = "".join(c for c in unicodedata.normalize("NFKD", flat.casefold()) if not unicodedata.combining(c))
    return " ".join(token for part in _NOT_A_WORD.split(bare) if (token := part.strip("'")))


def wording_key(words: str) -> str:
    """The SHA-256 of the normalised words, in hexadecimal: equal for the same wording."""
    return sha256(normalise(words))


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
