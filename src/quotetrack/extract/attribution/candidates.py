"""The mentions that may name the speaker of a quoted part, each described by features that a reader understands.

Candidates are the nouns and pronouns outside the marks in the part's own paragraph, the subjects of the paragraphs
around it, and whoever the rules of `attribute.py` point at. What each rule says is a feature of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log1p

from spacy.tokens import Token

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import (
    FRAGMENT_RULES,
    FULL_RULES,
    Cue,
    FoundMention,
    ParagraphScene,
    RuleMatch,
    clause_end,
    clause_start,
    mention_of,
)
from quotetrack.extract.frames import Reading
from quotetrack.lang import lines, sections

# Paragraphs before and behind a part in which a subject may be its speaker.
PARAGRAPHS_BEFORE = 2
PARAGRAPHS_BEHIND = 1

_HEADS = {"NOUN", "PROPN", "PRON"}
_NEVER = {"compound", "amod", "nummod", "npadvmod", "det", "punct", "predet"}
_SUBJECTS = {"nsubj", "nsubjpass"}
_RULES = {name: rule for name, rule, _ in FULL_RULES + FRAGMENT_RULES}
_METHODS = (*_RULES, "earlier_part")
_DEPENDENCIES = ("nsubj", "nsubjpass", "dobj", "pobj", "poss", "appos", "conj", "ROOT", "attr", "dep")
_PRONOUNS = {
    "he": "he_she",
    "she": "he_she",
    "who": "who",
    "i": "i",
    "they": "they",
    "we": "they",
    "it": "it",
    "that": "it",
}

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class MentionCandidate:
    """One mention that may name the speaker: the cue is the reporting word whose subject it is, if any."""

    mention: Span
    head: Span
    cue: Span | None
    method: str
    features: Features


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the rules found for the parts around one part, over the whole article and in order."""

    before: FoundMention | None
    two_before: FoundMention | None
    behind: FoundMention | None


def candidates_of(
    part: int,
    scene: ParagraphScene,
    around: Mapping[int, tuple[Reading, Sequence[Cue]]],
    chosen: FoundMention | None,
    near: Neighbours,
    counts: Mapping[str, int],
) -> list[MentionCandidate]:
    """The candidates of one part, in the order of the text.

    `around` are the readings of the paragraphs with their cues, by their distance (0: the part's own), `chosen` is
    what the rules chose, `counts` how often each capitalised word stands in the article.
    """
    hits = _hits(scene, part, chosen)
    pointed = _pointed(hits)
    shared = _of_part(scene, part, chosen)
    found: dict[Span, MentionCandidate] = {}
    for distance, (reading, cues) in sorted(around.items(), key=lambda item: item[0]):
        for token in _heads(reading, is_own=distance == 0):
            hit = mention_of(reading, token.i)
            if hit.head not in found:
                found[hit.head] = _candidate(
                    reading, token, hit, distance, cues, part, scene, pointed, shared, near, counts
                )
    for head, names in pointed.items():
        told = next((h.cue for _, h in hits if h.head == head and h.cue is not None), None)
        if head in found and found[head].cue is None and told is not None:
            found[head] = replace(found[head], cue=told)
        if head not in found:
            hit = next(h for _, h in hits if h.head == head)
            features = {**shared, **_pointing(names), **_told(hit, near, counts, scene.reading.text), "elsewhere": 1.0}
            found[head] = MentionCandidate(hit.mention, hit.head, hit.cue, names[0], features)
    return sorted(found.values(), key=lambda c: c.head)


def _heads(reading: Reading, *, is_own: bool) -> Iterable[Token]:
    """The nouns and pronouns outside the marks; of other paragraphs only the subjects."""
    for token in reading.tokens:
        if token.pos_ not in _HEADS or reading.inside[token.i] >= 0 or token.dep_ in _NEVER:
            continue
        if token.ent_type_ in ("DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"):
            continue
        if (
            is_own
            or token.dep_ in _SUBJECTS
            or (token.ent_type_ == "PERSON" and token.dep_ in ("pobj", "dobj", "ROOT"))
        ):
            yield token


def _hits(scene: ParagraphScene, part: int, chosen: FoundMention | None) -> list[tuple[str, RuleMatch]]:
    """What each rule points at, by its name; the cascade's own choice first."""
    own = [(chosen.method, RuleMatch(chosen.mention, chosen.head, chosen.cue))] if chosen is not None else []
    return own + [(name, hit) for name, rule in _RULES.items() if (hit := rule(scene, part)) is not None]


def _pointed(hits: Sequence[tuple[str, RuleMatch]]) -> dict[Span, list[str]]:
    """The names of the rules that point at each head."""
    pointed: dict[Span, list[str]] = {}
    for name, hit in hits:
        if name not in pointed.setdefault(hit.head, []):
            pointed[hit.head].append(name)
    return pointed


def _pointing(names: Sequence[str]) -> Features:
    return {f"rule_{name}": 1.0 for name in names}


def _of_part(scene: ParagraphScene, part: int, chosen: FoundMention | None) -> Features:
    """What is true of the part whoever spoke."""
    reading = scene.reading
    here = reading.parts[part]
    words = here.span.of(reading.text)
    start, end = reading.first_token(part), reading.after_token(part)
    outside = sum(inner < 0 and not token.is_punct for inner, token in zip(reading.inside, reading.tokens, strict=True))
    return {
        "fragment": float(here.is_fragment),
        "part_words": log1p(len(words.split())),
        "part_lower": float(words[:1].islower()),
        "ends_comma": float(words.rstrip()[-1:] == ","),
        "ends_stop": float(words.rstrip()[-1:] == "."),
        "ends_query": float(words.rstrip()[-1:] in "?!"),
        "opens_paragraph": float(start <= 1),
        "closes_paragraph": float(end >= len(reading.tokens) - 1),
        "reporters_words": log1p(outside),
        "parts": float(len(reading.parts)),
        "part": float(part),
        "colon_before": float(start > 0 and start <= len(reading.tokens) and reading.tokens[start - 1].text == ":"),
        "comma_before": float(start > 0 and start <= len(reading.tokens) and reading.tokens[start - 1].text == ","),
        "lower_after": float(end < len(reading.tokens) and reading.tokens[end].text[:1].islower()),
        "method": float(_METHODS.index(chosen.method)) if chosen is not None else -1.0,
    }


def _candidate(
    reading: Reading,
    token: Token,
    hit: RuleMatch,
    distance: int,
    cues: Sequence[Cue],
    part: int,
    scene: ParagraphScene,
    pointed: Mapping[Span, list[str]],
    shared: Features,
    near: Neighbours,
    counts: Mapping[str, int],
) -> MentionCandidate:
    names = pointed.get(hit.head, [])
    own = [cue for cue in cues if cue.subject == token.i]
    features = {
        **shared,
        **_pointing(names),
        "chosen": float(bool(names) and shared["method"] >= 0 and names[0] == _METHODS[int(shared["method"])]),
        "paragraph": float(distance),
        **_kind(reading, token),
        **_told(hit, near, counts, reading.text),
    }
    best = None
    if distance == 0:
        features |= _place(scene, token, part)
        best = min(own, key=lambda cue: _gap(reading, cue.verb, part), default=None)
        if best is not None:
            features |= _of_cue(scene, best, part)
    else:
        best = own[-1] if own else None
        features["cue_elsewhere"] = float(best is not None)
        last = reading.after_token(len(reading.parts) - 1) if reading.parts else 0
        features["after_words"] = float(token.i >= last)
        features["from_end"] = log1p(len(reading.tokens) - token.i)
    method = names[0] if names else ("cue" if best is not None and distance == 0 else "mention")
    cue = reading.place(reading.tokens[best.verb]) if best is not None and distance == 0 else None
    return MentionCandidate(hit.mention, hit.head, cue, method, features)


def _kind(reading: Reading, token: Token) -> Features:
    """What sort of word the mention is."""
    lower = token.lower_
    first = reading.tokens[token.left_edge.i].lower_
    features = {
        "person": float(token.ent_type_ == "PERSON"),
        "organisation": float(token.ent_type_ in ("ORG", "GPE", "NORP")),
        "name": float(token.pos_ == "PROPN"),
        "noun": float(token.pos_ == "NOUN"),
        "plural": float(token.tag_ in ("NNS", "NNPS")),
        "indefinite": float(first in ("a", "an", "one", "another", "some")),
        "definite": float(first in ("the", "this", "his", "her", "their", "its")),
        "office": float(lower in _offices()),
        "document": float(lower in sections("reporting.txt")["document"]),
        "is_subject": float(token.dep_ in _SUBJECTS),
        "verb_speech": float(token.head.lemma_.lower() in sections("reporting.txt")["speech"]),
        "verb_past": float(token.head.tag_ == "VBD"),
    }
    features |= {f"is_{name}": float(_PRONOUNS.get(lower) == name) for name in ("he_she", "who", "i", "they", "it")}
    return features | {f"dep_{name}": float(token.dep_ == name) for name in _DEPENDENCIES}


def _place(scene: ParagraphScene, token: Token, part: int) -> Features:
    """Where the mention stands beside the part, in its own paragraph."""
    reading = scene.reading
    start, end = reading.first_token(part), reading.after_token(part)
    low, high = (token.i, start) if token.i < start else (end, token.i)
    between = range(low, high)
    outside = [i for i in between if reading.inside[i] < 0]
    return {
        "before": float(token.i < start),
        "words_between": log1p(sum(not reading.tokens[i].is_punct for i in outside)),
        "stops_between": float(sum(reading.tokens[i].text in (".", "!", "?", ";") for i in outside)),
        "parts_between": float(len({reading.inside[i] for i in between if reading.inside[i] >= 0} - {part})),
        "same_clause": float(clause_start(reading, part) <= token.i < clause_end(reading, end)),
        "nouns_between": float(
            sum(reading.tokens[i].pos_ == "PROPN" and reading.tokens[i].dep_ != "compound" for i in outside)
        ),
        "governs": float(
            start + 1 < len(reading.tokens)
            and token.head in reading.tokens[min(start + 1, len(reading.tokens) - 1)].ancestors
        ),
    }


def _gap(reading: Reading, verb: int, part: int) -> int:
    start, end = reading.first_token(part), reading.after_token(part)
    return start - verb if verb < start else verb - end + 1


def _of_cue(scene: ParagraphScene, cue: Cue, part: int) -> Features:
    """The reporting word whose subject the mention is."""
    reading = scene.reading
    start = reading.first_token(part)
    verb = reading.tokens[cue.verb]
    above = reading.tokens[min(start + 1, len(reading.tokens) - 1)].ancestors if len(reading.tokens) else ()
    low, high = (cue.verb, start) if cue.verb < start else (reading.after_token(part), cue.verb)
    return {
        "has_cue": 1.0,
        "cue_speech": float(cue.strength == "speech"),
        "cue_say": float(verb.lemma_.lower() in ("say", "tell", "add", "write")),
        "cue_gap": log1p(_gap(reading, cue.verb, part)),
        "cue_before": float(cue.verb < start),
        "cue_governs": float(verb in list(above)),
        "cue_ing": float(verb.tag_ == "VBG"),
        "cue_base": float(verb.tag_ == "VB"),
        "cue_clause": float(clause_start(reading, part) <= cue.verb < clause_end(reading, reading.after_token(part))),
        "cue_parts_between": float(
            len({reading.inside[i] for i in range(low, high) if reading.inside[i] >= 0} - {part})
        ),
        "own_subject": float(verb.i != cue.subject and reading.tokens[cue.subject].head == verb),
        "cues_between": float(sum(min(cue.verb, start) < other.verb < max(cue.verb, start) for other in scene.cues)),
    }


def _told(hit: RuleMatch, near: Neighbours, counts: Mapping[str, int], text: str) -> Features:
    """Whether the mention is the speaker of the parts around, and how often the article speaks of it."""
    head = hit.head.of(text)
    word = head.removesuffix("'s").removesuffix("’s")
    return {
        "same_before": float(near.before is not None and near.before.head == hit.head),
        "same_before_word": float(near.before is not None and near.before.head.of(text) == head),
        "same_two_before": float(near.two_before is not None and near.two_before.head.of(text) == head),
        "same_behind": float(near.behind is not None and near.behind.head == hit.head),
        "same_behind_word": float(near.behind is not None and near.behind.head.of(text) == head),
        "before_cued": float(near.before is not None and near.before.is_cued),
        "behind_cued": float(near.behind is not None and near.behind.is_cued),
        "often": log1p(counts.get(word, 0)),
    }


@cache
def _offices() -> frozenset[str]:
    return frozenset(line.split("\t")[0] for line in lines("titles.txt"))


def of_words(scene: ParagraphScene, part: int, best: MentionCandidate | None, score: float, margin: float) -> Features:
    """What tells somebody's own words from a title, a term, or a scare quote of the reporter's.

    `best` is the likeliest speaker with its log-odds, `margin` how far the next candidate is behind.
    """
    reading = scene.reading
    words = reading.parts[part].span.of(reading.text)
    tokens = words.split()
    start, end = reading.first_token(part), reading.after_token(part)
    before = reading.tokens[start - 1] if 0 < start <= len(reading.tokens) else None
    after = reading.tokens[end] if end < len(reading.tokens) else None
    capitals = [token for token in tokens if token[:1].isupper() or token[:1].isdigit()]
    small = sum(token.lower() in _FUNCTION_WORDS for token in tokens)
    cue = best.features if best is not None else {}
    return {
        **_of_part(scene, part, None),
        "score": score,
        "margin": margin,
        "capitals": (len(capitals) + small) / len(tokens),
        "first_capital": float(words[:1].isupper()),
        "inner_capitals": sum(token[:1].isupper() for token in tokens[1:]) / max(1, len(tokens) - 1),
        "after_the": float(before is not None and before.pos_ == "DET"),
        "after_in": float(before is not None and before.pos_ == "ADP"),
        "after_as": float(
            before is not None and before.lower_ in ("as", "called", "like", "dubbed", "titled", "named", "so")
        ),
        "after_that": float(before is not None and before.lower_ == "that"),
        "after_verb": float(before is not None and before.pos_ in ("VERB", "AUX")),
        "after_name": float(before is not None and before.pos_ in ("NOUN", "PROPN", "ADJ")),
        "before_noun": float(after is not None and after.pos_ in ("NOUN", "PROPN", "ADJ")),
        "before_verb": float(after is not None and after.pos_ in ("VERB", "AUX")),
        "before_stop": float(after is None or after.is_punct),
        "before_and": float(after is not None and after.pos_ in ("CCONJ", "ADP", "SCONJ", "PART")),
        "title_place": float(reading.paragraph.start < _HEADLINE_END),
        "single": float(reading.text[max(0, reading.parts[part].span.start - 1)] in "'‘‚"),
        "unclosed": float(reading.parts[part].marked.end == reading.parts[part].span.end),
        "has_verb": float(any(t.pos_ in ("VERB", "AUX") for t in reading.tokens[start:end])),
        "has_pronoun": float(any(t.lower() in ("i", "we", "you", "my", "our", "i’m", "i'm") for t in tokens)),
        "paragraph_place": log1p(reading.paragraph.start / 100),
    } | {f"best_{name}": cue.get(name, 0.0) for name in _OF_BEST}


_FUNCTION_WORDS = frozenset("a an and as at but by for from in is it nor of on or our the to up vs with your".split())
_HEADLINE_END = 150
_OF_BEST = (
    "has_cue",
    "cue_speech",
    "cue_say",
    "cue_gap",
    "cue_governs",
    "cue_clause",
    "person",
    "organisation",
    "is_he_she",
    "name",
    "noun",
    "before",
    "same_clause",
    "chosen",
    "paragraph",
    "same_before",
    "same_behind",
    "words_between",
    "document",
)
