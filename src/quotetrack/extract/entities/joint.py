"""Find two people who speak together: "Ann Lee and Bo Dahl said in a joint statement"."""

from __future__ import annotations

from dataclasses import dataclass

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.people import People, Person
from quotetrack.lang.en import mention_words


@dataclass(frozen=True, slots=True)
class JointSpeakers:
    """Two people who speak with one voice: the mention of both, and their names joined."""

    mention: Span
    name: str


def joint_speakers(text: str, people: People, found: FoundMention) -> JointSpeakers | None:
    """Return the two people of a mention whose verb has a second subject; None where one speaks alone.

    The verb stands behind both ("Lee and Dahl said") or directly before them ("said Lee and Dahl").
    """
    cue, mention = found.cue, found.mention
    if cue is None or (first := _person_at(people, found.head.start)) is None:
        return None
    link = mention_words.AND_NAME.match(text, mention.end)
    run = people.run_at(link.end()) if link is not None else None
    second = _person_at(people, run.start) if run is not None else None
    if run is None or second is None or second is first:
        return None
    if cue.start >= run.end:
        is_joint = mention_words.BEFORE_JOINT_VERB.fullmatch(text, run.end, cue.start) is not None
    else:
        is_beside = text[cue.end : mention.start].isspace()
        is_joint = is_beside and mention_words.BEHIND_JOINT.match(text, run.end) is not None
    return JointSpeakers(Span(mention.start, run.end), f"{first.name} and {second.name}") if is_joint else None


def _person_at(people: People, position: int) -> Person | None:
    """Return the only person whom the name at a place may mean."""
    run = people.run_at(position)
    named = people.bearers(run) if run is not None else []
    return named[0] if len(named) == 1 else None
