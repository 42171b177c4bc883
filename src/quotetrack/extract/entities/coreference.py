"""Whom does "he" mean? Which full name is "Rutte"? From a mention to the fullest name that the article gives.

For a pronoun, a description or a surname that two people bear, the people of the article are candidates, described
by features and scored by fitted trees (`quotetrack.fit.coref`); "nobody of these" is a candidate too. What cannot be
resolved keeps the words in which the article puts it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.people import (
    CapitalisedRun,
    NamePlace,
    People,
    Person,
    bare_name,
    opens_sentence,
    role_of,
    words_of,
)
from quotetrack.extract.windows import Ask, Pointed, Questions
from quotetrack.lang import sections
from quotetrack.models.trees import Trees, load_trees

# A description may be this long, in characters; a longer mention is cut at its first comma.
LONGEST_DESCRIPTION = 90
# Log-odds by which "nobody of these" has to lead before a pronoun is left without its person.
SOMEBODY = 1.5
# Log-odds for one unit of the encoder's log-chance: of whom the mention means, and of whose the words are. On held-out
# articles of train .3 to 1 and .6 to 2 do the same; the trees know one corpus, so that the encoder gets much.
MENTION_WEIGHT, WORDS_WEIGHT = 0.5, 1.5
# Log-odds by which the best reading by the trees has to lead for the encoder not to be asked: 2.5 loses a point of the
# persons on held-out articles, 4 wins nothing.
UNSURE = 3.0
# Characters within which an organisation and what it issued are named in one sentence.
LONGEST_MAKING = 160
# Characters behind a mention up to which its noun may be met again.
FARTHEST_NOUN = 200
# A spokesperson without a name may be named within so many characters below.
FARTHEST_BELOW = 400

_HE, _SHE = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}
_OTHERS = {
    "they",
    "them",
    "we",
    "us",
    "i",
    "you",
    "it",
    "who",
    "that",
    "which",
    "one",
    "others",
    "some",
    "many",
    "both",
    "its",
}
_THINGS = {"it", "its", "they"}
_GROUPS = words_of("group")
_INDEFINITE = ("a ", "an ", "one ", "another ", "some ", "several ", "many ", "two ", "three ")
# What may stand between a name and words that speak of that person: "Ann Lee, the mayor"; at the head of a sentence,
# with one of _THEIRS, "Lee and her aides".
_BESIDE = re.compile(r"(?:, | and | \()$")
_LONGEST_BESIDE = 5  # characters
_THEIRS = {"his": "m", "her": "f", "their": None}
_DEFINITE = ("the ", "this ", "that ", "his ", "her ", "their ", "my ")
_HUMAN = re.compile(
    r"(?:man|men|woman|women|person|er|or|ist|ian|ee|ant|(?<!m)(?<!perc)ent|chief|head|boss|aide|ally|critic|wife|husband|son|daughter|"
    r"father|mother|brother|sister|mogul|star|hopeful|victim|mayor|king|queen|pope|democrat|republican|native|magnate|tycoon)$",
    re.IGNORECASE,
)
# What belongs to a description and stands between it and the cue: "officials at the board", "a sign on the quay";
# not "in an interview", nor "on Monday".
_BELONGS = re.compile(r" (?:at|of|from|for|near|inside|(?:on|in) the) [^,.;:()\n“”\"—–]{3,60}")
# What tells who an unnamed source is, on either side of the cue: "a person close to the mayor"; not what hides it.
_HIDES = (
    r"who (?:(?:had|has) )?(?:asked|insisted|declined|refused|requested|wished|wanted|spoke|was|is|would|could|did)\b"
)
_KNOWS = re.compile(
    rf" (?:(?!{_HIDES})who|close to|familiar with|involved in|briefed on|with (?:direct )?knowledge of"
    rf"|calling (?:him|her)self) (?:(?!{_HIDES})[^,.;:()\n“”\"—–]){{3,80}}(?=[,.;:()\n“”\"—–]| who\b|$)"
)
_CAPITALS_BEFORE = re.compile(r"(?:(?!The\b)[A-Z][\w.’'&-]*[ \xa0])+$")
_STOP = re.compile(r"[.?!][\"”’]*\s|\n")
_SPEAKS = re.compile(r"[^.\n]{0,30}\b(?:said|says|told|added|wrote|explained)\b")

Features = dict[str, float]
Score = Callable[[Sequence[Features]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of a mention: a person, or nobody (None)."""

    person: Person | None
    features: Features


class ModelOpinions:
    """What a reading model says of the speakers of one article: by their mention, and by the words themselves."""

    def __init__(self, questions: Questions, parts: Mapping[Span, Sequence[Span]]) -> None:
        """`parts` are the quoted words of each mention."""
        self._questions = questions
        self._parts = parts

    def scores(self, mention: Span, options: Sequence[Option]) -> NDArray[np.float64]:
        """What it adds to the score of each option."""
        (meant,) = self._questions.ask(Ask.PERSON, [mention])
        added = MENTION_WEIGHT * np.array([_chance(meant, option) for option in options])
        named = self._questions.ask(Ask.NAME, self._parts.get(mention, []))
        for pointed in named:
            added += WORDS_WEIGHT / len(named) * np.array([_chance(pointed, option) for option in options])
        return added


class Resolver:
    """Gives each attribution of one article its name, in the order of the text: who spoke last is remembered."""

    def __init__(
        self,
        text: str,
        people: People,
        quoted: Sequence[Span],
        byline: str | None,
        title: str | None,
        organisations: Sequence[Person] = (),
        score: Score | None = None,
        heard: ModelOpinions | None = None,
    ) -> None:
        """`quoted` are the characters in marks: a name inside them is not the reporter's; `score` rates options.

        `heard` is what a reading model says.
        """
        self._heard = heard
        self._score = score
        self._organisations = organisations
        self._text = text
        self._people = people
        self._byline = byline
        self._title = title or text[:120]
        self._quoted = sorted(quoted)
        self._starts = [span.start for span in self._quoted]
        self._speakers: list[str] = []  # the names so far, in order
        self._known: dict[Span, str] = {}

    def name(self, found: FoundMention) -> str:
        """The fullest name of the speaker, else the description as printed."""
        if found.mention not in self._known:
            self._known[found.mention] = self._resolve(found)
        self.remember(self._known[found.mention])
        return self._known[found.mention]

    def remember(self, name: str) -> None:
        """Take note of who spoke."""
        self._speakers.append(name)

    def options(self, found: FoundMention) -> list[Option]:
        """The readings of a mention that needs a choice, "nobody of these" last; empty where none is needed."""
        head = found.head.of(self._text)
        word = bare_name(head).lower()
        run = self._people.run_at(found.head.start) if word not in _HE | _SHE | _OTHERS else None
        if run is not None and (run.is_titled or role_of(run.words[-1].lower()) is None):
            fitting = self._people.named(self._people.name_of(run), run.gender)
            return self._described(found, word, fitting, "name") if len(fitting) > 1 else []
        if word in _HE | _SHE:
            gender = "m" if word in _HE else "f"
            fitting = [p for p in self._people.persons if p.gender in (None, gender)]
            return self._described(found, word, fitting, "pronoun")
        if word in _THINGS or word in _GROUPS or word in sections("reporting.txt")["document"]:
            return self._bodies_described(found, word)
        if word in _OTHERS or self._is_indefinite(found):
            return []
        is_human = bool(_HUMAN.search(word)) or role_of(word) is not None
        if not is_human and not (self._heard is not None and self._is_definite(found)):
            return []
        return self._described(found, word, self._people.persons, "office")

    def _resolve(self, found: FoundMention) -> str:
        if (beside := self._named_beside(found)) is not None:
            return beside.name
        below = self._named_below(found) if self._is_indefinite(found) else []
        if len(below) == 1:
            return below[0].name
        if (holder := self._holder(found)) is not None:
            return holder.name
        options = self.options(found)
        if options:
            best = options[int(np.argmax(self.scores(found, options)))].person
            if best is not None:
                return best.name
        return self._unresolved(found)

    def _named_beside(self, found: FoundMention) -> Person | None:
        """The person whom an office stands beside: "the harbour master, Ann Lee", or "Ann Lee, a harbour master"."""
        if found.head.of(self._text)[:1].isupper():
            return None
        mention = found.mention.of(self._text)
        inside = found.mention.start + mention.index(", ") + 2 if ", " in mention else None
        start = found.mention.start
        before = _BESIDE.search(self._text, max(0, start - _LONGEST_BESIDE), start)
        for place in (inside, before.start() - 1 if before is not None else None):
            run = self._people.run_at(place) if place is not None else None
            named = self._people.named(self._people.name_of(run), run.gender) if run is not None else []
            is_joined = before is not None and before[0] == " and " and place != inside
            if len(named) == 1 and run is not None and (not is_joined or self._is_theirs(mention, run, named[0])):
                return named[0]
        return None

    def _is_theirs(self, mention: str, run: CapitalisedRun, person: Person) -> bool:
        """Whether "her aides" behind "Lee and" are those of Lee, who speaks with them."""
        whose = mention.split()[0].lower()
        is_open = opens_sentence(self._text, run.start)
        return whose in _THEIRS and is_open and _THEIRS[whose] in (None, person.gender or _THEIRS[whose])

    def _holder(self, found: FoundMention) -> Person | None:
        """The only person whom the article gives this office, where the mention is definite: "the governor"."""
        role = role_of(bare_name(found.head.of(self._text)).lower())
        if role is None or not found.mention.of(self._text).lower().startswith("the "):
            return None
        holders = [person for person in self._people.persons if role in person.offices]
        return holders[0] if len(holders) == 1 else None

    def scores(self, found: FoundMention, options: Sequence[Option]) -> NDArray[np.float64]:
        """How likely each reading is, in log-odds; a pronoun means somebody unless that is very unlikely."""
        score = self._score or trees_for(options).score
        scores = score([option.features for option in options])
        if "kind_pronoun" in options[-1].features:
            scores[-1] -= SOMEBODY
        second, first = np.sort(scores)[-2:]
        if self._heard is None or first - second >= UNSURE or not _is_personal(options):
            return scores
        return scores + self._heard.scores(found.mention, options)

    def _is_definite(self, found: FoundMention) -> bool:
        """Whether the words point at one that the reader knows: "the expert", "her father"."""
        return found.mention.of(self._text).lower().startswith(_DEFINITE)

    def _is_indefinite(self, found: FoundMention) -> bool:
        return found.mention.of(self._text).lower().startswith(_INDEFINITE)

    def _unresolved(self, found: FoundMention) -> str:
        """The name that the mention itself gives, else its words."""
        head = found.head.of(self._text)
        word = bare_name(head).lower()
        if word == "i" and self._byline:
            return self._byline
        if word in ("they", "it", "who", "its") and self._speakers:
            return self._speakers[-1]
        if word in _HE | _SHE and (before := self._last_speaker_called(word)) is not None:
            return before
        run = self._people.run_at(found.head.start)
        if run is None and found.cue is not None and found.cue.of(self._text) == ":":
            first = self._people.run_at(found.mention.start)  # "Lee sees trouble: ..."
            is_somebody = first is not None and bool(self._people.named(self._people.name_of(first), first.gender))
            run = first if first is not None and is_somebody and not first.is_owner else None
        if run is None:
            return self._description(found)
        fitting = self._people.named(self._people.name_of(run), run.gender)
        if fitting:
            return fitting[0].name
        return self._description(found) if self._is_common(found, run) else self._organisation(found, run)

    def _is_common(self, found: FoundMention, run: CapitalisedRun) -> bool:
        """Whether a word is capital only because it opens its sentence: "Teachers in Orle said"."""
        opens = found.head.start == found.mention.start and opens_sentence(self._text, run.start)
        word = run.words[0]
        return opens and len(run.words) == 1 and not word.isupper() and bool(_HUMAN.search(word.rstrip("s")))

    def _description(self, found: FoundMention) -> str:
        """The words as printed, with what belongs to them; without what trails after a comma when they are many."""
        start, end = found.mention.start, found.mention.end
        while start and self._text[start - 1] == "-":  # the parser cuts "counter-protesters" in two
            start = max(self._text.rfind(" ", 0, start), self._text.rfind("\n", 0, start)) + 1
        behind = self._text[end : found.cue.start].rstrip() if found.cue and found.cue.start > end else ""
        if _BELONGS.fullmatch(behind) or _KNOWS.fullmatch(behind):
            end += len(behind)
        elif not behind and (known := _KNOWS.match(self._text, end)) is not None:
            end = len(self._text[: known.end()].rstrip())
        words = self._text[start:end]
        words = words if len(words) <= LONGEST_DESCRIPTION else words.split(",")[0]
        return " ".join(words.split()).strip(" ,;:")

    def _last_speaker_called(self, pronoun: str) -> str | None:
        """Who spoke last, unless we know that the pronoun is not theirs."""
        other = "f" if pronoun in _HE else "m"
        last = self._speakers[-1] if self._speakers else None
        return None if any(p.name == last and p.gender == other for p in self._people.persons) else last

    def _organisation(self, found: FoundMention, run: CapitalisedRun) -> str:
        """An organisation as printed, with what belongs to its name; an acronym spelled out where the article does."""
        known = (o for o in self._organisations if any(x.start <= run.start < x.end for x in o.places))
        fullest = next((o.name for o in known if len(o.words) > len(run.words)), None)
        if fullest is not None:  # "the Times" is the Orle Times
            return fullest
        if run.name.isupper() and run.name.isalpha() and len(run.name) >= 3:
            return self._spelled_out(run.name) or run.name
        before = _CAPITALS_BEFORE.search(
            self._text, max(found.mention.start, run.start - LONGEST_DESCRIPTION), run.start
        )
        start = before.start() if before else run.start  # "General" is no title in "UN General Assembly"
        behind = self._text[run.end : max(run.end, found.mention.end)]
        goes_on = re.match(r"(?: (?:of|for|and|on|in) (?:the )?(?:[A-Z][\w’'-]*)(?: [A-Z][\w’'-]*)*)+", behind)
        if before or goes_on:
            return " ".join(self._text[start : run.end + (goes_on.end() if goes_on else 0)].split())
        return run.name

    def _spelled_out(self, acronym: str) -> str | None:
        letters = r"[\w’'-]*(?: (?:of|for|the|and|on|in))? ".join(re.escape(c) for c in acronym)
        match = re.search(rf"\b{letters}[\w’'-]+", self._text)
        return match[0] if match and " " in match[0] else None

    def _named_below(self, found: FoundMention) -> list[Person]:
        """People first named a little below, where they speak: "a spokeswoman said. ... Ann Lee said later"."""
        start = found.mention.end
        if not found.head.of(self._text).lower().startswith("spokes"):
            return []
        return [
            person
            for person in self._people.persons
            if person.places
            and start < person.places[0].start < start + FARTHEST_BELOW
            and (person.places[0].speaks or _SPEAKS.match(self._text, person.places[0].end))
        ]

    def _described(self, found: FoundMention, word: str, persons: Sequence[Person], kind: str) -> list[Option]:
        at = found.head.start
        role = role_of(word) or word
        before = [(p, self._outside(p.places)) for p in persons]
        ranked = sorted(
            (b for b in before if b[1]), key=lambda b: -max((x.start for x in b[1] if x.start < at), default=-1)
        )
        options = []
        for rank, (person, places) in enumerate(ranked):
            features = self._features(person, places, at, word)
            features |= {f"kind_{kind}": 1.0, "rank": float(rank), "has_role": float(role in person.roles)}
            features["rivals"] = float(len(ranked) - 1)
            features["role_rivals"] = float(sum(role in p.roles for p, _ in ranked if p is not person))
            options.append(Option(person, features))
        near = min((o.features["distance"] for o in options), default=20.0)
        nobody = {f"kind_{kind}": 1.0, "nobody": 1.0, "rivals": float(len(ranked)), "distance": near}
        nobody["role_rivals"] = float(sum(role in p.roles for p, _ in ranked))
        nobody["definite"] = float(found.mention.of(self._text).lower().startswith(("the ", "his ", "her ")))
        nobody["document"] = float(word in sections("reporting.txt")["document"])
        nobody["words"] = float(len(found.mention.of(self._text).split()))
        return [*options, Option(None, nobody)] if options else []

    def _bodies_described(self, found: FoundMention, word: str) -> list[Option]:
        """Organisations for "the ministry" and "it"; for "the statement" also the people who may have made it."""
        is_document = word in sections("reporting.txt")["document"]
        if is_document and self._is_indefinite(found):
            return []
        makers = [*self._organisations, *(self._people.persons if is_document or word in _THINGS else ())]
        kind = "document" if is_document else "thing" if word in _THINGS else "group"
        options = self._described(found, word, makers, kind)
        nouns = [noun.start() for noun in re.finditer(rf"\b{re.escape(word)}\b", self._text, re.IGNORECASE)]
        nouns = nouns[: bisect_left(nouns, found.head.start + FARTHEST_NOUN)]
        for option in options[:-1]:
            if option.person is not None:
                option.features.update(self._making(option.person, found, word, nouns))
        return options

    def _making(self, maker: Person, found: FoundMention, word: str, nouns: Sequence[int]) -> Features:
        """Whether a body bears the noun in its name, and whether the text says that the thing is of its making."""
        places = [place.start for place in maker.places]
        far = LONGEST_MAKING
        behind = [log1p(n - p) for p in places for n in _within(nouns, p, p + far) if self._is_unbroken(p, n)]
        before = [log1p(p - n) for p in places for n in _within(nouns, p - far, p) if self._is_unbroken(n, p)]
        return {
            "in_name": float(word in maker.roles and word in (name.lower() for name in maker.words)),
            "is_person": float(maker in self._people.persons),
            "noun_behind": min(behind, default=9.0),
            "noun_before": min(before, default=9.0),
            "in_mention": float(any(found.head.start <= p < found.mention.end for p in places)),
            "acronym": float(maker.name.isupper()),
            "named_once": float(len(maker.places) == 1),
        }

    def _is_unbroken(self, first: int, second: int) -> bool:
        """Whether both places stand in one sentence."""
        return not _STOP.search(self._text[first:second])

    def _features(self, person: Person, places: Sequence[NamePlace], at: int, word: str) -> Features:
        """Where and how the person is named around a place, and whether they spoke before."""
        earlier = [x for x in places if x.start < at]
        last = earlier[-1] if earlier else None
        between = self._text[last.start : at] if last else ""
        gender = "m" if word in _HE else "f" if word in _SHE else None
        line = self._text.rfind("\n", 0, at) + 1
        owns = [x for x in earlier if not x.is_owner]
        surname = person.words[-1]
        return {
            "distance": log1p(at - last.start) if last else 20.0,
            "subject_distance": log1p(at - owns[-1].start) if owns else 20.0,
            "opening_distance": log1p(at - max((x.start for x in earlier if x.opens_sentence), default=-(10**8))),
            "full_distance": log1p(at - max((x.start for x in earlier if x.is_full), default=-(10**8))),
            "speaking_distance": log1p(at - max((x.start for x in earlier if x.speaks), default=-(10**8))),
            "acting_distance": log1p(at - max((x.start for x in earlier if x.acts), default=-(10**8))),
            "last_acts": float(last is not None and last.acts),
            "last_speaks": float(last is not None and last.speaks),
            "paragraphs": float(len(re.findall(r"\n\s*", between))) if last else 60.0,
            "sentences": float(len(re.findall(r"[.?!][\"”’]*\s", between))) if last else 60.0,
            "in_paragraph": float(sum(x.start >= line for x in earlier)),
            "last_opens": float(last is not None and last.opens_sentence),
            "last_owner": float(last is not None and last.is_owner),
            "last_full": float(last is not None and last.is_full),
            "near": float(sum(x.start > at - 600 for x in earlier)),
            "often": log1p(len(places)),
            "share": len(places) / max(1, sum(len(p.places) for p in self._people.persons)),
            "before": log1p(len(earlier)),
            "below": log1p(len(places) - len(earlier)),
            "below_near": float(any(0 < x.start - at < 300 for x in places)),
            "in_title": float(surname in self._title),
            "gender_sure": float(gender is not None and person.gender == gender),
            "gender_unknown": float(person.gender is None),
            "spoke_last": float(self._spoke(1) == person.name),
            "spoke_two_before": float(self._spoke(2) == person.name),
            "spoke_three_before": float(self._spoke(3) == person.name),
            "spoke_often": log1p(self._speakers.count(person.name)),
            "nobody_spoke": float(not self._speakers),
            "full": float(len(person.words) > 1),
        }

    def _spoke(self, back: int) -> str | None:
        return self._speakers[-back] if len(self._speakers) >= back else None

    def _outside(self, places: Sequence[NamePlace]) -> list[NamePlace]:
        """The places in the reporter's own words; all of them where there is none."""
        return [x for x in places if not self._is_quoted(x.start)] or list(places)

    def _is_quoted(self, position: int) -> bool:
        index = bisect_left(self._starts, position + 1) - 1
        return index >= 0 and position < self._quoted[index].end


def _within(places: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Those of sorted places that lie between two, neither included."""
    return places[bisect_left(places, first + 1) : bisect_left(places, last)]


def _chance(pointed: Pointed, option: Option) -> float:
    if option.person is None:
        return pointed.nowhere
    return pointed.at([place.span for place in option.person.places])


def _is_personal(options: Sequence[Option]) -> bool:
    """Whether a person is meant, as the encoder was taught; the options of one mention are of one kind."""
    return not any(name in options[0].features for name in ("kind_group", "kind_document", "kind_thing"))


def trees_for(options: Sequence[Option]) -> Trees:
    """The trees for persons, or those for organisations."""
    return load_trees("coreference")["person" if _is_personal(options) else "body"]
