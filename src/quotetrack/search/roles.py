"""Find who holds an office by the words that articles print beside names: "NATO chief Rutte", "Telle, the minister".

A role is a noun for its holder, the head ("governor"), and the words that say of what ("of Indiana"). An article gives
it to a speaker in a title before the name, an apposition, a copula, or where the extractor took such words for the
mention of the speaker. Where a headline or the first sentences give it to nobody by name, it is that of the one quoted
person to whom the article gives no other. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import takewhile

from quotetrack.core.names import is_full_name, name_words
from quotetrack.core.normalize import normalise
from quotetrack.lang.en import role_words as words
from quotetrack.store.roles import Quoted, RoleText

# Weights of evidence: a name beside an office of state alone ("President Venn"), a name beside the role, the mention
# that the extractor took, a headline.
ALONE, NAMED, MENTIONED, IMPLIED = 4, 3, 2, 1
LEAST_SHARE = 0.3  # of the weight of the best supported holder; less is an article that names another of the surname
LEAST_CONFIDENCE = 0.6  # of the speaker, for a mention to be evidence
AROUND_WINDOW = timedelta(days=180)  # an office that is printed so long before or after the days of a question counts
CONTEXT = 300  # characters before a role in which what it belongs to may be named
SHORTEST_PLACE = 4  # letters that two forms of the name of a place share
LONGEST_NAME_BEFORE = 80  # characters before a role in which the name of its holder may stand
LEAD = 700  # characters at the head of an article


@dataclass(frozen=True, slots=True)
class Role:
    """An office as it is asked for: the words for its holder, and those that say of what.

    `limits` make another office of it ("deputy"). The noun of an unlisted one is in no list of nouns for people.
    """

    heads: frozenset[str]
    qualifiers: frozenset[str]
    limits: frozenset[str] = frozenset()
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class PrintedRole:
    """An office as an article prints it. `is_named`: the name of the speaker stands beside it."""

    printed: str
    is_named: bool
    title: str
    outlet: str
    url: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A speaker to whom articles give an office, with the weight of the evidence and its first and last day.

    `role` is the strongest evidence, and the latest of equal ones; None where a person entered the office.
    """

    speaker_id: int
    weight: int
    first: date | None
    last: date | None
    role: PrintedRole | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """That an article gives the office to a speaker, by the words that it prints."""

    speaker_id: int
    weight: int
    printed: str
    article: RoleText


def role_asked(asked: str) -> Role | None:
    """Return the office that words ask for ("the NATO chief", "governor of Indiana"); None if they name none."""
    printed = asked.strip()
    for behind in (match.start() for match in words.OF_WHOM.finditer(printed)):
        if (found := _role(printed[:behind], printed[behind:])) is not None:
            return found
    return _role(printed, "") or _unlisted_role(printed)


def _unlisted_role(printed: str) -> Role | None:
    """Return the office of "the town crier", whose noun is in no list; None for the name of a body or a thing said."""
    article, *rest = printed.split() or [""]
    is_plain = article.casefold() == "the" and bool(rest) and printed[len(article) :].islower()
    tokens = _tokens(" ".join(rest)) if is_plain else []
    if (
        not tokens
        or tokens[-1] in words.BODY_WORDS
        or tokens[-1] in words.BODIES
        or words.singular_of_people(tokens[-1])
    ):
        return None
    return Role(frozenset({tokens[-1]}), frozenset(tokens[:-1]) - words.NOT_QUALIFYING, is_unlisted=True)


def group_asked(asked: str) -> Role | None:
    """Return the people whom a plural or the name of a body asks for ("fishermen", "the Israeli army"), or None."""
    head, *behind = words.OF_WHOM.split(asked.strip())
    tokens = _tokens(head)
    if not tokens:
        return None
    last = tokens[-1]
    before = frozenset(tokens[:-1]) | frozenset(token for part in behind for token in _tokens(part))
    qualifiers = before - words.NOT_QUALIFYING
    if last in words.BODIES:
        return Role(frozenset({last}), qualifiers)
    single = words.singular_of_people(last)
    return Role(_alike(single) | {last}, qualifiers) if single is not None else None


def with_kinds(group: Role) -> frozenset[str]:
    """Return the words for a member of a group, and of each kind of it: a glaciologist is a scientist."""
    kinds = [words.KINDS[head] for head in group.heads if head in words.KINDS]
    return group.heads | {noun for noun in _nouns() for kind in kinds if kind.fullmatch(noun)}


def holders(
    role: Role,
    articles: Iterable[RoleText],
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[Holder]:
    """Return who holds an office by these articles, the best supported first: in the days asked for, if anybody does.

    Without days, everybody who ever held it. A mere mention or headline counts only where no article names anybody.
    """
    found = [given for article in articles for given in _holders_in(role, article)]
    if since or until:
        inside = [given for given in found if _is_near(given.article.published, since, until)]
        found = inside or _before(found, since) or found
    strongest = max((given.weight for given in found), default=0)
    if strongest >= NAMED:
        found = [given for given in found if given.weight == strongest]
    by_speaker: defaultdict[int, list[_Given]] = defaultdict(list)
    for given in found:
        by_speaker[given.speaker_id].append(given)
    held = [_holder(speaker, of_speaker) for speaker, of_speaker in by_speaker.items()]
    least = max((holder.weight for holder in held), default=0) * LEAST_SHARE
    best_first = sorted(held, key=lambda holder: (-holder.weight, holder.speaker_id))
    return [holder for holder in best_first if holder.weight >= least]


def _holder(speaker_id: int, found: Sequence[_Given]) -> Holder:
    days = [given.article.published for given in found if given.article.published is not None]
    best = max(found, key=lambda given: (given.weight, given.article.published or date.min))
    article = best.article
    role = PrintedRole(
        best.printed, best.weight >= NAMED, article.title, article.outlet, article.url, article.published
    )
    weight = sum(given.weight for given in found)
    return Holder(speaker_id, weight, min(days, default=None), max(days, default=None), role)


def _is_near(day: date | None, since: date | None, until: date | None) -> bool:
    if day is None:
        return False
    return (since is None or day >= since - AROUND_WINDOW) and (until is None or day <= until + AROUND_WINDOW)


def _before(found: list[_Given], since: date | None) -> list[_Given]:
    """Return the evidence of the last day before the days asked for: an office is held until another holds it."""
    days = [given.article.published for given in found if given.article.published is not None]
    last = max((day for day in days if since is not None and day < since), default=None)
    return [given for given in found if last is not None and given.article.published == last]


# The office that is asked for


def _role(before: str, behind: str) -> Role | None:
    tokens = _tokens(before)
    head, rest = _split_head(tokens)
    if head is None or not _may_be_office(before, head, behind):
        return None
    every = frozenset(rest) | frozenset(_tokens(behind))
    limits = every & words.LIMITING
    return Role(_alike(head), every - words.NOT_QUALIFYING - limits, limits)


def _split_head(tokens: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    for long in words.LONG_HEADS:
        parts = long.split()
        if list(tokens[-len(parts) :]) == parts:
            return long, tokens[: -len(parts)]
    if tokens and (tokens[-1] in words.SHORT_HEADS or tokens[-1] in _nouns()):
        return tokens[-1], tokens[:-1]
    return None, tokens


def _may_be_office(printed: str, head: str, behind: str) -> bool:
    """Return whether the head is no surname: "John Cook", of two words with capitals, is a name."""
    if behind or head in words.SHORT_HEADS or " " in head or head in words.LEADERS:
        return True
    parts = printed.split()
    return parts[-1].islower() or parts[0].casefold() in ("the", "a", "an") or printed.isupper()


@cache
def _alike(head: str) -> frozenset[str]:
    same = frozenset({head}).union(*(group for group in words.ALIKE if head in group))
    return same | words.LEADERS if head in words.CHIEFS else same


@cache
def _nouns() -> frozenset[str]:
    return words.nouns_for_people()


def _tokens(text: str) -> list[str]:
    return [token.removesuffix("'s") for token in normalise(text.replace("-general", " general")).split()]


# Who holds it in one article


def _holders_in(role: Role, article: RoleText) -> Iterator[_Given]:
    """Yield the speakers to whom an article gives the office, each once with the strongest evidence."""
    best: dict[int, _Given] = {}
    spoke_early = None

    def put(speaker: int, weight: int, printed: str) -> None:
        if speaker not in best or best[speaker].weight < weight:
            best[speaker] = _Given(speaker, weight, printed, article)

    surnames = {name[-1] for quoted in article.quoted if (name := _words_of_full_name(quoted.name))}
    for text, is_title in ((article.title, True), (article.text, False)):
        for start, end in _printed(role, text):
            if not surnames.isdisjoint(_tokens(text[start:end])) and text[start:end].istitle():
                continue  # "Amy Pope" is no pope
            speaker = _named_beside(article, text, start, end)
            if speaker is not None:
                put(speaker, ALONE if _is_of_state(role, text, start, end) else NAMED, text[start:end])
                continue
            if spoke_early is None and (is_title or start < LEAD) and words.SPEAKS.match(text, end):
                spoke_early = text[start:end]
            for quoted in () if is_title else article.quoted:
                if _is_mention(quoted, start):
                    put(quoted.speaker_id, MENTIONED, text[start:end])
    if not best and spoke_early is not None:
        meant = _with_head(role, article) or _without_other_role(article)
        if meant is not None:
            put(meant, IMPLIED, spoke_early)
    yield from best.values()


def _is_of_state(role: Role, text: str, start: int, end: int) -> bool:
    """Return whether an office of state is asked for, and is printed as a title alone: "President Venn"."""
    is_asked = not role.qualifiers and not role.heads.isdisjoint(words.OF_STATE)
    is_alone = not set(_tokens(text[start:end])) - {token for head in role.heads for token in head.split()}
    return is_asked and is_alone and text[start].isupper() and text[end : end + 1] == " "


def _is_mention(quoted: Quoted, start: int) -> bool:
    """Return whether the extractor took words that hold this place for the mention of somebody named elsewhere."""
    if quoted.start is None or quoted.end is None or not quoted.start <= start < quoted.end:
        return False
    is_sure = quoted.confidence >= LEAST_CONFIDENCE and bool(_words_of_full_name(quoted.name))
    return (
        is_sure
        and _nouns().isdisjoint(name_words(quoted.name))
        and words.SHORT_HEADS.isdisjoint(name_words(quoted.name))
    )


def _with_head(role: Role, article: RoleText) -> int | None:
    """Return the one person beside whom stands the head alone: "Senator Lind" is "an opposition senator" here."""
    named = {
        speaker
        for head in _head_pattern(role.heads).finditer(article.text)
        if not _words_before(article.text, head.start())[1]
        and not words.ROLE_BEHIND.match(article.text, head.end())
        and (speaker := _named_beside(article, article.text, head.start(), head.end())) is not None
    }
    return named.pop() if len(named) == 1 else None


def _printed(role: Role, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text prints the office: from the first of its words to the last."""
    for head in _head_pattern(role.heads).finditer(text):
        start, before = _words_before(text, head.start())
        behind = words.ROLE_BEHIND.match(text, head.end())
        end = behind.end() if behind else head.end()
        printed = {*before, *_tokens(text[head.end() : end])}
        if _is_other_head(role, head, before, text):
            continue
        if printed & words.LIMITING != role.limits or words.NOT_HELD.search(text, max(0, start - 20), start):
            continue
        missing = {word for word in role.qualifiers if not _has(printed, word)}
        if missing and (_others(printed, role) or not _said_before(text, start, missing)):
            continue
        yield start, end


def _is_other_head(role: Role, head: re.Match[str], before: Sequence[str], text: str) -> bool:
    """Return whether the head is a part of a longer one: of "prime minister", "chief engineer", "secretary general"."""
    printed = head[0].lower().strip(".")
    behind = re.match(r"[ -]([\w-]+)(?: (\w+ \w+))?", text[head.end() : head.end() + 40])
    following = behind[1].lower() if behind else ""
    longer = {f"{word} {printed}" for word in before[:1]} | {f"{printed} {following}"}
    if behind is not None and printed in words.CHIEFS and following in _nouns():
        return True
    return any(long in words.LONG_HEADS and long not in role.heads for long in longer)


def _others(printed: set[str], role: Role) -> set[str]:
    """Return the words of a printed office that say of something else than what is asked for."""
    return printed - words.NOT_QUALIFYING - words.OWNER_NOUNS - role.qualifiers


@cache
def _head_pattern(heads: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(heads, key=lambda head: (-len(head), head))
    alternatives = "|".join(re.escape(head).replace(r"\ ", r"[ -]") for head in longest_first)
    return re.compile(rf"(?<![\w’'-])(?:{alternatives})(?![\w-])\.?", re.IGNORECASE)


def _words_before(text: str, place: int) -> tuple[int, list[str]]:
    """Return where the words of an office begin before its head, and these words."""
    found: list[str] = []
    while len(found) < words.LONGEST_BEFORE:
        word = words.WORD_BEFORE.search(text, max(0, place - 40), place)
        if word is None:
            break
        bare = word[1].lower().replace("’", "'")
        if bare in words.ENDS_BEFORE:
            if bare == "former":
                found.append(bare)
            break
        found += reversed(_tokens(word[1]))
        place = word.start(1)
    return place, found


def _has(printed: Iterable[str], wanted: str) -> bool:
    """Return whether an office has a word, or the name of the same place in another form: "Ukraine", "Ukrainian"."""
    return any(word == wanted or _is_same_place(word, wanted) for word in printed)


def _is_same_place(word: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return shared >= SHORTEST_PLACE and {word[shared:], other[shared:]} <= words.PLACE_ENDINGS


def _said_before(text: str, start: int, missing: set[str]) -> bool:
    """Return whether "the", "the town's" or "its" before an office stands for what the text has just named."""
    if not words.OWNERS_BEFORE.search(text[max(0, start - 40) : start]) and not _owned(text, start):
        return False
    before = set(_tokens(text[max(0, start - CONTEXT) : start]))
    return all(_has(before, word) for word in missing)


def _owned(text: str, start: int) -> bool:
    first = re.match(r"[\w-]+[’']s?\b", text[start : start + 30])
    return first is not None and bool(words.OWNERS_BEFORE.search(f"the {first[0]} "))


def _named_beside(article: RoleText, text: str, start: int, end: int) -> int | None:
    """Return the quoted speaker whose name stands directly beside the words of an office."""
    before = words.NAME_BEFORE.search(text, max(0, start - LONGEST_NAME_BEFORE), start)
    if before is not None and (speaker := _speaker_of(article, before[1], at_end=True)) is not None:
        return speaker
    is_supposed = words.SUPPOSED.search(text, max(0, start - 4), start) is not None
    for place in dict.fromkeys((end, *_ends_within(text, start, end))):
        if is_supposed and text[place : place + 1] == " ":
            continue  # "a President Venn would"
        behind = words.NAME_BEHIND.match(text, place)
        if behind is not None and (speaker := _speaker_of(article, behind[1], at_end=False)) is not None:
            return speaker
    return None


def _ends_within(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the words of an office may end before a name that was taken for a part of them."""
    for space in re.finditer(r"(?=[ ,])", text[start:end]):
        yield start + space.start()


def _speaker_of(article: RoleText, printed: str, *, at_end: bool) -> int | None:
    """Return the quoted speaker named at the end or the beginning of a run of capitalised words; None if several."""
    wanted = name_words(printed)
    for length in range(len(wanted), 0, -1):
        run = wanted[-length:] if at_end else wanted[:length]
        fitting = {quoted.speaker_id for quoted in article.quoted if _words_of_full_name(quoted.name)[-length:] == run}
        if len(fitting) == 1:
            return fitting.pop()
    return None


@lru_cache(maxsize=10_000)  # more names than the articles of one question quote
def _words_of_full_name(name: str) -> tuple[str, ...]:
    """Return the words of a person's full name; none for a description or a group ("Roman Catholics")."""
    found = name_words(name) if is_full_name(name) else ()
    is_group = bool(found) and found[-1].endswith("s") and words.AFFILIATED.fullmatch(found[-1]) is not None
    return () if is_group else found


def _without_other_role(article: RoleText) -> int | None:
    """Return the one quoted person beside whom the article prints no office; None if there are none or several."""
    people = {quoted.speaker_id: quoted.name for quoted in article.quoted if _words_of_full_name(quoted.name)}
    alone = [speaker for speaker, name in people.items() if not _has_role(article.text, name)]
    return alone[0] if len(alone) == 1 else None


def _has_role(text: str, name: str) -> bool:
    for match in re.finditer(re.escape(name), text):
        apposition = words.APPOSITION.match(text, match.end())
        if apposition and _nouns() & set(_tokens(apposition["role"])):
            return True
        before = _tokens(text[max(0, match.start() - 40) : match.start()])
        if before and (before[-1] in _nouns() or before[-1] in words.SHORT_HEADS):
            return True
    return False
