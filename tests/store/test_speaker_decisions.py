"""Decisions about speakers go to another database by name, whatever speakers it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session
from tests.store.newsroom import NOW

from quotetrack.core.names import name_key
from quotetrack.store.decisions import ImportResult
from quotetrack.store.speaker_decisions import (
    NamedSpeaker,
    SpeakerDecision,
    import_speaker_decision,
    speaker_decisions_in_force,
)
from quotetrack.store.speakers import (
    DecisionKind,
    SpeakerKind,
    canonical_id_of,
    give_name,
    kind_of,
    merge,
    put_name,
    put_speaker,
    read_speakers,
    rename,
    revoke_merge,
    set_wikidata_id,
    speakers_by_key,
    split_name,
)

DAY = timedelta(days=1)
NEW, KNOWN, OVERRULED = ImportResult.NEW, ImportResult.KNOWN, ImportResult.OVERRULED


def speaker(session: Session, *names: str) -> int:
    """Store a speaker with these names, shown under the first."""
    speaker_id = put_speaker(session, names[0], kind_of(names[0]))
    for name in names:
        put_name(session, speaker_id, name, name_key(name))
    return speaker_id


def named(*names: str) -> NamedSpeaker:
    return NamedSpeaker(names[0], SpeakerKind.PERSON, names)


def decision(
    deciding: DecisionKind, names: NamedSpeaker, value: str, other: NamedSpeaker | None = None, days: int = 0
) -> SpeakerDecision:
    return SpeakerDecision(deciding, names, value, "ada", NOW + days * DAY, other)


def imported(session: Session, *decisions: SpeakerDecision) -> list[ImportResult]:
    return [import_speaker_decision(session, each)[0] for each in decisions]


def shown(session: Session) -> dict[str, tuple[str, ...]]:
    """Return the names of all speakers, merges followed, by the name that is shown."""
    return {each.name: tuple(sorted(each.names)) for each in read_speakers(session)}


def owner(session: Session, name: str) -> int:
    return speakers_by_key(session, [name_key(name)])[name_key(name)]


def test_only_what_holds_is_read(session: Session) -> None:
    moments = (NOW + minute * timedelta(minutes=1) for minute in count())
    venn, brisk, boss = (
        speaker(session, "Orla Venn", "O. Venn"),
        speaker(session, "Tadeo Brisk"),
        speaker(session, "Boss"),
    )
    assert merge(session, boss, brisk, "ada", next(moments))
    assert revoke_merge(session, boss, "ada", next(moments))
    assert merge(session, boss, venn, "bo", next(moments))
    rename(session, venn, "Orla A. Venn", "ada", next(moments))
    rename(session, venn, "Mayor Venn", "ada", next(moments))
    give_name(session, brisk, "T. Brisk", "t brisk", "ada", next(moments))
    give_name(session, brisk, "Big T", "big t", "ada", next(moments))
    split_name(session, "big t", SpeakerKind.DESCRIBED, "ada", next(moments))
    split_name(session, "o venn", SpeakerKind.PERSON, "ada", next(moments))
    set_wikidata_id(session, brisk, "Q1", "ada", next(moments))
    set_wikidata_id(session, brisk, "Q2", "ada", next(moments))
    in_force = speaker_decisions_in_force(session)
    assert [(d.deciding, d.speaker.names[0], d.value, d.other and d.other.names) for d in in_force] == [
        ("merged", "Boss", "Orla Venn", ("Orla Venn",)),
        ("renamed", "Orla Venn", "Mayor Venn", None),
        ("named", "Tadeo Brisk", "T. Brisk", None),
        ("split", "Tadeo Brisk", "Big T", ("Big T",)),
        ("split", "Orla Venn", "O. Venn", ("O. Venn",)),
        ("imported", "Tadeo Brisk", "Q2", None),
    ]
    assert {d.decided_by for d in in_force if d.deciding is DecisionKind.MERGED} == {"bo"}


def test_merges_hold_in_another_database_in_the_order_decided(session: Session) -> None:
    first = decision(DecisionKind.MERGED, named("O. Venn"), "Orla Venn", named("Orla Venn"))
    second = decision(DecisionKind.MERGED, named("Orla Venn"), "Orla Wick", named("Orla Wick", "Wick"), days=1)
    assert imported(session, first, second, first, second) == [NEW, NEW, KNOWN, KNOWN]
    assert imported(session, replace(first, value="the name of Orla Venn when it was written again")) == [KNOWN]
    assert shown(session) == {"Orla Wick": ("O. Venn", "Orla Venn", "Orla Wick", "Wick")}
    assert revoke_merge(session, owner(session, "Orla Venn"), "bo", NOW + 2 * DAY)
    assert imported(session, second) == [KNOWN]
    assert shown(session) == {"Orla Venn": ("O. Venn", "Orla Venn"), "Orla Wick": ("Orla Wick", "Wick")}


def test_two_who_are_one_already_stay_so(session: Session) -> None:
    speaker(session, "Orla Venn", "O. Venn")
    one = decision(DecisionKind.MERGED, named("O. Venn"), "Orla Venn", named("Orla Venn"))
    assert imported(session, one, one) == [NEW, KNOWN]
    assert shown(session) == {"Orla Venn": ("O. Venn", "Orla Venn")}


def test_a_merge_follows_the_merge_of_this_database(session: Session) -> None:
    assert merge(session, speaker(session, "O. Venn"), speaker(session, "Orla Wick"), "bo", NOW)
    one = decision(DecisionKind.MERGED, named("O. Venn"), "Orla Venn", named("Orla Venn"))
    assert imported(session, one, one) == [NEW, KNOWN]
    assert shown(session) == {"Orla Venn": ("O. Venn", "Orla Venn", "Orla Wick")}


def test_a_name_is_split_off_wherever_it_is(session: Session) -> None:
    split = decision(DecisionKind.SPLIT, named("Orla Venn"), "O. Venn", named("O. Venn"))
    assert imported(session, split) == [NEW]
    assert shown(session) == {"Orla Venn": ("Orla Venn",), "O. Venn": ("O. Venn",)}
    speaker(session, "Tadeo Brisk", "T. Brisk", "Brisk")
    split = decision(DecisionKind.SPLIT, named("Tadeo Brisk"), "T. Brisk", named("T. Brisk"))
    assert imported(session, split, split) == [NEW, KNOWN]
    assert shown(session)["Tadeo Brisk"] == ("Brisk", "Tadeo Brisk") and shown(session)["T. Brisk"] == ("T. Brisk",)


def test_a_name_that_another_speaker_has_is_given_by_a_merge(session: Session) -> None:
    speaker(session, "Harbour Boss")
    given = decision(DecisionKind.NAMED, named("Orla Venn", "Harbour Boss"), "Harbour Boss")
    assert imported(session, given, given) == [NEW, KNOWN]
    assert canonical_id_of(session, owner(session, "Harbour Boss")) == owner(session, "Orla Venn")


def test_the_later_of_two_shown_names_stands(session: Session) -> None:
    venn = speaker(session, "Orla Venn")
    rename(session, venn, "Mayor Venn", "bo", NOW)
    earlier = decision(DecisionKind.RENAMED, named("Orla Venn"), "Orla A. Venn", days=-1)
    later = decision(DecisionKind.RENAMED, named("Orla Venn"), "O. A. Venn", days=1)
    assert imported(session, earlier, later) == [OVERRULED, NEW]
    assert list(shown(session)) == ["O. A. Venn"]


def test_a_wikidata_id_belongs_to_one(session: Session) -> None:
    brisk = speaker(session, "Tadeo Brisk")
    set_wikidata_id(session, brisk, "Q1", "bo", NOW)
    with pytest.raises(ValueError, match="Q1 is already Tadeo Brisk, not Orla Venn"):
        imported(session, decision(DecisionKind.IMPORTED, named("Orla Venn"), "Q1"))
    ours = decision(DecisionKind.IMPORTED, named("Tadeo Brisk"), "Q1", days=1)
    assert imported(session, ours, ours) == [NEW, KNOWN]
    assert imported(session, decision(DecisionKind.IMPORTED, named("Tadeo Brisk"), "Q2")) == [OVERRULED]
    assert imported(session, decision(DecisionKind.IMPORTED, named("Tadeo Brisk"), "Q3", days=2)) == [NEW]
    assert read_speakers(session, [brisk])[0].wikidata_id == "Q3"
