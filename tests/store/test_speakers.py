"""Speakers: what the machine adds, what people decide, and that neither overwrites the other."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tests.store.newsroom import HOUR, NOW, ferry, filed, quoted

from quotetrack.core.names import name_key
from quotetrack.core.settings import Settings
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.review.speakers import Alias, import_speakers
from quotetrack.store import Sessions
from quotetrack.store.speakers import (
    DecisionKind,
    SpeakerKind,
    decisions_on,
    find_names,
    merge,
    most_quoted_speakers,
    names_without_speaker,
    put_speaker,
    read_speakers,
    rename,
    revoke_merge,
    speakers_by_key,
    split_name,
)
from quotetrack.store.tables import QuotationRow, SpeakerRow

NAMES = ("Orla Venn", "Orla K. Venn", "Venn", "Tadeo Brisk", "Amalia Brisk", "the Harbour Board", "Orla Venn")


def said_by(session: Session, *names: str, url: str = "https://harbourpost.example/all", extractor: str = "1") -> None:
    """Store an article in which each of these speakers is quoted with different words."""
    text = "\n\n".join(f"“Number {i} is not for sale.”" for i in range(len(names)))
    quotations = [quoted(text, f"Number {i} is not for sale.", speaker=name) for i, name in enumerate(names)]
    filed(session, ferry(text, url=url), quotations, NOW + HOUR, extractor)


@pytest.fixture
def named(sessions: Sessions) -> Sessions:
    with sessions.begin() as session:
        said_by(session, *NAMES)
    resolve_speakers.run(sessions)
    return sessions


def on_file(session: Session) -> dict[str, tuple[set[str], int]]:
    """Return the names and the number of quotations of each speaker."""
    return {speaker.name: (set(speaker.names), speaker.quotations) for speaker in read_speakers(session)}


def test_names_of_one_person_are_joined_only_where_that_is_safe(named: Sessions) -> None:
    with named() as session:
        assert on_file(session) == {
            "Orla Venn": ({"Orla K. Venn", "Orla Venn"}, 3),
            "Venn": ({"Venn"}, 1),
            "Tadeo Brisk": ({"Tadeo Brisk"}, 1),
            "Amalia Brisk": ({"Amalia Brisk"}, 1),
            "the Harbour Board": ({"the Harbour Board"}, 1),
        }
        kinds = {speaker.name: speaker.kind for speaker in read_speakers(session)}
        assert (kinds["Orla Venn"], kinds["the Harbour Board"]) == (SpeakerKind.PERSON, SpeakerKind.DESCRIBED)
        assert names_without_speaker(session) == {}


def test_the_most_quoted_are_the_first_of_all_speakers(named: Sessions) -> None:
    with named.begin() as session:
        ids = {speaker.name: speaker.id for speaker in read_speakers(session)}
        merge(session, ids["Tadeo Brisk"], ids["Amalia Brisk"], "ines", NOW)
        put_speaker(session, "Aaron Never", SpeakerKind.PERSON)
        every = read_speakers(session)
        assert [speaker.quotations for speaker in every] == [3, 2, 1, 1, 0]
        for limit in range(1, len(every) + 2):
            assert most_quoted_speakers(session, limit) == every[:limit]


def test_a_description_comes_behind_those_with_a_name(named: Sessions) -> None:
    with named.begin() as session:
        ids = {speaker.name: speaker.id for speaker in read_speakers(session)}
        rename(session, ids["Orla Venn"], "my then 8-year-old", "ines", NOW)
        session.execute(update(SpeakerRow).where(SpeakerRow.id == ids["Orla Venn"]).values(kind="described"))
        every = most_quoted_speakers(session)
        assert read_speakers(session)[0].name == every[-1].name == "my then 8-year-old"
        assert {speaker.name for speaker in most_quoted_speakers(session, 4)} == {speaker.name for speaker in every[:4]}


def test_a_second_run_changes_nothing(named: Sessions) -> None:
    with named() as session:
        before = read_speakers(session)
    resolve_speakers.run(named)
    with named() as session:
        assert read_speakers(session) == before


def test_a_later_spelling_joins_the_speaker_that_it_safely_means(named: Sessions) -> None:
    with named.begin() as session:
        said_by(session, "Orla Katrin Venn", "T. Brisk", url="https://islander.example/more")
    resolve_speakers.run(named)
    with named() as session:
        assert on_file(session)["Orla Venn"][0] == {"Orla K. Venn", "Orla Venn", "Orla Katrin Venn"}
        assert on_file(session)["Tadeo Brisk"][0] == {"Tadeo Brisk", "T. Brisk"}


def test_a_merge_is_followed_everywhere_and_can_be_revoked(named: Sessions) -> None:
    with named.begin() as session:
        keys = speakers_by_key(session)
        assert merge(session, keys["venn"], keys["orla venn"], "ada", NOW)
        assert not merge(session, keys["venn"], keys["orla k venn"], "ada", NOW)
        assert on_file(session)["Orla Venn"] == ({"Orla K. Venn", "Orla Venn", "Venn"}, 4)
        assert {found.speaker_id for found in find_names(session, "venn")} == {keys["orla venn"]}
    with named.begin() as session:
        assert revoke_merge(session, keys["venn"], "ada", NOW + HOUR)
        assert not revoke_merge(session, keys["venn"], "ada", NOW + HOUR)
        assert on_file(session)["Venn"] == ({"Venn"}, 1)
        decided = decisions_on(session, [keys["venn"]])
        assert [(d.deciding, d.value) for d in decided] == [
            (DecisionKind.MERGED, "Orla Venn"),
            (DecisionKind.REVOKED, "Orla Venn"),
        ]


def test_merges_form_chains_and_never_a_circle(named: Sessions) -> None:
    with named.begin() as session:
        keys = speakers_by_key(session)
        merge(session, keys["venn"], keys["orla venn"], "ada", NOW)
        merge(session, keys["orla venn"], keys["tadeo brisk"], "ada", NOW)
        assert not merge(session, keys["tadeo brisk"], keys["venn"], "ada", NOW)
        assert on_file(session)["Tadeo Brisk"][1] == 5


def test_decisions_survive_a_new_extractor(named: Sessions) -> None:
    with named.begin() as session:
        keys = speakers_by_key(session)
        merge(session, keys["venn"], keys["orla venn"], "ada", NOW)
        said_by(session, "Venn", *NAMES[1:], extractor="2")  # the first name was misread
    resolve_speakers.run(named)
    with named() as session:
        assert on_file(session)["Orla Venn"][1] == 4
        assert names_without_speaker(session) == {}


def test_a_name_can_be_split_off(named: Sessions) -> None:
    with named.begin() as session:
        key = name_key("Orla K. Venn")
        assert split_name(session, key, SpeakerKind.PERSON, "ada", NOW) is not None
        assert split_name(session, key, SpeakerKind.PERSON, "ada", NOW) is None  # its only name by now
    resolve_speakers.run(named)
    with named() as session:
        assert on_file(session)["Orla Venn"] == ({"Orla Venn"}, 2)
        assert on_file(session)["Orla K. Venn"] == ({"Orla K. Venn"}, 1)


def test_a_renamed_speaker_is_found_by_the_old_names(named: Sessions) -> None:
    with named.begin() as session:
        rename(session, speakers_by_key(session)["orla venn"], "Orla Venn (harbour master)", "ada", NOW)
        assert on_file(session)["Orla Venn (harbour master)"][1] == 3
        assert find_names(session, "orla venn")


def test_an_import_joins_aliases_and_reports_wrong_lines(named: Sessions) -> None:
    lines = (
        ("Orla Venn", "Venn", "Q901"),
        ("Orla Venn", "La Capitana", None),
        ("Nila Sarr", None, "Q902"),
        ("Tadeo Brisk", None, "Q902"),
        ("", "nobody", None),
    )
    for _ in range(2):
        aliases = [Alias(*line) for line in lines]
        wrong = import_speakers(named, aliases, decided_by="ada", now=NOW, settings=Settings())
        assert wrong == [None, None, None, "Q902 is already Nila Sarr, not Tadeo Brisk", "a line without a name"]
    with named() as session:
        assert on_file(session)["Orla Venn"] == ({"Orla K. Venn", "Orla Venn", "Venn", "La Capitana"}, 4)
        assert on_file(session)["Nila Sarr"][1] == 0


def test_every_quotation_with_a_name_has_its_speaker(named: Sessions) -> None:
    with named() as session:
        assert all(speaker is not None for speaker in session.scalars(select(QuotationRow.speaker_id)))
