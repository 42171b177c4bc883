"""Words as the linker compares them, what two wordings have in common, and what differs in them. Pure.

`link.py` weighs what is found here. Word n-grams are hashed, so that a store can look them up by number.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from hashlib import blake2b
from importlib.resources import files

from rapidfuzz.distance import LCSseq, Levenshtein

from quotetrack.core.domain import LinkKind
from quotetrack.core.normalize import normalise

GRAM = 3  # words: what two wordings must have in common to be compared at all
SHORTEST_FREE = 5  # words: "we will win" is said every day, so fewer need the same speaker and close dates
LONGEST_TITLE = 8  # words, all that count with a capital: the name of a show, a law or a campaign is a phrase too
LONGEST_SMALL = 4  # letters of the words that titles do not capitalise: "with", "from", "the"
CHARACTERS = 5  # of the n-grams by which spelling variants still count as contained
LONGEST_CHANGE = 6  # words: a longer gap in an aligned wording is a cut, and may leave out a "not"
REMEMBERED = 8_192  # wordings, of some 7 KB each by the growth of a long night, which links 5,000 at a time
REMEMBERED_TOKENS = 32_768
SMALL_SHARE = 1 / 3  # of the words without a capital, below which capitals tell nothing: a headline, or shouting
SPELLED_ALIKE = 0.3  # edits a letter, up to which two names are one name spelled twice

FITTED = "links.json"


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Words as they are compared: contractions opened, numbers in digits, the pieces between edit marks apart.

    Two prints that no comparison can tell apart have one `id`, a hash of 64 bits. `grams` are the hashes of every
    GRAM words in a row and of the whole: without one in common, two wordings are never linked.
    """

    id: int
    words: str
    plain: str
    tokens: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    is_phrase: bool
    grams: frozenset[int]


@lru_cache(maxsize=REMEMBERED)
def read_wording(words: str) -> Wording:
    """The wording of words as printed."""
    pieces = tuple(piece for part in _EDIT.split(words) if (piece := tokens_of(part)))
    tokens = tuple(token for piece in pieces for token in piece)
    plain, is_phrase = normalise(words), len(tokens) < SHORTEST_FREE or _is_title(words)
    names = " ".join(sorted(names_in(words)))
    told = "\0".join((plain, " ".join(tokens), "|".join(map(" ".join, pieces)), str(is_phrase), names))
    return Wording(_hash(told), words, plain, tokens, pieces, is_phrase, _grams(tokens))


def first_look(tokens: str) -> Wording:
    """A wording by its tokens alone: enough to turn a candidate down (`link.may_link`), not to link it."""
    return Wording(0, tokens, tokens, tuple(tokens.split()), (), False, frozenset())


def _grams(tokens: Sequence[str]) -> frozenset[int]:
    if not tokens:
        return frozenset()
    hashed = [_hash(token) for token in tokens]
    grams = {_mixed(hashed[i : i + GRAM]) for i in range(len(hashed) - GRAM + 1)}
    return frozenset({_mixed([len(hashed), *hashed]), *grams})


_FACTOR, _MASK, _SIGN = 0x9E3779B97F4A7C15, 2**64 - 1, 2**63


def _mixed(hashes: Iterable[int]) -> int:
    """One hash of several, in 64 bits with a sign, as databases keep integers."""
    mixed = 0
    for each in hashes:
        mixed = (mixed ^ (mixed >> 29)) * _FACTOR + each & _MASK
    return mixed - 2**64 if mixed & _SIGN else mixed


@lru_cache(maxsize=REMEMBERED_TOKENS)
def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _is_title(words: str) -> bool:
    """Whether every word but the small ones has a capital, as in the name of a show."""
    counted = [word for word in words.split() if len(word) > LONGEST_SMALL]
    return len(words.split()) <= LONGEST_TITLE and len(counted) > 1 and all(word[0].isupper() for word in counted)


# What two wordings have in common


class Overlap:
    """What two wordings have in common, whoever said them: worked out once for all their sightings."""

    def __init__(self, one: Wording, other: Wording) -> None:
        # Of two of one length either may be called the shorter: by text, so that the order of arrival is nothing.
        self._shorter, self._longer = sorted((one, other), key=lambda w: (len(w.tokens), w.plain, w.words))
        self.shorter_length = len(self._shorter.tokens)
        self.is_of_one_length = self.shorter_length == len(self._longer.tokens)
        self.is_a_phrase = self._shorter.is_phrase

    @cached_property
    def block(self) -> float:
        """The information, in nats, of the heaviest run of words in both."""
        return _heaviest_block(self._shorter.tokens, self._longer.tokens)

    @cached_property
    def containment(self) -> float:
        """The share of the shorter's character n-grams that the longer has."""
        return _containment(" ".join(self._shorter.tokens), " ".join(self._longer.tokens))

    @cached_property
    def in_order(self) -> float:
        """The share of the shorter's words that stand in the longer in the same order."""
        short, long = self._shorter.tokens, self._longer.tokens
        return LCSseq.similarity(short, long) / len(short) if short else 0.0

    @cached_property
    def is_contained(self) -> bool:
        """Whether the shorter's pieces stand whole in the longer, in order."""
        return _stand_within(self._shorter.pieces, self._longer.tokens)

    @cached_property
    def kind(self) -> LinkKind:
        """In which way they are the same words, if they are."""
        if self._shorter.plain == self._longer.plain:
            return LinkKind.EXACT
        return LinkKind.CONTAINED if self.is_contained else LinkKind.REWORDED

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What differs where the two stand side by side: "not", "number", "name", "modal"."""
        return () if self.kind is not LinkKind.REWORDED else _flags(self._shorter, self._longer)


def _heaviest_block(short: Sequence[str], long: Sequence[str]) -> float:
    """The information, in nats, of the run of words in both that has most of it."""
    listed, unlisted = _information()
    places: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(long):
        places[token].append(place)
    best = 0.0
    ending_at: dict[int, float] = {}
    for token in short:
        if token not in places:
            ending_at = {}
            continue
        weight = listed.get(token, unlisted)
        ending_at = {place: ending_at.get(place - 1, 0.0) + weight for place in places[token]}
        best = max(best, *ending_at.values())
    return best


def _containment(short: str, long: str) -> float:
    if len(long) < CHARACTERS:
        return float(short in long)
    wanted = _n_grams(short)
    return len(wanted & _n_grams(long)) / len(wanted) if len(short) >= CHARACTERS else float(short in long)


@lru_cache(maxsize=256)  # the wordings that are compared with many others, one after the other
def _n_grams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + CHARACTERS] for i in range(len(text) - CHARACTERS + 1))


def _stand_within(pieces: Iterable[Sequence[str]], tokens: Sequence[str]) -> bool:
    start = 0
    for piece in pieces:
        width = len(piece)
        found = (i for i in range(start, len(tokens) - width + 1) if tokens[i : i + width] == piece)
        place = next(found, None)
        if place is None:
            return False
        start = place + width
    return True


# What differs

_NEGATIONS = frozenset(["not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "nowhere", "without"])
_MODALS = frozenset(["will", "would", "shall", "should", "can", "could", "may", "might", "must"])


def differences(one: str, other: str) -> tuple[str, ...]:
    """What differs in two wordings of the same words: of "not", "number", "name" and "modal" what there is."""
    return Overlap(read_wording(one), read_wording(other)).flags


def _flags(short: Wording, long: Wording) -> tuple[str, ...]:
    changes = list(_changes(short.tokens, long.tokens))
    names_of = _names_of(short, long) if any(one and other for one, other in changes) else (frozenset(), frozenset())
    found = {
        "not": any(_NEGATIONS.isdisjoint(one) != _NEGATIONS.isdisjoint(other) for one, other in changes),
        "number": any(_numbers(one) != _numbers(other) for one, other in changes),
        "name": any(_is_another_name(one, other, *names_of) for one, other in changes),
        "modal": any(_is_another(_MODALS.intersection(one), _MODALS.intersection(other)) for one, other in changes),
    }
    return tuple(flag for flag, is_so in found.items() if is_so)


def _changes(short: Sequence[str], long: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Where the two differ side by side: the shorter's words and the longer's, either may be none.

    What the longer has before and after the shorter, and what a long gap leaves out, is no difference.
    """
    steps = SequenceMatcher(None, short, long, autojunk=False).get_opcodes()
    for place, (step, i, j, k, m) in enumerate(steps):
        if step == "equal":
            continue
        one, other = short[i:j], long[k:m]
        beside = len(one) + 1 if one else 0  # at an edge: as many of the longer's words as the shorter has there
        if place == 0:
            other = long[max(k, m - beside) : m]
        elif place == len(steps) - 1:
            other = long[k : min(m, k + beside)]
        if max(len(one), len(other)) <= LONGEST_CHANGE:
            yield one, other


def _numbers(tokens: Iterable[str]) -> set[str]:
    """Without one: "one", "a" and "the" stand for each other."""
    return {token for token in tokens if any(c.isdigit() for c in token)} - {"1"}


def _is_another(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one != other


# Names

# Before a name, or in its place: "the Senator" for "Senator Marek" is no other name.
_TITLES = frozenset(
    "mr mrs ms miss dr prof sir dame lord lady sen senator senators gov governor rep representative congressman "
    "congresswoman president vice secretary minister prime chancellor chairman chairwoman chair judge justice general "
    "gen col colonel captain king queen prince princess pope mayor director speaker ambassador jr sr".split()
)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'“”‘’)\]]*$")
_PRINTED_WORD = re.compile(r"[^\s/—–]+")


def names_in(words: str) -> frozenset[str]:
    """The words, as they are compared, that have a capital because they are names.

    Where a sentence begins every word has one: there only a word that is written with a capital elsewhere as well is
    a name, or one so rare that it is not listed. Where all words have a capital nothing can be told, but by the list.
    """
    listed, _ = _information()
    capitals = known_names()
    printed = [(found[0], found.start()) for found in _PRINTED_WORD.finditer(words)]
    small = sum(word.lstrip("“”‘’\"'[(")[:1].islower() for word, _ in printed)
    says_nothing = small < SMALL_SHARE * len(printed)
    names: set[str] = set()
    is_first = True
    for word, _ in printed:
        bare = word.strip("“”‘’\"'[](),.;:!?…")
        for token in normalise(bare).split() if bare[:1].isupper() else ():
            token = _without_s(token)
            is_rare = token not in listed and not says_nothing
            if token in _TITLES or len(token) < 2 or any(c.isdigit() for c in token) or "'" in token:
                continue
            if token in capitals or is_rare or not (is_first or says_nothing):
                names.add(token)
        is_first = bool(_SENTENCE_END.search(word)) and not _is_abbreviation(word)
    return frozenset(names)


def _is_abbreviation(word: str) -> bool:
    return word.endswith(".") and (len(word) <= 3 or word.casefold().rstrip(".") in _TITLES)


def _without_s(token: str) -> str:
    return token.removesuffix("'s").removesuffix("'")


def _names_of(short: Wording, long: Wording) -> tuple[frozenset[str], frozenset[str]]:
    return names_in(short.words), names_in(long.words)


def _is_another_name(
    one: Sequence[str], other: Sequence[str], names: frozenset[str], other_names: frozenset[str]
) -> bool:
    """Whether a name stands in the place of another: not a title, a spelling, a first name added, or initials."""
    ones = [bare for token in one if (bare := _without_s(token)) in names]
    others = [bare for token in other if (bare := _without_s(token)) in other_names]
    if not ones or not others:
        return False
    if _initials(one) == "".join(map(_without_s, other)) or _initials(other) == "".join(map(_without_s, one)):
        return False
    return not any(_is_spelled_alike(a, b) for a in ones for b in others)


def _initials(tokens: Sequence[str]) -> str:
    return "".join(token[0] for token in tokens)


def _is_spelled_alike(one: str, other: str) -> bool:
    """Equal, a spelling or a derived form ("Varland", "Varlandian"), or a mishearing of a letter or two."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) > LONGEST_SMALL and longer.startswith(shorter[:-1]):
        return True
    return Levenshtein.distance(one, other) <= SPELLED_ALIKE * len(shorter)


# Words as they are compared

_EDIT = re.compile(r"\[\s*(?:…|\.\.\.|\. \. \.)\s*\]|…|\.{3,}|\. \. \.")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")
_IRREGULAR = {
    "won't": "will not",
    "wont": "will not",
    "can't": "can not",
    "cannot": "can not",
    "shan't": "shall not",
    "ain't": "is not",
    "gonna": "going to",
    "wanna": "want to",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "he's": "he is",
    "she's": "she is",
    "what's": "what is",
    "who's": "who is",
    "i'm": "i am",
}
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"))
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {word: number for number, word in enumerate(f"{_UNITS} {_TEENS}".split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}


def tokens_of(words: str) -> tuple[str, ...]:
    """Words as they are compared: normalised, contractions opened, numbers in digits."""
    plain = normalise(_DECIMALS.sub("point", _THOUSANDS.sub("", words))).replace("per cent", "percent")
    opened = " ".join(_open(token) for token in plain.split())
    return tuple(map(sys.intern, _in_digits(opened.split())))


def _open(token: str) -> str:
    """A contraction as the words it stands for, so that "won't" and "will not" are the same words."""
    if token in _IRREGULAR:
        return _IRREGULAR[token]
    for ending, word in _ENDINGS:
        if token.endswith(ending):
            return token.removesuffix(ending) + word
    return token.lstrip("$€£").replace("%", " percent")


def _in_digits(tokens: Sequence[str]) -> Iterator[str]:
    """Number words up to ninety-nine as digits; millions stay words."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token in _TENS:
            unit = _SMALL.get(tokens[place], 0) if place < len(tokens) else 0
            is_pair = 1 <= unit <= 9
            yield str(_TENS[token] + (unit if is_pair else 0))
            place += is_pair
        else:
            yield str(_SMALL[token]) if token in _SMALL else token


# What the fitted file tells of words


@lru_cache(maxsize=1)
def _information() -> tuple[Mapping[str, float], float]:
    """What each listed word tells, and what any other does, in nats: how seldom an article has it."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    listed = {word: float(nats) for nats, words in stored["information"].items() for word in words.split()}
    return listed, stored["information_of_unlisted"]


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """The listed words that are nearly always written with a capital."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    return frozenset(stored["names"].split())


def forget_words() -> None:
    """Read the fitted file again when it is next needed: for the job that writes it."""
    _information.cache_clear()
    known_names.cache_clear()
    read_wording.cache_clear()
