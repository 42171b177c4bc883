"""Which sightings are the same words, said once? Compare, find links, cluster, keep names. Pure.

A link is judged by eight features of two wordings, their speakers and their days, weighed by a logistic regression
(`fit/links.py` makes `link_weights.json`). What is linked although a "not", a number or a modal differs says so in
the link's flags. Embeddings have no part in it: they put "will" beside "will not" at .97.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import combinations, islice, product
from operator import mul
from typing import NamedTuple, TypeVar

from rapidfuzz.distance import LCSseq

from quotetrack.model import Link, LinkKind, Sighting, Utterance
from quotetrack.text import normalise

LINKER = "link-1"

SHORTEST_FREE = 5  # words: "we will win" is said every day, so fewer need the same speaker and close dates
LONGEST_TITLE = 8  # words, all that count with a capital: the name of a show, a law or a campaign is a phrase too
CLOSE = 7  # days between the publications of one phrase
CLOSE_UNNAMED = 2  # days, where one of the two is not named: .955 pair F1, against .933 if both have to be
LINKED = 0.5  # score from which two sightings are linked; .4 gives the same F1, .6 loses half a point
GRAM = 3  # words: what two wordings must have in common to be compared at all
POSTINGS = 60  # wordings with one word 3-gram, or sightings of one wording: of more, the rest are not compared
INFORMATION_CAP = 30.0  # nats: ten rare words; a longer common block proves nothing more
LINKED_TO_MEMBER = 0.9  # score from which a link to a member who is not the hub will do
UNKNOWN_DAYS = 3.5  # days apart, where a sighting has no date: midway on the log scale of what is seen
LONGEST_SMALL = 4  # letters of the words that titles do not capitalise: "with", "from", "the"
CHARACTERS = 5  # of the n-grams by which spelling variants still count as contained
LONGEST_CHANGE = 6  # words: a longer gap in an aligned wording is a cut, and may leave out a "not"

Id = TypeVar("Id", bound=int | str)


class Features(NamedTuple):
    """What a score is made of. `shorter` and `longer` are the two wordings by number of words."""

    block: float  # information of the longest common run of words, in units of ten nats
    block_capped: float  # the same, at most INFORMATION_CAP
    containment: float  # share of the shorter's character n-grams that the longer has
    in_order: float  # share of the shorter's words that stand in the longer in the same order
    length: float  # log of the shorter's number of words
    speaker_agrees: float  # 0 or 1; both 0 where one of the two is not named
    speaker_conflicts: float
    days: float  # log of 1 + the days between


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over features."""

    bias: float
    weights: Features

    def score(self, found: Features) -> float:
        """How likely two sightings are one utterance, between 0 and 1."""
        total = self.bias + sum(map(mul, self.weights, found))
        return 1 / (1 + math.exp(-total))


def compare(a: Sighting, b: Sighting) -> Link | None:
    """The link between two sightings, or None: not the same words, or not on one occasion.

    The lower id is left. Wordings that share neither three words in a row nor the whole are never linked.
    """
    left, right = sorted((a, b), key=_by_id)
    one, other = _read(a.words), _read(b.words)
    return _link(left, right, _Overlap(one, other), _fitted()) if one.keys & other.keys else None


def features(a: Sighting, b: Sighting) -> Features:
    """The reason for a score, and what the weights are fitted on."""
    return _features(a, b, _Overlap(_read(a.words), _read(b.words)))


def find_links(sightings: Sequence[Sighting], weights: Weights | None = None) -> list[Link]:
    """All links among sightings, by left and right id: what `compare` says of every pair, found without all pairs.

    The order of arrival does not matter. Beyond POSTINGS wordings with the same three words, those three words
    lead nowhere; beyond POSTINGS sightings of one wording, each is compared with the first POSTINGS of the others.
    `weights` are those of `fit/links.py` on trial, else the fitted ones. Raises ValueError where two sightings have
    one id.
    """
    _refuse_twins(sightings)
    wordings: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in hub_order(sightings):
        wordings[sighting.words].append(sighting)
    weights = weights or _fitted()
    links = []
    for one, other in _candidates({words: _read(words) for words in wordings}):
        overlap = _Overlap(one, other)
        for a, b in _pairs(wordings[one.words], wordings[other.words]):
            if link := _link(a, b, overlap, weights):
                links.append(link)
    return sorted(links, key=lambda link: (_id_key(link.left), _id_key(link.right)))


def hub_order(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Fullest first, as `cluster` wants the ids. Of equals the earliest published, then the lowest id."""
    return sorted(sightings, key=lambda s: (-len(_read(s.words).tokens), str(s.published_on or "~"), _id_key(s.id)))


def apart_by_day(sightings: Iterable[Sighting], links: Iterable[Link]) -> list[tuple[int | str, int | str, bool]]:
    """Judgements "different" for `cluster`: the sightings that links, over others, might join across stated days.

    An undated copy of a stump line is linked to every occasion of it; it may go with one, and not join two.
    """
    by_id = {sighting.id: sighting for sighting in sightings}
    together = _atoms(list(by_id), ((link.left, link.right) for link in links), {})
    return [
        (a.id, b.id, False)
        for ids in together
        for a, b in combinations([by_id[i] for i in ids if by_id[i].said.is_stated()], 2)
        if not _one_occasion(a, b)
    ]


def cluster(
    ids: Sequence[Id], links: Iterable[Link], judgements: Iterable[tuple[Id, Id, bool]] = ()
) -> list[frozenset[Id]]:
    """Star cover: each id, in the order given (see `hub_order`), joins the hub with its best link, or is a hub itself.

    Short pieces therefore chain nothing together: what is in a cluster is linked to its hub, or all but surely to
    another member (two outlets that print overlapping halves of one answer).

    Judgements (id, id, are they the same) come first: "same" joins whatever the score, "different" refuses every
    union that would bring the two together, also one that a "same" asks for. Clusters come in the order of their hubs.
    """
    judged = list(judgements)
    apart: dict[Id, set[Id]] = defaultdict(set)
    for left, right, same in judged:
        if not same:
            apart[left].add(right)
            apart[right].add(left)
    ends = _scores_by_end(links)
    stars: list[set[Id]] = []
    star_of: dict[int | str, int] = {}  # id -> its place in stars
    hubs: set[int | str] = set()
    for atom in _atoms(ids, [(left, right) for left, right, same in judged if same], apart):
        choice = (star for star in _stars_for(atom, ends, star_of, hubs) if not _kept_apart(atom, stars[star], apart))
        star = next(choice, len(stars))
        if star == len(stars):
            stars.append(set())
            hubs |= atom
        stars[star] |= atom
        star_of |= dict.fromkeys(atom, star)
    return [frozenset(star) for star in stars]


def keep_names(clusters: Sequence[frozenset[int]], named: Mapping[int, int]) -> tuple[list[int | None], dict[int, int]]:
    """The utterance id of each cluster, and where absorbed ids lead, when quotations are clustered afresh.

    `named` is quotation id -> the utterance id that it had. A cluster keeps the id that most of its members hold
    (of equals the lowest); an id that two clusters want goes to the one in which more members hold it, and the
    other keeps the next that it holds, if it is free. None: mint one. Every id that a member held is afterwards
    either some cluster's or redirected to one.
    """
    claims = [
        (-count, name, min(members), place)
        for place, members in enumerate(clusters)
        for name, count in Counter(named[member] for member in members if member in named).items()
    ]
    kept: dict[int, int] = {}
    taken: set[int] = set()
    for _, name, _, place in sorted(claims):
        if place not in kept and name not in taken:
            kept[place] = name
            taken.add(name)
    redirects: dict[int, int] = {}
    for _, name, _, place in sorted(claims):
        if name not in taken:  # then its cluster had a better one, for else it would have taken this
            redirects.setdefault(name, kept[place])
    return [kept.get(place) for place in range(len(clusters))], redirects


def link_sightings(sightings: Sequence[Sighting]) -> list[Utterance]:
    """Sightings from anywhere as utterances, numbered from 1 in the order of their lowest sighting id.

    Each holds its sightings from the earliest published to the latest, those without a date last.
    """
    by_id = {sighting.id: sighting for sighting in sightings}
    links = find_links(sightings)
    found = cluster([s.id for s in hub_order(sightings)], links, apart_by_day(sightings, links))
    groups = sorted((sorted(group, key=_id_key) for group in found), key=lambda group: _id_key(group[0]))
    return [
        Utterance(number, tuple(sorted((by_id[i] for i in group), key=lambda s: str(s.published_on or "~"))))
        for number, group in enumerate(groups, start=1)
    ]


# Candidates


def _refuse_twins(sightings: Sequence[Sighting]) -> None:
    twice = [i for i, count in Counter(s.id for s in sightings).items() if count > 1]
    if twice:
        raise ValueError(f"two sightings have one id: {twice[0]!r}")


def _candidates(wordings: Mapping[str, _Wording]) -> Iterator[tuple[_Wording, _Wording]]:
    """Each wording with itself, then every two that share a key, once."""
    postings: dict[str, list[str]] = defaultdict(list)
    for words, wording in wordings.items():
        yield wording, wording
        for key in wording.keys:
            postings[key].append(words)
    together = {
        (a, b) if a < b else (b, a)
        for posting in postings.values()
        if len(posting) <= POSTINGS
        for a, b in combinations(posting, 2)
    }
    for one, other in together:
        yield wordings[one], wordings[other]


def _pairs(ones: Sequence[Sighting], others: Sequence[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    """Every two sightings of two wordings (or of one), the lower id first; of many, those with the first few."""
    if ones is others:
        found: Iterable[tuple[Sighting, Sighting]] = (
            (a, b) for place, a in enumerate(islice(ones, POSTINGS)) for b in ones[place + 1 :]
        )
    else:
        late = ((a, b) for a in ones[POSTINGS:] for b in others[:POSTINGS])
        found = (*product(ones[:POSTINGS], others), *late)
    for a, b in found:
        yield (a, b) if _by_id(a) < _by_id(b) else (b, a)


# One pair


def _link(left: Sighting, right: Sighting, overlap: _Overlap, weights: Weights) -> Link | None:
    if not _one_occasion(left, right):
        return None
    if overlap.is_a_phrase and not (overlap.is_contained and _said_together(left, right)):
        return None
    score = weights.score(_features(left, right, overlap))
    return Link(left.id, right.id, overlap.kind, round(score, 4), overlap.flags) if score >= LINKED else None


def _one_occasion(a: Sighting, b: Sighting) -> bool:
    """Only two stated days can speak against it; what is implied is evidence for the score."""
    return not (a.said.is_stated() and b.said.is_stated()) or a.said.may_be(b.said)


def _said_together(a: Sighting, b: Sighting) -> bool:
    """By one speaker within a week; where an article does not name the speaker, within two days."""
    agrees, conflicts = _speakers(a, b)
    days = _days_between(a, b)
    return not conflicts and days is not None and days <= (CLOSE if agrees else CLOSE_UNNAMED)


def _features(a: Sighting, b: Sighting, overlap: _Overlap) -> Features:
    agrees, conflicts = _speakers(a, b)
    days = _days_between(a, b)
    return Features(
        block=overlap.block / 10,
        block_capped=min(overlap.block, INFORMATION_CAP) / 10,
        containment=overlap.containment,
        in_order=overlap.in_order,
        length=math.log(overlap.shorter_length or 1),
        speaker_agrees=float(agrees),
        speaker_conflicts=float(conflicts),
        days=math.log1p(UNKNOWN_DAYS if days is None else days),
    )


def _days_between(a: Sighting, b: Sighting) -> int | None:
    """Between the publications; none where both state days that may be the same, None where one has no date."""
    if a.said.is_stated() and b.said.is_stated():
        return 0
    if a.published_on is None or b.published_on is None:
        return None
    return abs((a.published_on - b.published_on).days)


_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def _speakers(a: Sighting, b: Sighting) -> tuple[bool, bool]:
    """Do the names agree, do they conflict? Both false where one is not given."""
    one, other = _name(a.speaker), _name(b.speaker)
    if not one or not other:
        return False, False
    agree = one[-1] == other[-1] and _first_names_agree(one[:-1], other[:-1])
    return agree, not agree


def _first_names_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """A missing one, an initial and a title agree with anything; "Hillary" and "Bill" do not."""
    return not one or not other or bool(set(one) & set(other)) or one[0][0] == other[0][0]


@lru_cache(maxsize=65536)
def _name(speaker: str | None) -> tuple[str, ...]:
    return tuple(word for word in normalise(speaker or "").split() if word not in _SUFFIXES)


# Two wordings


@dataclass(frozen=True, slots=True)
class _Wording:
    """Words as they are compared: contractions opened, numbers in digits, the pieces between edit marks apart."""

    words: str
    plain: str
    tokens: tuple[str, ...]
    pieces: tuple[tuple[str, ...], ...]
    keys: frozenset[str]


@lru_cache(maxsize=65536)
def _read(words: str) -> _Wording:
    pieces = tuple(piece for part in _EDIT.split(words) if (piece := tokens_of(part)))
    tokens = tuple(token for piece in pieces for token in piece)
    grams = (" ".join(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1))
    return _Wording(words, normalise(words), tokens, pieces, frozenset((" ".join(tokens), *grams)) - {""})


class _Overlap:
    """What two wordings have in common, whoever said them: worked out once for all their sightings."""

    def __init__(self, one: _Wording, other: _Wording) -> None:
        # Of two of one length either may be called the shorter: by text, so that the order of arrival is nothing.
        self._shorter, self._longer = sorted((one, other), key=lambda w: (len(w.tokens), w.plain, w.words))
        self.shorter_length = len(self._shorter.tokens)
        self.is_a_phrase = self.shorter_length < SHORTEST_FREE or _is_title(self._shorter.words)

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
        if self._shorter.plain == self._longer.plain:
            return LinkKind.EXACT
        return LinkKind.CONTAINED if self.is_contained else LinkKind.REWORDED

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What differs where the two stand side by side: "not", "number", "modal"."""
        return () if self.kind is not LinkKind.REWORDED else _flags(self._shorter.tokens, self._longer.tokens)


def _is_title(words: str) -> bool:
    """Whether every word but the small ones has a capital, as in the name of a show."""
    counted = [word for word in words.split() if len(word) > LONGEST_SMALL]
    return len(words.split()) <= LONGEST_TITLE and len(counted) > 1 and all(word[0].isupper() for word in counted)


def _heaviest_block(short: Sequence[str], long: Sequence[str]) -> float:
    """The information, in nats, of the run of words in both that has most of it."""
    listed, unlisted = _information()
    places: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(long):
        places[token].append(place)
    best = 0.0
    ending_at: dict[int, float] = {}
    for token in short:
        weight = listed.get(token, unlisted)
        ending_at = {place: ending_at.get(place - 1, 0.0) + weight for place in places.get(token, ())}
        best = max(best, *ending_at.values(), 0.0)
    return best


def _containment(short: str, long: str) -> float:
    wanted = {short[i : i + CHARACTERS] for i in range(max(1, len(short) - CHARACTERS + 1))}
    return sum(map(long.__contains__, wanted)) / len(wanted)


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


def _flags(short: Sequence[str], long: Sequence[str]) -> tuple[str, ...]:
    changes = list(_changes(short, long))
    found = {
        "not": any(_NEGATIONS.isdisjoint(one) != _NEGATIONS.isdisjoint(other) for one, other in changes),
        "number": any(_numbers(one) != _numbers(other) for one, other in changes),
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
    return tuple(_in_digits(opened.split()))


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


# The fitted model

_FITTED = "link_weights.json"


@lru_cache(maxsize=1)
def _fitted() -> Weights:
    stored = json.loads(files("quotetrack").joinpath(_FITTED).read_text(encoding="utf-8"))
    return Weights(stored["bias"], Features(**stored["weights"]))


@lru_cache(maxsize=1)
def _information() -> tuple[Mapping[str, float], float]:
    """What each listed word tells, and what any other does, in nats: how seldom an article has it."""
    stored = json.loads(files("quotetrack").joinpath(_FITTED).read_text(encoding="utf-8"))
    listed = {word: float(nats) for nats, words in stored["information"].items() for word in words.split()}
    return listed, stored["information_of_unlisted"]


def forget_fitted() -> None:
    """Read the fitted file again when it is next needed: for the job that writes it."""
    _fitted.cache_clear()
    _information.cache_clear()


# Clusters and order


def _id_key(sighting_id: int | str) -> tuple[bool, int, str]:
    """Numbers in their order, then texts in theirs."""
    return (False, sighting_id, "") if isinstance(sighting_id, int) else (True, 0, sighting_id)


def _by_id(sighting: Sighting) -> tuple[bool, int, str]:
    return _id_key(sighting.id)


def _atoms(ids: Sequence[Id], same: Iterable[tuple[Id, Id]], apart: Mapping[Id, set[Id]]) -> Iterator[set[Id]]:
    """What the pairs hold together, in the order of the first of each; mostly one id alone."""
    atom_of = {each: {each} for each in ids}
    for left, right in same:
        if left not in atom_of or right not in atom_of or atom_of[left] is atom_of[right]:
            continue
        if not _kept_apart(atom_of[left], atom_of[right], apart):
            joined = atom_of[left] | atom_of[right]
            atom_of |= dict.fromkeys(joined, joined)
    done: set[Id] = set()
    for each in ids:
        if each not in done:
            done |= atom_of[each]
            yield atom_of[each]


def _kept_apart(one: Iterable[Id], other: set[Id], apart: Mapping[Id, set[Id]]) -> bool:
    return any(not apart[each].isdisjoint(other) for each in one if each in apart)


def _scores_by_end(links: Iterable[Link]) -> dict[int | str, list[tuple[int | str, float]]]:
    ends: dict[int | str, list[tuple[int | str, float]]] = defaultdict(list)
    for link in links:
        ends[link.left].append((link.right, link.score))
        ends[link.right].append((link.left, link.score))
    return ends


def _stars_for(
    atom: Iterable[Id],
    ends: Mapping[int | str, list[tuple[int | str, float]]],
    star_of: Mapping[int | str, int],
    hubs: set[int | str],
) -> list[int]:
    """The stars that the atom may join, the best first: by its link to a hub, then by one to another member."""
    best: dict[int, tuple[bool, float]] = {}
    for each in atom:
        for other, score in ends.get(each, ()):
            if other in hubs or (other in star_of and score >= LINKED_TO_MEMBER):
                star = star_of[other]
                best[star] = max(best.get(star, (False, 0.0)), (other in hubs, score))
    return sorted(best, key=lambda star: (not best[star][0], -best[star][1], star))
