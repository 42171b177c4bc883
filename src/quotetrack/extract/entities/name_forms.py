"""Find the full names in capitalised runs, and choose which of these forms to believe.

A form is trusted by its given name, its title, or the parser. A form that only a headline or the beginning of a
sentence could have made ("Comedian Ann Lee", "Paris Ann Lee") gives way to the form inside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from quotetrack.core.domain import Span
from quotetrack.extract.entities.capitalised_runs import (
    NOT_NAMES,
    PARTICLES,
    CapitalisedRun,
    bare_name,
    words_of,
)
from quotetrack.extract.entities.given_names import (
    gender_of,
    is_given,
    is_only_given,
    may_be_same_given,
    name_key,
)
from quotetrack.extract.entities.name_places import opens_sentence, speaks_beside
from quotetrack.extract.entities.titles import titles
from quotetrack.lang.en.name_words import CONTRACTION, INITIAL, LETTER

LONGEST_NAME = 5  # words
# Words of a run that may be a name by its surroundings only.
LONGEST_UNLISTED = 3
# Votes for a form that begins with a given name, beside the one vote of each place.
GIVEN_NAME_VOTES = 2
# Letters of a word in capitals that stand for an organisation ("AI", "NATO").
SHORTEST_ACRONYM, LONGEST_ACRONYM = 2, 4

ORGANISATIONS = words_of("organisation")
_NOT_GIVEN = words_of("not_given")


class NameForms:
    """The full names that the runs of one text may hold."""

    def __init__(self, text: str, runs: Sequence[CapitalisedRun], personal: Iterable[Span]) -> None:
        """`personal` are spans that a parser takes for persons: hints, never needed."""
        self._text = text
        self._runs = runs
        self._printed = {run.name for run in runs}
        self._known_as = _known_as(runs)
        self._hinted = Counter(_last_words(span.of(text), LONGEST_NAME) for span in personal)
        self.single_words = {run.words[0] for run in runs if len(run.words) == 1}

    def is_hinted(self, words: Sequence[str]) -> bool:
        """Return whether the parser takes these words for a person."""
        return self._hinted[" ".join(words)] > 0

    def believed(self) -> list[str]:
        """Return the full names to believe in, the best form of each person first."""
        votes: Counter[str] = Counter()
        for run in self._runs:
            if (form := self.form_of(run)) is not None:
                votes[form] += 1 + GIVEN_NAME_VOTES * is_given(form.split()[0]) + self._hinted[form]
        by_surname: dict[str, list[str]] = {}
        for form, _ in votes.most_common():
            by_surname.setdefault(name_key(form.split()[-1]), []).append(form)
        return [form for forms in by_surname.values() for form in _believed(forms, self._hinted)]

    def form_of(self, run: CapitalisedRun) -> str | None:
        """Return the part of a run that reads as a full name; None where no part does."""
        if not self._may_hold_name(run.words):
            return None
        words = run.words[: self._surname_end(run.words)]
        name = next((name for rule in _FORM_RULES if (name := rule(self, run, words)) is not None), ())
        if not name or len(name) > LONGEST_NAME or any(map(_is_no_name, name)):
            return None
        form = " ".join(name)
        return self._known_as.get(form, form)

    def _may_hold_name(self, words: Sequence[str]) -> bool:
        """Return whether a run is long enough and ends in no word of organisations, save a hinted "Ann Church"."""
        if len(words) < 2:
            return False
        is_common = words[-1].lower() in ORGANISATIONS or words[-1].lower() in NOT_NAMES
        return not is_common or (is_given(words[-2]) and self.is_hinted(words[-2:]))

    def _surname_end(self, words: Sequence[str]) -> int:
        """Return where a name ends before a headline goes on ("Ann Lee Hammers Bank"): its end may stand by itself."""
        if not is_given(words[0]) and not self.is_hinted(words[:2]):
            return len(words)
        if len(words) > 3 and " ".join(words[:2]) in self._printed and " ".join(words[2:]) not in self._printed:
            return 2
        for index, word in enumerate(words[1:], 1):
            if word in self.single_words and not is_only_given(word):
                return index + 1
        return len(words)

    def _from_given_name(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a name from its given name on, or from further left where the parser hints at it."""
        given = [index for index, word in enumerate(words[:-1]) if is_given(word)]
        if not given:
            return None
        first = given[-1]
        while first and _belongs_to_name(words[:first]):
            first -= 1
        longer = next((index for index in range(first) if self.is_hinted(words[index:])), first)
        return words[first if words[longer].lower() in _NOT_GIVEN else longer :]

    def _as_hinted(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return the longest end of a run that the parser takes for a person."""
        hinted = next((words[index:] for index in range(len(words) - 1) if self.is_hinted(words[index:])), None)
        return hinted if hinted is None or _may_open_name(hinted[0]) else ()

    def _as_surrounded(self, run: CapitalisedRun, words: Sequence[str]) -> Sequence[str] | None:
        """Return a whole run that a title, an initial, or its surroundings make a name."""
        is_marked = run.is_titled or bool(INITIAL.match(words[0])) or self._is_short_name(run, words)
        return words if is_marked and _may_open_name(words[0]) else None

    def _is_short_name(self, run: CapitalisedRun, words: Sequence[str]) -> bool:
        """Return whether a short run is used as a name: its surname recurs, it speaks, or it has a rarer given name."""
        return len(words) <= LONGEST_UNLISTED and (
            words[-1] in self.single_words
            or speaks_beside(self._text, run.start, run.end)
            or (gender_of(words[0]) is not None and not opens_sentence(self._text, run.start))
        )


# Each returns the words of the name, an empty sequence where the run is certainly no name, and None where the rule
# does not apply. The first rule that applies decides.
_FORM_RULES = (NameForms._from_given_name, NameForms._as_hinted, NameForms._as_surrounded)


def _may_open_name(word: str) -> bool:
    """Return whether a word that is no given name may open a name: no place, party, title or particle."""
    plain = word.lower()
    return not (plain in _NOT_GIVEN or plain in ORGANISATIONS or plain in PARTICLES or plain in titles())


def _belongs_to_name(words: Sequence[str]) -> bool:
    """Return whether the last of these words belongs to the name that stands behind them."""
    after_given = len(words) > 1 and is_given(words[-2])
    return bool(is_given(words[-1]) or INITIAL.match(words[-1]) or (after_given and LETTER.match(words[-1])))


def _is_no_name(word: str) -> bool:
    """Return whether a word has a digit, is a contraction ("I'm"), or stands for an organisation ("AI")."""
    if any(map(str.isdecimal, word)) or CONTRACTION.search(word):
        return True
    return word.isupper() and word.isalpha() and SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM


def _known_as(runs: Sequence[CapitalisedRun]) -> dict[str, str]:
    """Return by each form of a name with a nickname the one form to use: the one that is printed without it, too."""
    plain = {run.name for run in runs if not run.formal}
    known: dict[str, str] = {}
    for run in runs:
        if run.formal:
            forms = (run.name, " ".join(run.formal), f"{run.formal[0]} {run.formal[-1]}")
            chosen = next((form for form in forms if form in plain), run.name)
            known |= dict.fromkeys(forms, chosen)
    return known


def _believed(forms: Sequence[str], hinted: Mapping[str, int]) -> list[str]:
    """Return one form a person, of forms with one surname, most voted first; none that only noise can have made."""
    kept: list[str] = []
    for form in sorted(forms, key=lambda form: not is_given(form.split()[0])):
        given = form.split()[0]
        same = next((index for index, other in enumerate(kept) if _is_one_name(form, other)), None)
        if same is not None:
            if _is_fuller(form, kept[same]) or (hinted[form] and _lacks_given(form, kept[same])):
                kept[same] = form
        elif is_given(given) or gender_of(given) or hinted[form] or not kept:
            kept.append(form)
    return kept


def _is_fuller(form: str, other: str) -> bool:
    """Return whether a form with the same given name is longer, by one word at most: "Ann K. Lee" for "Ann Lee"."""
    words = form.split()
    is_same = may_be_same_given(other.split()[0], words[0])
    return is_same and len(form) > len(other) and not words[0].endswith(".") and len(words) <= len(other.split()) + 1


def _lacks_given(form: str, other: str) -> bool:
    """Return whether a form ends with the other, which is not whole: it begins with no given name ("Al Saud")."""
    first = other.split()[0]
    return form.endswith(f" {other}") and (not is_given(first) or first.lower() in PARTICLES)


def _is_one_name(form: str, other: str) -> bool:
    """Return whether two forms with one surname are of one person: by the given name, or as one ends the other."""
    is_inside = form.endswith(f" {other}") or other.endswith(f" {form}")
    return is_inside or may_be_same_given(other.split()[0], form.split()[0])


def _last_words(words: str, number: int) -> str:
    return " ".join(bare_name(words).split()[-number:])
