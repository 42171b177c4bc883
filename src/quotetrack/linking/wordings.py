"""Reduce words to the form that the linker compares, and measure what two wordings share and where they differ. Pure.

`compare.py` weighs the measurements. Word n-grams are hashed, so that a store can look them up by number.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from quotetrack.core.domain import LinkKind
from quotetrack.core.normalize import EDIT_SIGN, normalise
from quotetrack.lang.en.person_names import TITLES_IN_SPEECH
from quotetrack.lang.en.words import CONTRACTED_ENDINGS, CONTRACTIONS, NUMBERS, TENS
from quotetrack.linking.senses import changed_senses, have_other_currencies

GRAM = 3  # words in a row that two wordings must share to be compared at all
SHORTEST_FREE = 5  # words: "we will win" is said every day, so shorter wordings need the same speaker and close dates
LONGEST_TITLE = 8  # words: the name of a show, a law or a campaign is a phrase too
LONGEST_SMALL = 4  # letters of the words that titles do not capitalise: "with", "from", "the"
CHARACTERS = 5  # of the character n-grams by which spelling variants still count as contained
CACHED_WORDINGS = 8_192  # some 7 KB each, measured by the growth of a long run, which links 5,000 at a time
CACHED_TOKENS = 32_768
SMALL_SHARE = 1 / 3  # share of words without a capital, below which capitals mean nothing: a headline, or shouting

FITTED = "links.json"


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Words in the form that is compared: contractions opened, numbers in digits, split at edit signs into pieces.

    Two prints that no comparison can tell apart have one `id`, a hash of 64 bits. `grams` are the hashes of every
    GRAM words in a row and of the whole: two wordings that share none are never linked.
    """

    id: int
    words: str
    plain: str
    tokens: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    is_phrase: bool
    names: frozenset[str]
    grams: frozenset[int]


@lru_cache(maxsize=CACHED_WORDINGS)
def read_wording(words: str) -> Wording:
    """Return the wording of words as printed."""
    pieces = tuple(piece for part in EDIT_SIGN.split(words) if (piece := tokens_of(part)))
    tokens = tuple(token for piece in pieces for token in piece)
    plain, is_phrase = normalise(words), len(tokens) < SHORTEST_FREE or _is_title(words)
    names = names_in(words)
    compared = (plain, " ".join(tokens), "|".join(map(" ".join, pieces)), str(is_phrase), " ".join(sorted(names)))
    return Wording(_hash("\0".join(compared)), words, plain, tokens, pieces, is_phrase, names, _grams(tokens))


def wording_of_tokens(tokens: str) -> Wording:
    """Return a partial wording from its tokens: enough for `compare.may_be_linked`, not for a link."""
    return Wording(0, tokens, tokens, tuple(tokens.split()), (), False, frozenset(), frozenset())


def _grams(tokens: Sequence[str]) -> frozenset[int]:
    if not tokens:
        return frozenset()
    hashed = [_hash(token) for token in tokens]
    grams = {_mixed(hashed[i : i + GRAM]) for i in range(len(hashed) - GRAM + 1)}
    return frozenset({_mixed([len(hashed), *hashed]), *grams})


_FACTOR, _MASK, _SIGN = 0x9E3779B97F4A7C15, 2**64 - 1, 2**63


def _mixed(hashes: Iterable[int]) -> int:
    """Return one hash of several, a signed integer of 64 bits, the form that databases store."""
    mixed = 0
    for each in hashes:
        mixed = (mixed ^ (mixed >> 29)) * _FACTOR + each & _MASK
    return mixed - 2**64 if mixed & _SIGN else mixed


@lru_cache(maxsize=CACHED_TOKENS)
def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _is_title(words: str) -> bool:
    """Return whether every word but the small ones has a capital, as in the name of a show."""
    long_words = [word for word in words.split() if len(word) > LONGEST_SMALL]
    has_capitals = all(word[0].isupper() for word in long_words)
    return len(words.split()) <= LONGEST_TITLE and len(long_words) > 1 and has_capitals


# What two wordings share


class Overlap:
    """What two wordings share, without speakers or days: computed once for all their sightings."""

    def __init__(self, one: Wording, other: Wording) -> None:
        # Of two of one length the text decides which is the shorter, so the order of the arguments does not matter.
        self._shorter, self._longer = sorted((one, other), key=lambda w: (len(w.tokens), w.plain, w.words))
        self.shorter_length = len(self._shorter.tokens)
        self.is_of_one_length = self.shorter_length == len(self._longer.tokens)
        self.is_a_phrase = self._shorter.is_phrase

    @cached_property
    def _block(self) -> _Block:
        return _heaviest_block(self._shorter.tokens, self._longer.tokens)

    @property
    def block(self) -> float:
        """Return the information, in nats, of the heaviest run of words in both."""
        return self._block.information

    @cached_property
    def aligned(self) -> float:
        """Return the share of equal words where the two lie side by side, if the heaviest run is laid upon itself.

        It is 1 where one stands in the other, and where one ends as the other begins: overlapping halves of an answer.
        """
        return _share_side_by_side(self._shorter.tokens, self._longer.tokens, self._block)

    @cached_property
    def containment(self) -> float:
        """Return the share of the shorter's character n-grams that the longer has."""
        return _containment(" ".join(self._shorter.tokens), " ".join(self._longer.tokens))

    @cached_property
    def in_order(self) -> float:
        """Return the share of the shorter's words that stand in the longer in the same order."""
        short, long = self._shorter.tokens, self._longer.tokens
        return LCSseq.similarity(short, long) / len(short) if short else 0.0

    @cached_property
    def is_contained(self) -> bool:
        """Return whether the shorter's pieces stand whole in the longer, in order."""
        return _stand_within(self._shorter.pieces, self._longer.tokens)

    @cached_property
    def kind(self) -> LinkKind:
        """Return in which way the two are the same words, if they are."""
        if self._shorter.plain == self._longer.plain:
            return LinkKind.EXACT
        return LinkKind.CONTAINED if self.is_contained else LinkKind.REWORDED

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Return the flags of what differs in sense: see `senses.py`."""
        if self.kind is LinkKind.EXACT:
            return ()
        short, long = self._shorter, self._longer
        if self.kind is LinkKind.CONTAINED:
            return ("number",) if have_other_currencies(short.words, long.words) else ()
        flags = changed_senses(short.tokens, long.tokens, short.names, long.names)
        has_other_currency = "number" not in flags and have_other_currencies(short.words, long.words)
        return (*flags, "number") if has_other_currency else flags


class _Block(NamedTuple):
    """A run of words in both: its information, in nats, and the places behind its last word; 0 if there is none."""

    information: float
    end: int  # in the shorter
    other_end: int  # in the longer


def _heaviest_block(short: Sequence[str], long: Sequence[str]) -> _Block:
    """Return the run of words in both that has the most information; of equals the first in the shorter."""
    listed, unlisted = _information()
    shared = set(short).intersection(long)
    places: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(long):
        if token in shared:
            places[token].append(place)
    best = _Block(0.0, 0, 0)
    ending_at: dict[int, float] = {}
    for number, token in enumerate(short, start=1):
        if token not in shared:
            ending_at = {}
            continue
        weight = listed.get(token, unlisted)
        ending_at = {place: ending_at.get(place - 1, 0.0) + weight for place in places[token]}
        heaviest = max(ending_at, key=ending_at.__getitem__)
        if ending_at[heaviest] > best.information:
            best = _Block(ending_at[heaviest], number, heaviest + 1)
    return best


def _share_side_by_side(short: Sequence[str], long: Sequence[str], block: _Block) -> float:
    start, other_start = block.end, block.other_end
    while start and other_start and short[start - 1] == long[other_start - 1]:
        start, other_start = start - 1, other_start - 1
    before = min(start, other_start)
    after = min(len(short) - block.end, len(long) - block.other_end)
    equal = (
        LCSseq.similarity(short[start - before : start], long[other_start - before : other_start])
        + block.end
        - start
        + LCSseq.similarity(short[block.end : block.end + after], long[block.other_end : block.other_end + after])
    )
    side_by_side = before + block.end - start + after
    return equal / side_by_side if side_by_side else 0.0


def _containment(short: str, long: str) -> float:
    if len(long) < CHARACTERS:
        return float(short in long)
    wanted = _n_grams(short)
    return len(wanted & _n_grams(long)) / len(wanted) if len(short) >= CHARACTERS else float(short in long)


@lru_cache(maxsize=256)  # a wording is compared with many others in a row
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


def differences(one: str, other: str) -> tuple[str, ...]:
    """Return what differs in two wordings of the same words: flags of `senses.py`."""
    return Overlap(read_wording(one), read_wording(other)).flags


# Names

_SENTENCE_END = re.compile(r"[.!?…:;][\"'“”‘’)\]]*$")
_PRINTED_WORD = re.compile(r"[^\s/—–]+")


def names_in(words: str) -> frozenset[str]:
    """Return the tokens that have a capital because they are names.

    The first word of a sentence always has a capital. It counts as a name only if it is nearly always written with a
    capital, or so rare that it is not listed. Where all words have a capital, only the list of names counts.
    """
    listed, _ = _information()
    capitalised = known_names()
    printed = _PRINTED_WORD.findall(words)
    small = sum(word.lstrip("“”‘’\"'[(")[:1].islower() for word in printed)
    capitals_mean_nothing = small < SMALL_SHARE * len(printed)
    names: set[str] = set()
    is_first = True
    for word in printed:
        bare = word.strip("“”‘’\"'[](),.;:!?…")
        for token in normalise(bare).split() if bare[:1].isupper() else ():
            token = token.removesuffix("'s").removesuffix("'")
            is_rare = token not in listed and not capitals_mean_nothing
            if token in TITLES_IN_SPEECH or len(token) < 2 or any(c.isdigit() for c in token) or "'" in token:
                continue
            if token in capitalised or is_rare or not (is_first or capitals_mean_nothing):
                names.add(token)
        is_first = bool(_SENTENCE_END.search(word)) and not _is_abbreviation(word)
    return frozenset(names)


def _is_abbreviation(word: str) -> bool:
    return word.endswith(".") and (len(word) <= 3 or word.casefold().rstrip(".") in TITLES_IN_SPEECH)


# Tokens

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")


def tokens_of(words: str) -> tuple[str, ...]:
    """Return words as the tokens that are compared: normalised, contractions opened, numbers in digits."""
    plain = normalise(_DECIMALS.sub("point", _THOUSANDS.sub("", words))).replace("per cent", "percent")
    opened = " ".join(_open(token) for token in plain.split())
    return tuple(map(sys.intern, _in_digits(opened.split())))


def _open(token: str) -> str:
    """Return the words that a contraction abbreviates, so that "won't" and "will not" are the same words."""
    if token in CONTRACTIONS:
        return CONTRACTIONS[token]
    for ending, word in CONTRACTED_ENDINGS:
        if token.endswith(ending):
            return token.removesuffix(ending) + word
    return token.lstrip("$€£").replace("%", " percent")


def _in_digits(tokens: Sequence[str]) -> Iterator[str]:
    """Yield the tokens with number words up to ninety-nine as digits; "million" stays a word."""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token in TENS:
            unit = NUMBERS.get(tokens[place], 0) if place < len(tokens) else 0
            is_pair = 1 <= unit <= 9
            yield str(TENS[token] + (unit if is_pair else 0))
            place += is_pair
        else:
            yield str(NUMBERS[token]) if token in NUMBERS else token


# Words in the fitted file


@lru_cache(maxsize=1)
def _information() -> tuple[Mapping[str, float], float]:
    """Return the information of each listed word and of any other, in nats: the rarer in articles, the more."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    listed = {word: float(nats) for nats, words in stored["information"].items() for word in words.split()}
    return listed, stored["information_of_unlisted"]


def information_of(token: str) -> float:
    """Return how much a token says, in nats: the rarer it is in articles, the more."""
    listed, unlisted = _information()
    return listed.get(token, unlisted)


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Return the listed words that are nearly always written with a capital."""
    stored = json.loads(files("quotetrack.models").joinpath("weights", FITTED).read_text(encoding="utf-8"))
    return frozenset(stored["names"].split())


def clear_word_caches() -> None:
    """Read the fitted file again when it is next needed: for the job that writes it."""
    _information.cache_clear()
    known_names.cache_clear()
    read_wording.cache_clear()
