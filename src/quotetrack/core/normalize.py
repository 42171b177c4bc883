"""Reduce words to a comparable form, and hash them. Pure; the stored text itself never changes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import filterfalse

# An editor's sign for an omission: `[…]`, `[...]`, `…`, `...` and `. . .`.
EDIT_SIGN = re.compile(r"\[\s*(?:…|\.\.\.|\. \. \.)\s*\]|…|\.{3,}|\. \. \.")

MOST_ACCENTS = 30  # of one letter; no script has more
_MAY_BE_ACCENTS = re.compile(f"[^\x00-\u02ff]{{{MOST_ACCENTS + 1}}}")

_SENTENCE_END = re.compile(r"[.?!…][\"”’')\]]*$")
_BRACKETS = re.compile(r"[\[\]()]")
_NOT_A_WORD = re.compile(r"[^\w'%$€£]+")
_PRINTED_MARKS = str.maketrans(dict.fromkeys("‘’“”–—…"))
_SINGLE_MARKS = str.maketrans({"‘": "'", "’": "'", "‛": "'", "`": "'", "´": "'"})


def normalise(words: str) -> str:
    """Return lower-case words with single spaces: no quotation marks, punctuation, accents or edit signs.

    Two wordings that differ only in print (curly marks, dashes, a full stop for a comma, `[…]`) come out equal.
    """
    flat = EDIT_SIGN.sub(" ", words if _is_plain(words) else _fixed(words))
    bare = unaccented(_BRACKETS.sub("", flat.translate(_SINGLE_MARKS)))
    return " ".join(token for part in _NOT_A_WORD.split(bare) if (token := part.strip("'")))


def unaccented(words: str) -> str:
    """Return words in lower case and without accents, otherwise unchanged."""
    lower = words.casefold()
    if lower.isascii():
        return lower
    return "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", _stream_safe(lower))))


def _stream_safe(words: str) -> str:
    """Return words without the accents of a letter beyond the 30th (UAX 15, 13): sorting them takes their square."""
    if not _MAY_BE_ACCENTS.search(words):
        return words
    kept, run = [], 0
    for character in words:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MOST_ACCENTS:
            kept.append(character)
    return "".join(kept)


def ends_sentence(line: str) -> bool:
    """Return whether a line without white space at its end ends as a sentence does: in a stop and its closing marks.

    Three files ask something else, each with its own pattern: `extract/paragraphs.py` what cannot be a headline,
    `extract/sentences.py` where the next sentence begins inside a paragraph, `linking/wordings.py` which word has a
    capital for its place alone.
    """
    return _SENTENCE_END.search(line) is not None


def _is_plain(words: str) -> bool:
    """Return whether `_fixed` has nothing to repair that the rest of `normalise` does not: most wordings are plain.

    Printable ASCII without an HTML entity, and curly marks, dashes and ellipses.
    """
    bare = words.translate(_PRINTED_MARKS)
    return bare.isascii() and bare.isprintable() and "&" not in bare


def _fixed(words: str) -> str:
    from ftfy import fix_text  # takes a twentieth of a second, and most questions and answers do without it

    return fix_text(_stream_safe(words), normalization="NFKC")


def wording_key(words: str) -> str:
    """Return the SHA-256 of the normalised words, in hexadecimal: equal for the same wording."""
    return sha256(normalise(words))


def version_sha256(title: str | None, text: str) -> str:
    """Return the hash that identifies a version, in hexadecimal: SHA-256 of the title, a NUL and the text."""
    return sha256(f"{title or ''}\0{text}")


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
