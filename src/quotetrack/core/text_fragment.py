"""Build links that open a page at the quoted words: `#:~:text=first words,last words`.

The rules are those of the WICG's "URL Fragment Text Directives". A browser takes the first match on the page, matches
whole words, ignores case, and finds nothing that crosses the border of a block (a paragraph).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from quotetrack.core.domain import Sighting, StatementKind
from quotetrack.core.parts import OMISSION, split_parts

# All in words. The steps of the specification were run on 29 saved pages of real news: the links of 430 quotations led
# to the right place 429 times; with 8 exact words, ends of 4 words and no context for few words, 416 times.
LONGEST_EXACT = 16  # a longer part is given by its ends, so that a person can still paste the link
WORDS_AT_AN_END = 8  # fewer often appear in a standfirst or a caption as well
FEW = 5  # so few words often appear elsewhere on the page, so their context is given too
WORDS_AROUND = 3  # of that context
SHORTEST_OF_SEVERAL = 2  # a part "No" beside longer parts would mark the first "no" of the page

_DIRECTIVE = ":~:"
_WEB_PAGE = re.compile(r"https?://", re.IGNORECASE)


def text_fragment_link(sighting: Sighting) -> str | None:
    """Return the sighting's URL with a text fragment, with which a browser scrolls to the words and marks each part.

    Few words get some context, and so do words that stand in the title or the paragraph before. The URL is unchanged
    if it is a file (`file:`) or the words have no letter or digit. None if there is no URL, or one of another scheme,
    such as `javascript:`. A fragment of the URL is kept; a text directive in it is replaced.
    """
    if sighting.url is None or not is_web_page(sighting.url):
        return sighting.url if sighting.url and sighting.url.startswith("file:") else None
    directives = "&".join(f"text={directive}" for directive in _directives(sighting))
    if not directives:
        return sighting.url
    page = sighting.url.split(_DIRECTIVE)[0]
    return f"{page}{'' if '#' in page else '#'}{_DIRECTIVE}{directives}"


def is_web_page(url: str) -> bool:
    """Return whether a URL opens in a browser: not `file:`, for example."""
    return _WEB_PAGE.match(url) is not None


def _directives(sighting: Sighting) -> Iterator[str]:
    """Yield a directive for each part; `above` is the text that is known to stand on the page before the part."""
    above = f"{sighting.title or ''}\n{sighting.context_before}"
    texts = part_texts(sighting)
    is_long = [len(text.split()) >= SHORTEST_OF_SEVERAL for text in texts]
    for i, text in enumerate(texts):
        left = sighting.context_before if i == 0 else ""
        right = sighting.context_after if i == len(texts) - 1 else ""
        if (is_long[i] or not any(is_long)) and (directive := _directive(text, left, right, above)):
            yield directive
        above = f"{above}\n{text}"


def part_texts(sighting: Sighting) -> list[str]:
    """Return the words split into their parts; whole if the parts are unknown or do not fit the words."""
    if isinstance(sighting.kind, StatementKind):  # with single spaces, so that the lengths of the parts may differ
        return sighting.words.split(OMISSION)
    return split_parts(sighting.words, [len(part) for part in sighting.parts]) or [sighting.words]


def _directive(text: str, left: str, right: str, above: str) -> str | None:
    """Return `exact` or `start,end`, with `prefix-,` or `,-suffix` if needed; None if the text has no word."""
    lead, core, tail = _bare(text)
    if not core:
        return None
    terms = _terms(core, above)
    directive = ",".join(map(_encoded, terms))
    if len(core.split()) > FEW and not _has(above, terms[0]):
        return directive
    if prefix := _words_before(left + lead):
        return f"{_encoded(prefix)}-,{directive}"
    if len(terms) == 1 and (suffix := _words_after(tail + right)):
        return f"{directive},-{_encoded(suffix)}"
    return directive


def _terms(core: str, above: str) -> list[str]:
    """Return one term, or the first and the last words if the words are many or cross the border of a block.

    Many words in one block stay one term if an end would match too early: the first words above the quotation, which
    would mark everything from a headline on, or the last words in the middle of it.
    """
    blocks = [" ".join(line.split()) for line in core.splitlines()]
    _, start, _ = _bare(" ".join(blocks[0].split()[:WORDS_AT_AN_END]))
    _, end, _ = _bare(" ".join(blocks[-1].split()[-WORDS_AT_AN_END:]))
    if len(blocks) > 1:
        return [start, end]
    (block,) = blocks
    inside = block[len(start) : -len(end)]
    if len(block.split()) <= LONGEST_EXACT or _has(above, start) or _has(inside, end):
        return [block]
    return [start, end]


def _bare(text: str) -> tuple[str, str, str]:
    """Split a text into what precedes its first word, its words, and what follows its last word.

    Words are matched whole, so punctuation at the ends is not needed, and outlets print it differently ("last one," and
    "last one."). A combining accent (category M) belongs to its word.
    """
    inside = [i for i, character in enumerate(text) if unicodedata.category(character)[0] in "LMN"]
    if not inside:
        return text, "", ""
    return text[: inside[0]], text[inside[0] : inside[-1] + 1], text[inside[-1] + 1 :]


def _has(text: str, term: str) -> bool:
    """Return whether a browser would find the term in the text."""
    wanted = rf"(?<!\w){re.escape(term.casefold())}(?!\w)"
    return re.search(wanted, " ".join(text.casefold().split())) is not None


def _words_before(context: str) -> str:
    """Return the last words of a context with their punctuation; empty if its last line has no word."""
    line = context.rpartition("\n")[2]
    _, core, tail = _bare(" ".join(line.split()[-WORDS_AROUND:]))
    return core + tail if core else ""


def _words_after(context: str) -> str:
    """Return the first words of a context with their punctuation; empty if its first line has no word."""
    line = context.partition("\n")[0]
    lead, core, _ = _bare(" ".join(line.split()[:WORDS_AROUND]))
    return lead + core if core else ""


def _encoded(term: str) -> str:
    """Return a term percent-encoded, with its hyphens: hyphen, comma and `&` have a meaning in a directive."""
    return quote(term, safe="", errors="replace").replace("-", "%2D")
