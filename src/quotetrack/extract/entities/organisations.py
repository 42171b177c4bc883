"""The organisations of an article, so that "the ministry", "the company" and "the statement" can mean one of them.

Characters only, with a parser's hints: runs of capitalised words with what belongs to them ("Ministry of Works"), kept
where a word of theirs, an acronym, or the entity recogniser says that they are no person and no place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from quotetrack.core.domain import Span
from quotetrack.extract.entities.people import (
    ORGANISATIONS,
    NamePlace,
    Person,
    acts_behind,
    bare_name,
    opens_sentence,
    speaks_beside,
    words_of,
)

LONGEST = 9  # words

_CAPITALISED = r"(?:[A-ZÀ-ÖØ-Þ][\w’'&.\-]*[\w’']|[A-ZÀ-ÖØ-Þ]\.?)"
_JOINT = r"(?:of|for|and|on|in|to|&|de|du)"
_NAME = re.compile(
    rf"(?<![\w@#/.]){_CAPITALISED}(?:[ \xa0]{_CAPITALISED})*"
    rf"(?:[ \xa0]{_JOINT}(?:[ \xa0]the)?(?:[ \xa0]{_CAPITALISED})+)*"
    r"(?:[ \xa0](?:campaign|administration|government|team|foundation|ministry|department|party|police|army)\b)?"
)
_ACRONYM = re.compile(r"[A-Z][A-Z&.\-]{1,7}[0-9]*")
_LEADING = frozenset(
    "the a an this that in on at for by from to as and but if when while after before under according "
    "monday tuesday wednesday thursday friday".split()
)
_BODIES = words_of("body")
_OWNER = re.compile(r"[’']s?$")


def organisations_of(
    text: str, body: Sequence[Span], hinted: Iterable[Span], persons: Sequence[Person]
) -> list[Person]:
    """Each organisation with the places where it is named; `hinted` is what a parser takes for one."""
    hints = Counter(_bare(span.of(text)) for span in hinted)
    personal = {word for person in persons for word in person.words}
    found: dict[str, list[NamePlace]] = {}
    for paragraph in body:
        for match in _NAME.finditer(text, paragraph.start, paragraph.end):
            for start, name in _names(match.start(), match[0]):
                if _is_organisation(name, hints, personal):
                    found.setdefault(name, []).append(_place(text, start, start + len(name)))
    return _gathered(found)


def _place(text: str, start: int, end: int) -> NamePlace:
    return NamePlace(
        start,
        end,
        is_full=" " in text[start:end],
        opens_sentence=opens_sentence(text, start),
        is_owner=bool(_OWNER.match(text[end : end + 2])),
        speaks=speaks_beside(text, start, end),
        acts=acts_behind(text, end),
    )


def _bare(name: str) -> str:
    return re.sub(r"^[Tt]he ", "", bare_name(name))


def _names(start: int, printed: str) -> Iterable[tuple[int, str]]:
    """The name in a run, without the small words of a sentence's opening; a possessive ends a name."""
    at = start
    for piece in re.split(r"(?<=[’']s)[ \xa0]|(?<=s[’'])[ \xa0]", printed):
        words = piece.split()
        first = next((i for i, word in enumerate(words) if word.lower() not in _LEADING), len(words))
        offset = sum(len(word) + 1 for word in words[:first])
        name = bare_name(" ".join(words[first:]))
        if name:
            yield at + offset, name
        at += len(piece) + 1


def _is_organisation(name: str, hints: Counter[str], personal: set[str]) -> bool:
    words = name.split()
    if len(words) > LONGEST or (len(words) <= 3 and words[-1] in personal and words[-1].lower() not in ORGANISATIONS):
        return False
    if hints[name] or (bool({w.lower() for w in words} & _BODIES) and len(words) > 1):
        return True
    return len(words) == 1 and bool(_ACRONYM.fullmatch(name)) and len(name) > 1


def _gathered(found: dict[str, list[NamePlace]]) -> list[Person]:
    """One organisation a name; a shorter form goes to the fullest name that holds all of its words or letters."""
    kept: list[Person] = []
    for name in sorted(found, key=lambda n: (-len(n.split()), found[n][0].start)):
        home = next((o for o in kept if _may_stand_for(name, o.name)), None)
        if home is None:
            home = Person(name)
            kept.append(home)
        home.places += found[name]
        home.roles |= {word.lower() for word in name.split()}
    for organisation in kept:
        organisation.places.sort(key=lambda place: place.start)
    return sorted(kept, key=lambda o: o.places[0].start)


def _may_stand_for(short: str, full: str) -> bool:
    """ "The Post" for "The Harbour Post", "FMC" for "Ferry and Marine Council"."""
    words, whole = short.split(), full.split()
    if len(words) >= len(whole):
        return False
    if len(words) == 1 and short.isupper():
        letters = "".join(word[0] for word in whole if word[0].isupper())
        return letters == short.replace(".", "")
    return set(words) <= set(whole)
