"""The review queue shows what most likely is wrong and stands in most outlets first, and nothing that was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.store.newsroom import NOW, ferry, filed, filed_unsure, quoted

from quotetrack.core.domain import UNKNOWN_DAY, CorrectionFault, DateBasis, Link, LinkKind, SaidOn, Span
from quotetrack.core.doubts import Doubt, DoubtKind
from quotetrack.core.settings import Settings
from quotetrack.linking.compare import SPEAKER_FLAG
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.render.review_queue import queue_lines
from quotetrack.render.schemas import DoubtSchema
from quotetrack.review import judgements
from quotetrack.review.corrections import correct, undo
from quotetrack.review.queue import review_queue
from quotetrack.review.speakers import rename
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.decisions import anchor_of_sighting, find_judged_pairs, import_judgement
from quotetrack.store.links import put_links
from quotetrack.store.sightings import read_sightings
from quotetrack.store.speakers import speakers_by_key
from quotetrack.store.tables import LinkRow
from quotetrack.store.utterances import put_utterances

PUBLISHED = date(2031, 3, 9)
LINE = "We owe the island that much."
OTHER = "The ferry will sail again before the first of May."
BY_ADA: dict[str, Any] = {"decided_by": "ada", "now": NOW, "settings": Settings()}


@pytest.fixture
def sessions(url: str) -> Iterator[Sessions]:
    """An empty store."""
    opened = open_store(url)
    yield opened
    close_store(opened)


def printed(
    session: Session,
    outlet: str,
    words: str,
    speaker: str | None,
    confidence: float = 0.95,
    days_before: int | None = None,
    said_confidence: float | None = None,
) -> int:
    """Store an article with one quotation, and return the id of its sighting.

    With `days_before` another sentence tells a single day, so many days before publication; without a
    `said_confidence` an older extractor found it.
    """
    text = f"“{words}” said {speaker}.\n\nIt was on Friday."
    quotation = quoted(text, words, speaker=speaker)
    attribution = quotation.attribution
    said, phrase = UNKNOWN_DAY, None
    if days_before is not None:
        day = PUBLISHED - timedelta(days=days_before)
        said, phrase = SaidOn(day, day, DateBasis.STATED_NEARBY), Span(text.index("Friday"), text.index("Friday") + 6)
    quotation = replace(
        quotation,
        attribution=replace(attribution, confidence=confidence) if attribution else None,
        said=said,
        said_evidence=phrase,
        said_confidence=said_confidence,
    )
    url = f"https://{outlet}.example/{len(read_sightings(session))}"
    filed(session, ferry(text, url=url, outlet=outlet, published_at=PUBLISHED), [quotation])
    return max(int(sighting.id) for sighting in read_sightings(session))


def one_utterance(session: Session, *ids: int) -> None:
    put_utterances(session, [frozenset(ids)], [None], {}, "link 1")


def queue(sessions: Sessions, limit: int = 50) -> list[Doubt]:
    resolve_speakers.run(sessions)
    with sessions() as session:
        return review_queue(session, limit)


def kinds(doubts: Sequence[Doubt]) -> list[tuple[DoubtKind, int | str]]:
    return [(doubt.kind, doubt.sighting.id) for doubt in doubts]


def test_what_is_well_is_not_shown(sessions: Sessions) -> None:
    with sessions.begin() as session:
        printed(session, "post", LINE, "Orla Venn", days_before=1)
        printed(session, "post", OTHER, "the harbour master")
        printed(session, "echo", LINE, None)
    assert queue(sessions) == []


def test_the_first_is_what_most_likely_is_wrong_in_most_outlets(sessions: Sessions) -> None:
    with sessions.begin() as session:
        least = printed(session, "post", "Nobody asked the dockers.", "Orla Venn", confidence=0.6)
        surest = printed(session, "post", OTHER, "Orla Venn", confidence=0.3)
        carried = [printed(session, outlet, LINE, "Orla Venn", confidence=0.5) for outlet in ("post", "echo", "echo")]
        one_utterance(session, *carried)
    doubts = queue(sessions)
    assert kinds(doubts) == [(DoubtKind.NAME, carried[-1]), (DoubtKind.NAME, surest), (DoubtKind.NAME, least)]
    assert [(doubt.outlets, round(doubt.weight, 2)) for doubt in doubts] == [(2, 1.0), (1, 0.7), (1, 0.4)]
    assert doubts[1].why == "The probability that the article means this speaker is 30 %."
    assert doubts[1].command == ("review", "correct", str(surest), "--speaker", "NAME")
    assert kinds(queue(sessions, limit=1)) == kinds(doubts[:1])


def test_unsure_sightings_come_first_among_the_names_and_a_correction_decides_them(sessions: Sessions) -> None:
    with sessions.begin() as session:
        unlikely = printed(session, "post", OTHER, "Orla Venn", confidence=0.3)
        filed_unsure(session, "echo")
    doubts = queue(sessions)
    unsure = int(doubts[0].sighting.id)
    assert kinds(doubts) == [(DoubtKind.NAME, unsure), (DoubtKind.NAME, unlikely)]
    assert doubts[0].why == "No name is sure enough: Ada Roth (48 %), Orla Venn (31 %)."
    assert list(queue_lines(doubts))[1] == "   she: Ada Roth or Orla Venn (unsure), day not told; echo, sighting 2"
    written = DoubtSchema.of(doubts[0]).to_json()["sighting"]
    assert isinstance(written, dict) and (written["speaker"], written["unsure"]) == (None, True)
    (correction,) = correct(sessions, unsure, CorrectionFault.SPEAKER, "Ada Roth", **BY_ADA)
    assert kinds(queue(sessions)) == [(DoubtKind.NAME, unlikely)]
    with sessions() as session:
        (decided,) = read_sightings(session, ids=[unsure])
    assert (decided.speaker, decided.is_unsure, decided.alternatives) == ("Ada Roth", False, ())
    assert (decided.speaker_confidence, decided.mention_confidence) == (1.0, 1.0)
    undo(sessions, correction.id, now=NOW, settings=Settings())
    assert kinds(queue(sessions)) == kinds(doubts)


def test_a_name_that_a_person_gave_is_not_shown_again(sessions: Sessions) -> None:
    with sessions.begin() as session:
        sighting = printed(session, "post", LINE, "dockers who have", confidence=0.5)
    assert kinds(queue(sessions, limit=1)) == [(DoubtKind.DEBRIS, sighting)]
    correct(sessions, sighting, CorrectionFault.SPEAKER, "dockers who have", **BY_ADA)
    assert queue(sessions) == []


def test_a_name_is_shown_once_and_not_after_a_decision_about_its_speaker(sessions: Sessions) -> None:
    with sessions.begin() as session:
        printed(session, "post", LINE, "dockers who have")
        newest = printed(session, "post", OTHER, "dockers who have")
    (doubt,) = queue(sessions)
    assert (doubt.kind, doubt.sighting.id) == (DoubtKind.DEBRIS, newest)
    assert doubt.why == "“dockers who have” is hardly a speaker: it ends in “have”. 2 quotations have it."
    with sessions() as session:
        (speaker_id,) = speakers_by_key(session, ["dockers who have"]).values()
    rename(sessions, speaker_id, "striking dockers", **BY_ADA)
    assert queue(sessions) == []


@pytest.mark.parametrize(
    ("other", "probability", "command"),
    [
        ("the harbour master", 0.35, ("review", "correct", "3", "--speaker", "Orla Venn")),
        ("Venn", 0.15, ("review", "correct", "3", "--speaker", "Orla Venn")),
        ("Tadeo Brisk", 0.8, ("review", "judge", "2", "3", "different")),
    ],
)
def test_different_speakers_of_one_utterance_are_shown(
    sessions: Sessions, other: str, probability: float, command: tuple[str, ...]
) -> None:
    with sessions.begin() as session:
        names = ("Orla Venn", "Orla Venn", other)
        ids = [printed(session, outlet, LINE, name) for outlet, name in zip(("a", "b", "c"), names, strict=True)]
        one_utterance(session, *ids)
    (doubt,) = queue(sessions)
    assert (doubt.kind, doubt.sighting.id, doubt.other and doubt.other.id) == (DoubtKind.SPEAKERS, 3, 2)
    assert (doubt.probability, doubt.outlets, doubt.command) == (probability, 3, command)
    judgements.judge(sessions, 1, 3, same=True, **BY_ADA)
    assert queue(sessions) == []


def test_sightings_that_the_linker_joins_with_the_flag_speaker_are_shown(sessions: Sessions) -> None:
    words = "No crate leaves this quay before the frost has gone, and no ferry either, whatever they pay"
    with sessions.begin() as session:
        ids = [printed(session, "post", words, "Orla Venn"), printed(session, "echo", words, "the harbour master")]
    resolve_speakers.run(sessions)
    link.run(sessions)
    with sessions() as session:
        assert [flags for flags in session.scalars(select(LinkRow.flags)) if SPEAKER_FLAG in flags]
    assert [(doubt.kind, doubt.sighting.id) for doubt in queue(sessions)] == [(DoubtKind.SPEAKERS, ids[1])]


def test_a_correction_ends_the_difference(sessions: Sessions) -> None:
    with sessions.begin() as session:
        ids = [printed(session, "post", LINE, "Orla Venn"), printed(session, "echo", LINE, "the harbour master")]
        one_utterance(session, *ids)
    assert [doubt.kind for doubt in queue(sessions)] == [DoubtKind.SPEAKERS]
    correct(sessions, ids[1], CorrectionFault.SPEAKER, "Orla Venn", **BY_ADA)
    assert queue(sessions) == []


@pytest.mark.parametrize("is_in_order", [True, False])
def test_an_unlikely_rewording_is_shown_until_it_is_judged(sessions: Sessions, is_in_order: bool) -> None:
    with sessions.begin() as session:
        ids = [printed(session, "post", OTHER, "Orla Venn"), printed(session, "echo", f"{LINE} {OTHER}", "Orla Venn")]
        likely = [printed(session, outlet, LINE, "Orla Venn") for outlet in ("post", "echo")]
        one_utterance(session, *ids)
        one_utterance(session, *likely)
        links = [Link(*ids, LinkKind.REWORDED, 0.6), Link(*likely, LinkKind.REWORDED, 0.98)]
        put_links(session, links, "link 1")
    (doubt,) = queue(sessions)
    assert (doubt.kind, doubt.sighting.id, doubt.other and doubt.other.id) == (DoubtKind.REWORDED, *ids)
    assert doubt.why == "The probability that the two are the same words is 60 %. 6 words differ."
    assert doubt.command == ("review", "judge", str(ids[0]), str(ids[1]), "different")
    with sessions.begin() as session:
        left, right = (anchor_of_sighting(session, each) for each in (ids if is_in_order else reversed(ids)))
        import_judgement(session, (left, right), same=True, decided_by="ada", at=NOW, reason=None)
        find_judged_pairs(session)
    assert [d for d in queue(sessions) if d.kind is DoubtKind.REWORDED] == []


def test_a_day_told_elsewhere_is_shown_once_for_its_article(sessions: Sessions) -> None:
    with sessions.begin() as session:
        two_days = printed(session, "post", LINE, "Orla Venn", days_before=2)
        printed(session, "post", "Nobody asked the dockers.", "Orla Venn", days_before=1)
        week = printed(session, "echo", OTHER, "Orla Venn", days_before=7)
        unsure = printed(session, "echo", "Ask them.", "Orla Venn", confidence=0.75, days_before=0)
    doubts = queue(sessions)
    assert kinds(doubts) == [(DoubtKind.DAY, unsure), (DoubtKind.DAY, week), (DoubtKind.DAY, two_days)]
    assert doubts[0].why == "The day is from “Friday” in another sentence, and it is not sure who spoke."
    assert doubts[1].why == "The day is from “Friday” in another sentence, 7 days before publication."
    assert doubts[1].command == ("review", "correct", str(week), "--day", "DAY")
    correct(sessions, week, CorrectionFault.DAY, "2031-03-02", **BY_ADA)
    assert kinds(queue(sessions)) == [(DoubtKind.DAY, unsure), (DoubtKind.DAY, two_days)]


def test_a_day_of_low_confidence_is_shown_and_one_of_high_confidence_is_not_wherever_it_is_told(
    sessions: Sessions,
) -> None:
    with sessions.begin() as session:
        least = printed(session, "post", LINE, "Orla Venn", days_before=1, said_confidence=0.4)
        unlikely = printed(session, "echo", OTHER, "Orla Venn", days_before=0, said_confidence=0.65)
        printed(session, "echo", "Ask them.", "Orla Venn", days_before=7, said_confidence=0.7)
    doubts = queue(sessions)
    assert kinds(doubts) == [(DoubtKind.DAY, least), (DoubtKind.DAY, unlikely)]
    assert [round(doubt.probability, 2) for doubt in doubts] == [0.6, 0.35]
    day = PUBLISHED - timedelta(days=1)
    assert doubts[0].why == f"The probability that it was said on {day} is 40 %: it is from “Friday”."
    assert doubts[0].command == ("review", "correct", str(least), "--day", "DAY")
    correct(sessions, least, CorrectionFault.DAY, str(day), **BY_ADA)
    assert kinds(queue(sessions)) == [(DoubtKind.DAY, unlikely)]


def test_a_doubtful_day_that_several_quotations_have_from_one_phrase_is_shown_once(sessions: Sessions) -> None:
    text = f"“{LINE}” said Orla Venn.\n\n“{OTHER}” said Orla Venn.\n\nIt was on\nFriday. “Ask them,” said Orla Venn."
    day = SaidOn(PUBLISHED, PUBLISHED, DateBasis.STATED_NEARBY)
    phrase = Span(text.index("on\nFriday"), text.index("on\nFriday") + 9)
    told = [quoted(text, words, speaker="Orla Venn", said=day) for words in (LINE, OTHER, "Ask them,")]
    first, second, third = (replace(each, said_confidence=0.5) for each in told)
    quotations = [replace(first, said_evidence=phrase), replace(second, said_evidence=phrase), third]
    with sessions.begin() as session:
        filed(session, ferry(text, published_at=PUBLISHED), quotations)
    assert [doubt.why for doubt in queue(sessions)] == [
        f"The probability that it was said on {PUBLISHED} is 50 %.",
        f"The probability that it was said on {PUBLISHED} is 50 %: it is from “on Friday”. 2 quotations have it.",
    ]


def test_an_unlikely_interval_is_no_doubtful_day(sessions: Sessions) -> None:
    week = SaidOn(PUBLISHED - timedelta(days=3), PUBLISHED, DateBasis.IMPLIED)
    with sessions.begin() as session:
        text = f"“{LINE}” said Orla Venn."
        unlikely = replace(quoted(text, LINE, speaker="Orla Venn", said=week), said_confidence=0.4)
        filed(session, ferry(text, published_at=PUBLISHED), [unlikely])
    assert queue(sessions) == []
