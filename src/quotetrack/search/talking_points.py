"""Read talking points: who made a point first, who took it up, in which words and where, and who contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from quotetrack.core.domain import MatchedCheck, ReportedWords, SaidOn, Sighting, Utterance
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.normalize import sha256
from quotetrack.core.texts import gettext
from quotetrack.search.highlight import matches
from quotetrack.search.reported import same_words
from quotetrack.store import Session
from quotetrack.store.check_matches import checks_of_utterances
from quotetrack.store.reported_search import read_reported
from quotetrack.store.talking_points import Member, follow_point, read_points, statement_of
from quotetrack.store.utterances import read_utterances


@dataclass(frozen=True, slots=True)
class PointStatement:
    """A statement that makes a talking point or contradicts it: the words with their sightings, and the chance of it.

    The chance is None where the statement that it was compared with is gone or has changed. `checks` are the
    fact-checks of an utterance.
    """

    words: Utterance | ReportedWords
    chance: float | None
    checks: tuple[MatchedCheck, ...] = ()

    @property
    def is_reported(self) -> bool:
        """Return whether the words are a reporter's."""
        return isinstance(self.words, ReportedWords)

    @property
    def best(self) -> Sighting:
        """Return the sighting that tells best when it was said."""
        return self.words.best_dated if isinstance(self.words, Utterance) else self.words.best

    @property
    def speaker(self) -> str | None:
        """Return the name of the speaker; None where nobody is named."""
        return self.words.speaker if isinstance(self.words, Utterance) else self.words.best.speaker

    @property
    def speaker_confidence(self) -> float | None:
        """Return the chance, between 0 and 1, that the speaker is right; None where nobody is named."""
        named = [each.speaker_confidence for each in self.words.sightings if each.speaker == self.speaker]
        return max(named) if self.speaker and named else None

    @property
    def cue(self) -> str | None:
        """Return the words of a reporter that say that it was said: "denied"; None for a quotation."""
        return self.best.cue_words if self.is_reported else None

    @property
    def speaker_ids(self) -> set[int]:
        """Return the ids of the speakers of its sightings."""
        return {each.speaker_id for each in self.words.sightings if each.speaker_id is not None}

    @property
    def said(self) -> SaidOn:
        """Return when it was said."""
        return self.best.said

    @property
    def day(self) -> date | None:
        """Return the first possible day of speaking, else that of the first article; None if neither is known."""
        published = min((each.published_on for each in self.words.sightings if each.published_on), default=None)
        return self.said.first or self.said.last or published

    @property
    def outlets(self) -> list[str]:
        """Return the outlets that carry it, sorted."""
        return sorted({each.outlet for each in self.words.sightings if each.outlet})


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """Statements of any speakers to one effect, the first said first, and those that contradict it.

    The statement in the centre is that which all others were compared with. `changed` counts those that are gone or
    have other words since the last update: they are left out. Where one of these made the point, what contradicts it is
    left out too. Where one was the centre (`is_outdated`), the first that is left stands in its place.
    """

    id: int
    centre: PointStatement
    statements: tuple[PointStatement, ...]
    against: tuple[PointStatement, ...]
    changed: int = 0
    is_outdated: bool = False

    @property
    def first(self) -> PointStatement:
        """Return the statement that was said first."""
        return self.statements[0]

    @property
    def speakers(self) -> list[str]:
        """Return the speakers in the order in which they made the point."""
        return list(dict.fromkeys(each.speaker for each in self.statements if each.speaker))

    @property
    def outlets(self) -> list[str]:
        """Return the outlets that carry any of the statements, sorted."""
        return sorted({outlet for each in self.statements for outlet in each.outlets})

    @property
    def days(self) -> tuple[date, date] | None:
        """Return the first and the last day on which it was made; None where no day is known."""
        known = [each.day for each in self.statements if each.day]
        return (known[0], known[-1]) if known else None


class PointNotFound(QuotetrackError):
    """No talking point has this number."""


def find_point(session: Session, point_id: int) -> TalkingPoint:
    """Return the talking point of this id, or the one it was merged into. Raises PointNotFound."""
    found = next(_read(session, read_points(session, [follow_point(session, point_id)])), None)
    if found is None:
        raise PointNotFound(gettext("there is no talking point %(id)s: see `quotetrack claims list`", id=point_id))
    return found


def list_points(
    session: Session,
    *,
    about: str | None = None,
    speaker_ids: Iterable[int] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[TalkingPoint]:
    """Return the talking points with the most speakers first, then those with the most statements.

    Only those of which a statement has a word of `about`, one is by one of these speakers, and one may have been said
    in these days.
    """
    speakers = None if speaker_ids is None else set(speaker_ids)
    found = [
        point
        for point in _read(session, read_points(session))
        if (about is None or any(matches(about, each.words.words) for each in point.statements))
        and (speakers is None or any(each.speaker_ids & speakers for each in point.statements))
        and any(_is_within(each, since, until) for each in point.statements)
    ]
    return sorted(found, key=lambda point: (-len(point.speakers), -len(point.statements), point.id))


def _is_within(statement: PointStatement, since: date | None, until: date | None) -> bool:
    """Return whether it may have been said in these days, of which either end may be open, as may those of speaking."""
    first, last = statement.said.first, statement.said.last
    if first is None and last is None:
        first = last = statement.day
    return (since is None or last is None or last >= since) and (until is None or first is None or first <= until)


def _read(session: Session, points: Mapping[int, Sequence[Member | None]]) -> Iterator[TalkingPoint]:
    """Yield the points with their statements as they are now. A point of which less than two are left is left out."""
    ids = {member.statement for members in points.values() for member in members if member}
    utterances = {each.id: each for each in read_utterances(session, [i for i in ids if i > 0])}
    reported = {statement_of(each): each for each in read_reported(session, [-i for i in ids if i < 0])}
    checks = checks_of_utterances(session, list(utterances))
    for point_id, members in points.items():
        kept = [each for each in members if each and _is_unchanged(each, utterances, reported)]
        is_outdated = members[0] not in kept
        makers = {each.statement for each in kept if not each.contradicts}
        against = [each for each in kept if each.contradicts and each.statement not in makers]
        if any(each is None or (not each.contradicts and each not in kept) for each in members):
            against = []
        made = _statements([each for each in kept if not each.contradicts], utterances, reported, checks)
        if is_outdated:
            made = [replace(each, chance=None) for each in made]
        if len(made) > 1:
            in_time = sorted(made, key=lambda each: (each.day or date.max, str(each.best.id)))
            contrary = _statements(against, utterances, reported, checks)
            changed = len(members) - len(kept)
            yield TalkingPoint(point_id, made[0], tuple(in_time), tuple(contrary), changed, is_outdated)


def _is_unchanged(member: Member, utterances: Mapping[int, Utterance], reported: Mapping[int, Sighting]) -> bool:
    """Return whether the words of a member are still those that were compared: of an utterance the longest."""
    if member.statement in reported:
        return sha256(reported[member.statement].words) == member.words_sha256
    if member.statement not in utterances:
        return False
    sightings = utterances[member.statement].sightings
    longest = max(len(each.words) for each in sightings)
    return any(len(each.words) == longest and sha256(each.words) == member.words_sha256 for each in sightings)


def _statements(
    members: Sequence[Member],
    utterances: Mapping[int, Utterance],
    reported: Mapping[int, Sighting],
    checks: Mapping[int, Sequence[MatchedCheck]],
) -> list[PointStatement]:
    """Return the statements of members that are still stored, in their order; the same reported words are one."""
    chances = {member.statement: member.chance for member in members}
    statements = {
        each: PointStatement(utterances[each], chances[each], tuple(checks[each]))
        for each in chances
        if each in utterances
    }
    for words in same_words([reported[each] for each in chances if each in reported]):
        first = statement_of(words.sightings[0])
        statements[first] = PointStatement(words, chances[first])
    return [statements[each] for each in chances if each in statements]
