"""Which paragraphs of a text are the article? What is not (furniture) is passed over, never cut out."""

from __future__ import annotations

import re
from functools import cache

from quotetrack.core.domain import Span
from quotetrack.extract.quotes import split_paragraphs
from quotetrack.lang import lines

# A line of fewer words without a closing stop reads as a heading, or as the headline of another article.
LONGEST_HEADLINE = 25
# Headlines in a row after the last paragraph: so many are a list of other articles.
SHORTEST_LIST = 3

_GLUED = re.compile(
    r"(?:related|recommended|read more|read also|see also|watch|also read|more)\s*(?=[:|\[(‘'“\"]|[A-Z])", re.I
)
_GLUED_MARK = re.compile(
    r"(?:Related|RELATED|READ MORE|Read more|READ ALSO|Read also|SEE ALSO|See also|ALSO READ|Also read|WATCH)"
    r"[:\s|]*(?=[A-Z‘'“\"])"
)
_READING_TIME = re.compile(r"\d+\s*min(?:ute)?s?(?:\s+read)?", re.I)
_CREDIT = re.compile(r"(?:source|sources|credit|photo|image|picture|getty images)\s*[:/]", re.I)
_ENDS_SENTENCE = re.compile(r"[.!?…:;,—–-][\"”’'»)\]]*$|^[\"“‘'«].*[\"”’'»]$", re.DOTALL)
_SIGNED = re.compile(r"[\"“‘'«].*[\"”’'»]\s*[-‐–—―]")


def article_paragraphs(text: str) -> list[Span]:
    """The paragraphs of the article itself, in order: no navigation, no teasers, no list of other headlines."""
    kept = [p for p in split_paragraphs(text) if not _is_furniture(p.of(text))]
    end = _tail(text, kept)
    return [p for p in kept[:end] if not _opens_tail(p.of(text))]


def _is_furniture(line: str) -> bool:
    """A line that no article says: a button, the time it takes to read, a link to another article."""
    plain = _plain(line)
    return plain in _buttons() or bool(_READING_TIME.fullmatch(plain)) or _is_link_elsewhere(line)


def _is_link_elsewhere(line: str) -> bool:
    """ "RelatedWhy the bridge fell": the label is glued to the headline, or a colon stands between."""
    match = _GLUED_MARK.match(line)
    if match is None or len(line.split()) > LONGEST_HEADLINE or (_ends_sentence(line) and ":" not in match[0]):
        return False
    return bool(_GLUED.match(line))


def _tail(text: str, paragraphs: list[Span]) -> int:
    """The number of paragraphs before the tail of the page: labels, other headlines and their teasers."""
    end = len(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        if _opens_tail(paragraph.of(text)) and not _has_prose(text, paragraphs[index + 1 :]):
            return _above_teaser(text, paragraphs, index)
    headlines = 0
    while headlines < end and _is_headline(paragraphs[end - 1 - headlines].of(text)):
        headlines += 1
    return end - headlines if SHORTEST_LIST <= headlines < end else end


def _above_teaser(text: str, paragraphs: list[Span], end: int) -> int:
    """Directly above the label: a headline with one line below it belongs to another article."""
    if end >= 3 and _is_headline(paragraphs[end - 2].of(text)) and not _is_headline(paragraphs[end - 1].of(text)):
        return end - 2
    while end > 1 and _is_headline(paragraphs[end - 1].of(text)):
        end -= 1
    return end


def _has_prose(text: str, paragraphs: list[Span]) -> bool:
    """Whether two paragraphs of the article follow: a single one may be the teaser of another."""
    return sum(_ends_sentence(p.of(text)) and len(p.of(text).split()) > 12 for p in paragraphs) >= 2


def _opens_tail(line: str) -> bool:
    plain = _plain(line)
    return plain in _labels() or (len(plain) < 60 and bool(_CREDIT.match(plain)))


def _is_headline(line: str) -> bool:
    is_short = 3 <= len(line.split()) <= LONGEST_HEADLINE
    return is_short and not (_ends_sentence(line) or _SIGNED.match(line) or line[:1].islower())


def _ends_sentence(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line.rstrip()))


def _plain(line: str) -> str:
    return " ".join(line.lower().replace("’", "'").strip(" .:|>»›-–—•").split())


@cache
def _buttons() -> frozenset[str]:
    return frozenset(line for line in lines("furniture.txt") if not line.startswith("below:"))


@cache
def _labels() -> frozenset[str]:
    return frozenset(
        line.removeprefix("below:").strip() for line in lines("furniture.txt") if line.startswith("below:")
    )
