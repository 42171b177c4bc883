"""Find runs of capitalised words that may be names. Characters only, over the whole text, parsed or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quotetrack.core.domain import Span
from quotetrack.extract.entities.given_names import is_given
from quotetrack.extract.entities.titles import roles_before, roles_behind, titles
from quotetrack.lang import sections
from quotetrack.lang.en.name_words import ADDRESS, HONOURS, INITIAL, POSSESSIVE, RUN, SUFFIX

# Letters of a word, its stop included, above which the stop ends a sentence: shorter ones are abbreviations.
LONGEST_ABBREVIATION = 4

_WORD = re.compile(r"[^ \xa0]+")
_NICKNAME_MARKS = '"“'


@dataclass(frozen=True, slots=True)
class CapitalisedRun:
    """A run of capitalised words that may be a name: titles before it and a possessive behind are taken off."""

    start: int
    end: int
    words: tuple[str, ...]
    is_titled: bool
    gender: str | None
    roles: frozenset[str]
    is_owner: bool
    formal: tuple[str, ...] = ()  # of Robert “Bobby” Lee, with the words Bobby Lee, this is Robert Lee

    @property
    def name(self) -> str:
        """Return the words, joined."""
        return " ".join(self.words)


class _PlacedWord(NamedTuple):
    text: str
    start: int


class _Title(NamedTuple):
    """The titles at the beginning of a run; `words` counts the words up to the last of them."""

    words: int
    gender: str | None
    roles: set[str]


def words_of(section: str) -> frozenset[str]:
    """Return the words of one section of `names.txt`."""
    return frozenset(word for line in sections("names.txt")[section] for word in line.split())


PARTICLES = words_of("particle")
NOT_NAMES = words_of("not_name")


def runs_in(text: str, stretches: Iterable[Span]) -> list[CapitalisedRun]:
    """Return the runs of some stretches of a text, in order."""
    return [
        run
        for stretch in stretches
        for match in RUN.finditer(text, stretch.start, stretch.end)
        for run in _split(text, match.start(), match[0])
    ]


def bare_name(words: str) -> str:
    """Return a name without possessive, suffix and marks at its ends."""
    return SUFFIX.sub("", POSSESSIVE.sub("", words.strip(' ,.;:\xa0"“”'))).strip(" ,.")


def _split(text: str, start: int, printed: str) -> Iterator[CapitalisedRun]:
    """Yield the names in capitalised words that begin at `start`: a possessive or a sentence ends a name."""
    words: list[_PlacedWord] = []
    for match in _WORD.finditer(printed):
        word = match[0]
        words.append(_PlacedWord(word, start + match.start()))
        is_possessive = POSSESSIVE.search(word) and len(word) > 2
        if is_possessive or _ends_sentence(word):
            yield from _run(text, words)
            words = []
    yield from _run(text, words)


def _ends_sentence(word: str) -> bool:
    return word.endswith(".") and len(word) > LONGEST_ABBREVIATION and word.lower().strip(".") not in titles()


def _run(text: str, words: Sequence[_PlacedWord]) -> Iterator[CapitalisedRun]:
    """Yield the name in some words, if they hold one."""
    title = _title_of(words)
    is_titled = title.words > 0
    printed = _without_small_words(words[title.words :], is_titled)
    kept = _called(printed)
    if not kept or (len(kept) == 1 and not is_titled and kept[0].text.lower().strip(".") in titles()):
        return
    last = kept[-1]
    end = last.start + len(last.text)
    bare = [plain for word, _ in kept if (plain := word if INITIAL.match(word) else bare_name(word))]
    while len(bare) > 2 and bare[-1] in HONOURS:
        bare.pop()
    if bare:
        roles = frozenset(title.roles | roles_before(text, words[0].start) | roles_behind(text, end))
        is_owner = bool(POSSESSIVE.search(last.text))
        yield CapitalisedRun(
            printed[0].start, end, tuple(bare), is_titled, title.gender, roles, is_owner, _formal(printed)
        )


def _title_of(words: Sequence[_PlacedWord]) -> _Title:
    """Return the titles before a name; one at the very end of the words is no title of a name."""
    roles: set[str] = set()
    gender, count = None, 0
    for index, word in enumerate(words[:-1]):
        plain = word.text.lower().strip(".,")
        if plain in titles():
            count = index + 1
            gender = ADDRESS.get(plain, gender)
            roles |= {titles()[plain]} - {""}
    return _Title(count, gender, roles)


def _without_small_words(words: Sequence[_PlacedWord], is_titled: bool) -> list[_PlacedWord]:
    """Return a name without small words before it ("On Monday Ann Lee") and particles behind it."""
    kept = list(words)
    while kept and not is_titled and kept[0].text.lower().strip(".’'") in NOT_NAMES:
        kept.pop(0)
    while kept and kept[-1].text in PARTICLES:
        kept.pop()
    return kept


def _called(words: Sequence[_PlacedWord]) -> list[_PlacedWord]:
    """Return a name without its nickname; from the nickname on where it is a given name: Robert "Bobby" Lee."""
    at = _nickname_in(words)
    if at is None:
        return list(words)
    return list(words[at:]) if is_given(bare_name(words[at].text)) else [*words[:at], *words[at + 1 :]]


def _formal(words: Sequence[_PlacedWord]) -> tuple[str, ...]:
    """Return a name without its nickname, where the nickname is a given name; empty where it has no such nickname."""
    at = _nickname_in(words)
    if at is None or not is_given(bare_name(words[at].text)):
        return ()
    return tuple(bare_name(word) for word, _ in (*words[:at], *words[at + 1 :]))


def _nickname_in(words: Sequence[_PlacedWord]) -> int | None:
    return next((i for i, (word, _) in enumerate(words) if i and word[0] in _NICKNAME_MARKS), None)
